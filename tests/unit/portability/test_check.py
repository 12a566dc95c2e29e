"""Judging statements: what is proved, what is only read, and what fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from dbt_muster.cli.main import main
from dbt_muster.portability import checking
from dbt_muster.portability.checking import check
from dbt_muster.portability.columns import Tables
from dbt_muster.portability.facts import Facts
from dbt_muster.portability.findings import Judgement
from dbt_muster.portability.parsing import parsed
from dbt_muster.portability.proof import Prover, build
from dbt_muster.portability.statements import Statement, model_statements
from dbt_muster.portability.summary import verdicts
from dbt_muster.portability.transpiling import Moved
from dbt_muster.portability.worlds import world
from dbt_muster.render import DIALECTS
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from tests.unit.plan.shop import ENTITY, write_shop

CRITERIA: list[dict[str, Any]] = [
    {"attribute": "country", "in": ["GB", "it's"]},
    {"event": "orders", "sum": {"of": "amount", "at_least": 10}, "within": "30 days"},
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_shop(tmp_path, buyers=CRITERIA, others=[{"attribute": "country", "is_not": "GB"}])
    return load(tmp_path)


def test_audiences_are_proved_where_their_sql_has_the_same_members(project: Project) -> None:
    statements = list(model_statements(project))
    found = verdicts(["buyers", "others"], statements, check(project, statements, ["snowflake", "trino"]))
    assert found == {name: {"snowflake": "proved", "trino": "proved"} for name in ("buyers", "others")}


def test_the_made_up_rows_make_some_people_members_and_not_others(project: Project, tmp_path: Path) -> None:
    import duckdb

    statements = list(model_statements(project))
    build(tmp_path / "world.duckdb", world(project), statements)
    with duckdb.connect(str(tmp_path / "world.duckdb"), read_only=True) as connection:
        everybody = connection.execute("select count(*) from muster_entities__customer").fetchall()[0][0]
        for audience in ("buyers", "others"):
            members = connection.execute(f"select count(*) from {audience}").fetchall()[0][0]
            assert 0 < members < everybody


def test_a_form_with_other_members_fails_and_one_that_does_not_run_is_only_read(
    project: Project, tmp_path: Path
) -> None:
    statements = list(model_statements(project))
    build(tmp_path / "world.duckdb", world(project), statements)
    (buyers,) = [each for each in statements if each.name == "buyers"]
    prover = Prover(tmp_path / "world.duckdb")
    everybody = "select customer_id from muster_entities__customer"
    strange = "select no_such_function(customer_id) from muster_entities__customer"
    wrong, unknown = (prover.prove(buyers, sql, Moved(sql), "duckdb") for sql in (everybody, strange))
    prover.close()
    assert wrong is not None
    assert (wrong.code, wrong.level) == ("other_rows", "error")
    assert unknown is not None
    assert (unknown.code, unknown.level) == ("not_run", "note")


def test_no_function_that_lists_are_read_by_is_unknown_to_its_warehouse(tmp_path: Path) -> None:
    write_shop(tmp_path, buyers=[{"attribute": name, "includes": "a"} for name in ("interests", "tags")])
    entity = ENTITY | {
        "attributes": {"interests": {"type": "list"}, "tags": {"path": "profile.tags", "type": "list"}},
        "identifiers": {
            "email": {"column": "emails", "list": True},
            "phone": {"model": "ref('phones')", "key": "customer_id", "column": "number"},
        },
    }
    (tmp_path / "audience_specs" / "entities.yml").write_text(json.dumps(entity))
    project = load(tmp_path)
    judgements = check(project, list(model_statements(project)), list(DIALECTS))
    errors = {
        (each.dialect, each.statement, each.code)
        for judgement in judgements
        for each in judgement.findings
        if each.level == "error"
    }
    assert errors == {("redshift", "muster_identifiers__customer", "not_offered")}


def test_what_is_known_is_not_asked_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements, path = list(model_statements(project)), tmp_path / "facts"
    facts = Facts.load(path)
    first = check(project, statements, ["duckdb"], facts=facts)
    facts.save()
    monkeypatch.setattr(checking, "judge_all", lambda *_: pytest.fail("it was asked again"))
    assert check(project, statements, ["duckdb"], facts=Facts.load(path)) == first


def test_a_file_of_facts_that_cannot_be_read_holds_none(tmp_path: Path) -> None:
    (tmp_path / "muster_check.json").write_text("{")
    assert Facts.load(tmp_path).known == {}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select frobnicate(a) from t", "unknown_function"),
        ("select a from t where frobnicate(b) over (partition by c) > 1", "unknown_function"),
        ("with b as (select frobnicate(a) as c from t) select c from b", "unknown_function"),
        ("explain select a from t", "unparsed"),
        ("call something(1)", "unparsed"),
        ("select a from t where", "parse"),
        ("select a from t) as b", "parse"),
        ("select a from t where b = 'never ends", "parse"),
    ],
)
def test_what_is_not_read_whole_is_a_finding_in_every_dialect(sql: str, code: str, dialect: str) -> None:
    _, findings = parsed("model", sql, dialect)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].level == "error"
    assert findings[0].fragment


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select from where", "parse"),
        ("select 1; select 2", "parse"),
        ("select frobnicate(1)", "unknown_function"),
        ("vacuum full", "unparsed"),
        ("alter table a frobnicate b", "unparsed"),
    ],
)
def test_what_a_dialect_does_not_read_is_found_and_said_once(
    sql: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, findings = parsed("model", sql, "postgres")
    assert [finding.code for finding in findings] == [code]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select nothing from people", "unknown_column"),
        ("select p.zip from people as p", "unknown_column"),
        ("select x.id from people as p", "unknown_column"),
        ("select name from nobody_knows", "unknown_column"),
        ("with a as (select id from people) select name from a", "unknown_column"),
        ("select id from people, orders", "ambiguous_column"),
        ("select name from people where exists (select 1 from orders where zip = 1)", "unknown_column"),
        ("select name from people where name > 5", "mixed_types"),
        ("select name from people where born > '2020-01-01'", "mixed_types"),
        ("select name from people where name in (1, 2)", "mixed_types"),
    ],
)
def test_names_and_types_that_do_not_fit_are_found(sql: str, code: str) -> None:
    tables = Tables("duckdb")
    tables.add("people", {"id": "bigint", "name": "varchar", "born": "timestamp"})
    tables.add("orders", {"id": "bigint"})
    _, findings = tables.typed("model", sqlglot.parse_one(sql, dialect="duckdb"))
    assert [finding.code for finding in findings] == [code]


def test_the_nearest_name_and_the_tables_are_said_of_a_column_that_cannot_be_told() -> None:
    tables = Tables("duckdb")
    tables.add("people", {"id": "bigint", "name": "varchar"})
    tables.add("orders", {"id": "bigint"})
    (unknown,) = tables.typed("m", sqlglot.parse_one("select nme from people"))[1]
    assert (unknown.message, unknown.instead) == ("there is no column `nme` in `people`", "name")
    (ambiguous,) = tables.typed("m", sqlglot.parse_one("select id from people, orders as o"))[1]
    assert ambiguous.message == "`id` is a column of `people` and of `o`"
    assert ambiguous.instead == "people.id or o.id"
    assert ambiguous.fragment == "id"


def test_an_audience_is_as_good_as_the_worst_that_it_is_made_from() -> None:
    statements = [Statement("features", "model", ""), Statement("vip", "model", "", ("features",))]
    judgements = [
        Judgement("features", "trino", "parsed only"),
        Judgement("vip", "trino", "proved"),
    ]
    assert verdicts(["vip"], statements, judgements) == {"vip": {"trino": "parsed only"}}


def test_a_dialect_that_there_is_not_is_a_mistake(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", "--project-dir", str(project.root), "--dialects", "snowflak"])
    assert left.value.code == 2
    assert "Did you mean 'snowflake'?" in capsys.readouterr().err
