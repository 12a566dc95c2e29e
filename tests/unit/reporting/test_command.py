"""`muster check` in all its forms, and what it can be asked about."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from dbt_muster.cli import portability
from dbt_muster.cli.main import main
from dbt_muster.portability.codes import CODES as SQL
from dbt_muster.portability.rules import RULES
from dbt_muster.specs.codes import CODES as LINT
from tests.unit.portability.test_own import node
from tests.unit.portability.test_own import project as compiled
from tests.unit.reporting.sarif_schema import SCHEMA
from tests.unit.testing.kit import ENTITIES, project

REPOSITORY = Path(__file__).resolve().parents[3]
BAD = (
    "entity: customer\ntags: [odd]\n"
    "criteria:\n  - {attribute: score, at_least: 5}\n  - {attribute: score, less_than: 3}\n"
)
GOOD = "audience: others\nentity: customer\ncriteria:\n  - {attribute: country, is: GB}\n"
WISHES = (
    "entity: customer\ncriteria:\n"
    "  - {attribute: country, is: GB}\n  - {event: orders, where: [{property: wish, is: cake}]}\n"
)
WISH = "{wish: {path: [payload, 'the \"wish\"'], type: string}}"


def check(root: Path, *arguments: str) -> int:
    try:
        main(["check", "--project-dir", str(root), *arguments])
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.fixture(autouse=True)
def _not_in_a_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


def results(said: str) -> list[tuple[str, str, int]]:
    """Each result's code, file and line, of a log that is valid."""
    log = json.loads(said)
    jsonschema.validate(log, SCHEMA)
    places = [
        (each["ruleId"], each["locations"][0]["physicalLocation"]) for each in log["runs"][0]["results"]
    ]
    return [(code, place["artifactLocation"]["uri"], place["region"]["startLine"]) for code, place in places]


def test_findings_in_specs_are_a_log_of_sarif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, BAD)
    assert check(tmp_path, "--output", "sarif") == 1
    assert results(capsys.readouterr().out) == [("contradiction", "audience_specs/audiences/them.yml", 6)]


def test_findings_in_sql_stand_at_the_criterion_in_every_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = "{status: {type: string}, amount: {type: number}}"
    timed = ENTITIES.replace("at: ordered_at", "at: {column: ordered_at, type: timestamp}")
    project(tmp_path, WISHES, entities=timed.replace(given, WISH).replace("    id: order_id\n", ""))
    ask = ("--dialects", "trino,duckdb")
    assert check(tmp_path, *ask, "--output", "sarif") == 1
    assert ("not_offered", "audience_specs/audiences/them.yml", 5) in results(capsys.readouterr().out)
    assert check(tmp_path, *ask, "--output", "github") == 1
    model = "muster_features__customer__orders__ever"
    place = "file=audience_specs/audiences/them.yml,line=5,col=5"
    assert f"::error {place},title=muster not_offered::{model} (trino): " in capsys.readouterr().out
    assert check(tmp_path, *ask, "--output", "json") == 1
    (finding, *_) = json.loads(capsys.readouterr().out)["portability"]["findings"]
    assert finding["position"] == {"file": "audience_specs/audiences/them.yml", "line": 5, "column": 5}
    assert check(tmp_path, *ask) == 1
    said = capsys.readouterr().out
    assert said.startswith("audience  trino        duckdb\nthem      fails        proved\n")
    assert f"audience_specs/audiences/them.yml:5:5: error: {model} (trino): " in said
    assert "\n    write instead: " in said


def test_mistakes_in_specs_are_annotated_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, BAD)
    spec = tmp_path / "audience_specs/audiences/them.yml"
    spec.write_text(spec.read_text().replace("at_least", "at_lest"))
    assert check(tmp_path, "--output", "github") == 2
    said = capsys.readouterr().out
    assert said.startswith("::error file=audience_specs/audiences/them.yml,line=5,col=")
    assert "did you mean `at_least`?" in said
    assert check(tmp_path, "--output", "sarif") == 2
    ((_, file, line),) = results(capsys.readouterr().out)
    assert (file, line) == ("audience_specs/audiences/them.yml", 5)


def test_files_are_named_from_what_github_has_checked_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path / "analytics" / "dbt", BAD)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    check(tmp_path / "analytics" / "dbt", "--output", "github")
    assert "file=analytics/dbt/audience_specs/audiences/them.yml," in capsys.readouterr().out
    monkeypatch.delenv("GITHUB_WORKSPACE")
    monkeypatch.chdir(tmp_path / "analytics")
    check(Path("dbt"), "--output", "github")
    assert "file=dbt/audience_specs/audiences/them.yml," in capsys.readouterr().out


def test_audiences_are_selected_by_name_and_by_tag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, BAD, audiences__others=GOOD)
    assert check(tmp_path, "--select", "others") == 0
    assert check(tmp_path, "--select", "others, them") == 1
    assert check(tmp_path, "--select", "tag:odd") == 1
    capsys.readouterr()
    assert check(tmp_path, "--select", "tag:od") == 2
    assert "No audience has the tag `od`. Did you mean `tag:odd`?" in capsys.readouterr().err
    assert check(tmp_path, "--select", ",") == 2


def test_what_is_no_audience_is_a_model_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, BAD)
    compiled(tmp_path, node("revenue"))
    assert check(tmp_path, "--select", "revenue") == 0
    said = capsys.readouterr().out
    assert "models/revenue.sql:1:1: note: revenue (postgres): of whole numbers" in said
    assert "contradiction" not in said
    assert check(tmp_path, "--select", "revenue,them") == 1
    assert "contradiction" in capsys.readouterr().out
    assert check(tmp_path, "--select", "revenu") == 2
    assert "Did you mean 'revenue'?" in capsys.readouterr().err
    assert check(tmp_path, "--select", "thm") == 2
    assert "There is no audience `thm` either. Did you mean `them`?" in capsys.readouterr().err


def test_models_are_judged_among_the_warehouses_that_are_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, "entity: customer\ncriteria:\n  - {attribute: country, is: GB}\n")
    compiled(tmp_path, node("revenue"))
    assert check(tmp_path, "--select", "revenue", "--dialects", "redshift", "--output", "json") == 0
    codes = [finding["code"] for finding in json.loads(capsys.readouterr().out)["models"]]
    assert codes == ["not_typed"]
    assert check(tmp_path, "--select", "revenue", "--dialects", "duckdb", "--output", "json") == 0
    codes = [finding["code"] for finding in json.loads(capsys.readouterr().out)["models"]]
    assert codes == ["division_by_zero", "integer_division", "not_typed"]


@pytest.mark.parametrize(
    ("arguments", "environment", "dbt_project", "folder"),
    [
        ([], {}, None, "target"),
        ([], {}, "name: shop\ntarget-path: \"{{ env_var('NO_SUCH_FOLDER', 'out') }}\"\n", "out"),
        ([], {"DBT_TARGET_PATH": "built"}, "name: shop\ntarget-path: out\n", "built"),
        ([], {"MUSTER_CACHE_DIR": "kept", "DBT_TARGET_PATH": "built"}, None, "kept"),
        (["--cache-dir", "given"], {"MUSTER_CACHE_DIR": "kept"}, None, "given"),
    ],
)
def test_what_was_found_out_is_kept_where_it_is_asked_for(
    arguments: list[str],
    environment: dict[str, str],
    dbt_project: str | None,
    folder: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project(tmp_path, "entity: customer\ncriteria:\n  - {attribute: country, is: GB}\n")
    (tmp_path / "dbt_project.yml").unlink(missing_ok=True)
    if dbt_project is not None:
        (tmp_path / "dbt_project.yml").write_text(dbt_project)
    for name in ("MUSTER_CACHE_DIR", "DBT_TARGET_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert check(tmp_path, "--dialects", "duckdb", *arguments) == 0
    assert [path.parent.name for path in tmp_path.rglob("muster_check.json")] == [folder]


def test_models_are_read_from_the_target_folder_of_the_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, "entity: customer\ncriteria:\n  - {attribute: country, is: GB}\n")
    compiled(tmp_path, node("revenue"))
    (tmp_path / "target").rename(tmp_path / "out")
    (tmp_path / "dbt_project.yml").write_text("name: shop\ntarget-path: out\n")
    assert check(tmp_path, "--select", "revenue") == 0
    assert "integer_division" in capsys.readouterr().out


def test_without_duckdb_nothing_is_proved_and_it_is_said_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, BAD)
    monkeypatch.setattr(portability, "find_spec", lambda _: None)
    assert check(tmp_path, "--dialects", "all") == 2
    assert "pip install 'dbt-muster[duckdb]'" in capsys.readouterr().err


def test_every_code_that_code_scanning_is_told_of_has_its_section(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, BAD)
    check(tmp_path, "--output", "sarif")
    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} >= {*LINT, *SQL, *(rule.code for rule in RULES)}
    for rule in rules:
        page, section = rule["properties"]["page"].split("#")
        headings = re.findall(
            r"^#+ (\w+)$", (REPOSITORY / page).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        assert section in headings
