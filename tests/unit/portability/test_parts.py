"""What is not offered and what is not proved is shown: the smallest part that it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbt_muster.portability.checking import check
from dbt_muster.portability.parts import unmovable, unrunnable
from dbt_muster.portability.statements import model_statements
from dbt_muster.render import DIALECTS
from dbt_muster.specs import load
from tests.unit.plan.shop import ENTITY, write_shop


def test_of_what_cannot_be_moved_the_smallest_part_is_shown() -> None:
    sql = "select a, to_number(b, 'XX') + 1 as c from t where d > 1"
    assert unmovable(sql, "snowflake") == "TO_NUMBER(b, 'XX')"


@pytest.mark.parametrize(
    ("error", "part"),
    [
        ("Catalog Error: Scalar Function with name jsonb_typeof does not exist!", "JSONB_TYPEOF(a)"),
        (f"Binder Error: no such type\n\nLINE 1: select json(a)\n{' ' * 15}^", "json(a)"),
        ("Conversion Error: Unknown TimeZone '+00:00'!", "select jsonb_typeof(a) from t"),
    ],
)
def test_of_what_duckdb_does_not_run_the_part_is_shown_that_it_complains_about(error: str, part: str) -> None:
    sql = "select jsonb_typeof(a) from t"
    assert unrunnable(sql, sql, error, "postgres") == part


def test_whatever_is_not_offered_or_not_proved_is_shown_with_its_sql(tmp_path: Path) -> None:
    write_shop(tmp_path, buyers=[{"attribute": name, "is": "a"} for name in ("odd", "dotted", "nested")])
    attributes = {
        "odd": {"path": ["profile", 'the "odd"'], "type": "string"},
        "dotted": {"column": "a.b", "type": "string"},
        "nested": {"path": "profile.a.b", "type": "string"},
    }
    identifiers = {"email": {"column": "emails", "list": True}}
    entity = ENTITY | {"attributes": attributes, "identifiers": identifiers}
    (tmp_path / "audience_specs" / "entities.yml").write_text(json.dumps(entity))
    project = load(tmp_path)
    judgements = check(project, list(model_statements(project)), list(DIALECTS))
    found = {
        (each.dialect, each.code, each.fragment)
        for judgement in judgements
        for each in judgement.findings
        if each.code in ("not_offered", "not_run")
    }
    assert {part for _, _, part in found if not part} == set()
    refused = {(dialect, part) for dialect, code, part in found if code == "not_offered"}
    assert ("bigquery", '"a.b"') in refused
    assert any(dialect == "trino" and 'the "odd"' in part for dialect, part in refused)
    assert any(dialect == "redshift" and "unnest" in part for dialect, part in refused)
