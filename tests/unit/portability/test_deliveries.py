"""The statements of deliveries, and the models of the package, are judged as audiences' models are."""

from __future__ import annotations

import base64
import os
import re
import shutil
from pathlib import Path

import pytest

from dbt_muster.delivery import ledger
from dbt_muster.delivery.pairs import select_pairs
from dbt_muster.portability.checking import check
from dbt_muster.portability.deliveries import delivery_statements
from dbt_muster.portability.everything import of_project
from dbt_muster.portability.findings import Judgement
from dbt_muster.portability.parsing import parsed
from dbt_muster.portability.proof import build
from dbt_muster.portability.replay import Replay
from dbt_muster.portability.statements import Statement, renderer, shipped_folder, shipped_statements
from dbt_muster.portability.summary import other_verdicts
from dbt_muster.portability.transpiling import Moved
from dbt_muster.portability.worlds import world
from dbt_muster.render import DIALECTS
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project

ROOT = Path(__file__).resolve().parents[2] / "other_project"
STARTER = ROOT.parents[1]
_CALLS = re.compile(r"""_(?:execute|query)\("(\w+)"|call\(\s*"muster_sync_(\w+)\"""")


@pytest.fixture(scope="module")
def project() -> Project:
    return load(ROOT)


@pytest.fixture(scope="module")
def statements(project: Project) -> list[Statement]:
    return of_project(project, ROOT)[0]


@pytest.fixture(scope="module")
def judged(project: Project, statements: list[Statement]) -> list[Judgement]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "cpu_count", lambda: 1)
        return check(project, statements, ["snowflake", "spark"])


def test_every_statement_that_a_delivery_runs_is_in_the_story(statements: list[Statement]) -> None:
    code = "".join(path.read_text() for path in Path(ledger.__file__).parent.glob("*.py"))
    called = {one or other for one, other in _CALLS.findall(code)}
    told = {found[1] for each in statements if (found := re.search(r"muster_sync_(\w+)\(", each.text))}
    # `plan` is what `create_plan` makes a table of, `column_names` gives names rather than SQL, `keys_of` is
    # asked where an entity has aliases, and `prepare_plan` is for speed, and nothing on most warehouses.
    assert called - told == {"plan", "column_names", "keys_of", "prepare_plan"}


def test_deliveries_and_shipped_models_are_proved(
    statements: list[Statement], judged: list[Judgement]
) -> None:
    found = other_verdicts(statements, judged)
    assert {row: each["snowflake"] for row, each in found.items()} == dict.fromkeys(found, "proved")
    assert found.keys() == {
        "muster_audience_overlaps",
        "muster_audience_sizes",
        "muster_membership_changes",
        "muster_membership_intervals",
        "sync drifting_away:newsletter",
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_warehouse_reads_every_statement_of_a_delivery(
    dialect: str, statements: list[Statement]
) -> None:
    renders = renderer(dialect)
    for each in statements:
        if each.kind != "model" and each.judged:
            assert parsed(each.name, each.sql(renders), dialect)[1] == []


def test_a_table_of_a_format_that_duckdb_has_not_is_parsed_only(judged: list[Judgement]) -> None:
    unproved = {each.statement: each for each in judged if each.verdict != "proved"}
    assert {name.split(": ")[1] for name in unproved} == {"create_table)"}
    for each in unproved.values():
        assert each.dialect == "spark"
        assert each.verdict == "parsed only"
        assert any("fileformat" in finding.message for finding in each.findings)


def test_a_step_that_does_something_else_fails_and_leaves_nothing(
    project: Project, statements: list[Statement], tmp_path: Path
) -> None:
    build(tmp_path / "world.duckdb", world(project), statements)
    replay = Replay(tmp_path / "world.duckdb", statements)
    (removal,) = [each for each in statements if "apply_removals" in each.name]
    right = removal.sql(replay._renders)
    for sql, fails in (("delete from muster_sync_state", True), (right, False), ("delete nothing", False)):
        found = replay.prove(removal, sql if fails else right, Moved(sql), "duckdb")
        assert bool(found and found.level == "error") is fails
    replay.close()


def test_deliveries_that_differ_in_names_alone_are_one_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_WEBHOOK_SECRET", f"whsec_{base64.b64encode(bytes(32)).decode()}")
    pairs = select_pairs(load(STARTER), root=STARTER)
    told = [each for each in delivery_statements(pairs) if each.judged]
    stories = list(dict.fromkeys(each.story for each in told))
    assert 1 < len(stories) < len(pairs)
    whole, *others = ([each for each in told if each.story == story] for story in stories)
    assert all(len(other) < len(whole) / 4 for other in others)


def test_shipped_models_come_after_those_that_they_read() -> None:
    names = [each.name for each in shipped_statements(shipped_folder())]
    assert names.index("muster_audience_sizes") < names.index("muster_membership_changes")
    assert names.index("muster_membership_changes") < names.index("muster_membership_intervals")


def test_a_destination_that_cannot_be_opened_is_told_of_and_keeps_no_other_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "audience_specs", tmp_path / "audience_specs")
    (tmp_path / "audience_specs" / "far.yml").write_text(
        "destination: far\ntype: webhook\nurl: \"{{ env_var('NO_SUCH_URL') }}\"\nconsent: email\n"
    )
    audience = tmp_path / "audience_specs" / "audiences" / "drifting_away.yml"
    audience.write_text(audience.read_text() + "  - {to: far, match_on: [email]}\n")
    monkeypatch.delenv("NO_SUCH_URL", raising=False)
    found, notes = of_project(load(tmp_path), tmp_path)
    assert {each.story for each in found if each.story} == {"sync drifting_away:newsletter"}
    (note,) = notes
    assert "NO_SUCH_URL" in note.message
