"""`muster compile` brings files up to date, and leaves everybody else's alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dbt_muster.cli.compile import command
from dbt_muster.cli.main import main
from dbt_muster.errors import UsageError
from dbt_muster.plan import compile_project, stale
from dbt_muster.specs import SpecErrors
from tests.unit.plan.shop import Criteria, write_shop

BRITISH: Criteria = [{"attribute": "country", "is": "GB"}]


def contents(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in (root / "models").rglob("*.*")}


def test_compiling_twice_changes_nothing(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH)
    assert compile_project(tmp_path).written
    before = contents(tmp_path)
    assert not compile_project(tmp_path)
    assert contents(tmp_path) == before


def test_the_stub_of_a_spec_that_is_gone_is_removed(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH, other=BRITISH)
    compile_project(tmp_path)
    write_shop(tmp_path, british=BRITISH)
    assert compile_project(tmp_path).removed == ("models/audiences/other.sql", "models/audiences/other.yml")
    assert not (tmp_path / "models/audiences/other.sql").exists()


def test_a_file_of_somebody_else_is_never_removed(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH)
    compile_project(tmp_path)
    mine = tmp_path / "models/audiences/mine.sql"
    mine.write_text("select 1 as customer_id")
    compile_project(tmp_path)
    assert mine.read_text() == "select 1 as customer_id"


def test_a_file_of_somebody_else_in_the_way_stops_everything(tmp_path: Path) -> None:
    write_shop(tmp_path, aaa=BRITISH, british=BRITISH)
    mine = tmp_path / "models/audiences/british.sql"
    mine.parent.mkdir(parents=True)
    mine.write_text("select 1")
    with pytest.raises(UsageError, match=r"models/audiences/british\.sql exists and muster did not write it"):
        compile_project(tmp_path)
    assert contents(tmp_path) == {"models/audiences/british.sql": "select 1"}


def test_an_edited_stub_is_stale_and_written_again(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH)
    compile_project(tmp_path)
    stub = tmp_path / "models/audiences/british.sql"
    text = stub.read_text()
    stub.write_text(text + "\nwhere false")
    assert stale(tmp_path).written == ("models/audiences/british.sql",)
    compile_project(tmp_path)
    assert stub.read_text() == text


def test_a_mistake_in_one_spec_writes_nothing_at_all(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH, wrong=[{"attribute": "contry", "is": "GB"}])
    with pytest.raises(SpecErrors, match="country"):
        compile_project(tmp_path)
    assert not (tmp_path / "models").exists()


def test_a_spec_that_is_switched_off_is_not_built(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH)
    spec = tmp_path / "audience_specs/audiences/british.yml"
    spec.write_text(json.dumps({**json.loads(spec.read_text()), "enabled": False}))
    compile_project(tmp_path)
    assert not (tmp_path / "models/audiences/british.sql").exists()


def test_check_says_which_files_are_stale_and_writes_none(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH)
    run = CliRunner().invoke(command, ["--check", "--project-dir", str(tmp_path)])
    assert run.exit_code == 1
    assert "stale: models/audiences/british.sql" in run.stdout
    assert not (tmp_path / "models").exists()
    compile_project(tmp_path)
    run = CliRunner().invoke(command, ["--check", "--project-dir", str(tmp_path)])
    assert run.exit_code == 0
    assert "up to date" in run.stdout


def test_check_speaks_json(tmp_path: Path) -> None:
    write_shop(tmp_path, british=BRITISH)
    run = CliRunner().invoke(command, ["--check", "--output", "json", "--project-dir", str(tmp_path)])
    assert "models/audiences/british.sql" in json.loads(run.stdout)["stale"]


def test_mistakes_speak_json(tmp_path: Path) -> None:
    write_shop(tmp_path, wrong=[{"attribute": "contry", "is": "GB"}])
    run = CliRunner().invoke(command, ["--output", "json", "--project-dir", str(tmp_path)])
    assert run.exit_code == 2
    (problem,) = json.loads(run.stdout)["problems"]
    assert problem["file"] == "audience_specs/audiences/wrong.yml"


def test_a_mistake_ends_the_command_with_its_place_and_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_shop(tmp_path, wrong=[{"attribute": "contry", "is": "GB"}])
    with pytest.raises(SystemExit) as left:
        main(["compile", "--project-dir", str(tmp_path)])
    assert left.value.code == 2
    message = capsys.readouterr().err
    assert "audience_specs/audiences/wrong.yml:1:" in message
    assert "country" in message
    assert "Traceback" not in message


def test_a_misspelt_command_is_told_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["complie"])
    assert left.value.code == 2
    assert "Did you mean 'compile'?" in capsys.readouterr().err
