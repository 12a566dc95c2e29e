"""`muster import` as people call it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.cli.main import main
from dbt_muster.specs import load
from dbt_muster.specs.meaning import All, Compare, Type, Value

COUNTRY = {"operator": "equals", "left": {"model": "user", "path": "country"}, "right": "NO"}
NUMBER = {"operator": "equals", "left": {"model": "user", "path": "code"}, "right": "1e5"}
RICH = {"operator": "greater_than_equal", "left": {"model": "user", "path": "spent"}, "right": 0.1}
VAGUE = {"operator": "matches", "left": {"model": "user", "path": "country"}, "right": "G"}
ENTITY = "entity: customer\nmodel: ref('customers')\nkey: id\n"


def muster_import(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["import", *map(str, arguments)])
    return int(left.value.code or 0)


def definition(folder: Path, *expressions: Any) -> Path:
    file = folder / "Big spenders.json"
    audience = {"operator": "and", "expressions": list(expressions)}
    file.write_text(json.dumps({"schema_version": "1.6.0", "audience": audience}))
    return file


def test_an_exact_definition_becomes_a_spec_that_reads_back_as_the_same(tmp_path: Path) -> None:
    file = definition(tmp_path, COUNTRY, NUMBER, RICH)
    folder = tmp_path / "audience_specs" / "audiences"
    assert muster_import("mparticle", file, "--entity", "customer", "--output-dir", folder) == 0
    (tmp_path / "audience_specs" / "entities.yml").write_text(ENTITY)
    audience = load(tmp_path).audiences["big_spenders"]
    assert audience.enabled
    assert isinstance(audience.criteria, All)
    assert [item.right for item in audience.criteria.items if isinstance(item, Compare)] == [
        (Value("NO", Type.STRING),),
        (Value("1e5", Type.STRING),),
        (Value(Decimal("0.1"), Type.NUMBER),),
    ]


def test_a_definition_with_gaps_is_listed_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = definition(tmp_path, COUNTRY, VAGUE)
    assert muster_import("mparticle", file, "--entity", "customer", "--output-dir", tmp_path / "specs") == 1
    assert not (tmp_path / "specs").exists()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "audience.expressions[1]: the schema does not say" in shown.err
    assert "1 part cannot be said exactly" in shown.err


def test_a_part_of_a_definition_is_written_only_as_a_disabled_audience(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = definition(tmp_path, COUNTRY, VAGUE)
    assert muster_import("mparticle", file, "--entity", "customer", "--partial") == 1
    shown = capsys.readouterr().out
    assert "enabled: false" in shown
    assert "# NOT translated" in shown


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = definition(tmp_path, COUNTRY)
    (tmp_path / "big_spenders.yml").write_text("mine")
    assert muster_import("mparticle", file, "--entity", "customer", "--output-dir", tmp_path) == 2
    assert (tmp_path / "big_spenders.yml").read_text() == "mine"
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is no JSON"),
        ("[" * 200 + "]" * 200, "levels deep"),
        ('{"audience": NaN}', "NaN is no number"),
        ("[]", "an object was expected"),
        ("{}", "no `audience`"),
        ("\x00", "this is no JSON"),
    ],
)
def test_a_file_that_is_no_definition_is_a_mistake_that_is_explained(
    tmp_path: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text)
    assert muster_import("mparticle", file, "--entity", "customer") == 2
    assert message in capsys.readouterr().err


def test_names_that_are_none_are_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = definition(tmp_path, COUNTRY)
    assert muster_import("mparticle", file, "--entity", "customer", "--name", "Big!") == 2
    assert muster_import("mparticle", file, "--entity", "customer", "--events", "events") == 2
    assert "expected two names" in capsys.readouterr().err


def test_json_says_what_is_exact_and_what_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaf = {"type": "person", "key": "plan", "value": "pro", "operator": "exact"}
    file = tmp_path / "cohort.json"
    file.write_text(
        json.dumps({"name": "Pros", "filters": {"properties": {"type": "AND", "values": [leaf]}}})
    )
    assert muster_import("posthog", file, "--entity", "customer", "--output", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["exact"] is True
    assert report["criteria"] == {"all": [{"attribute": "plan", "is": "pro"}]}
