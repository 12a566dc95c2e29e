"""`muster check`, as people and pipelines call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbt_muster.cli.main import main
from tests.unit.testing.kit import project

BAD = (
    "entity: customer\ncriteria:\n  - {attribute: score, at_least: 5}\n  - {attribute: score, less_than: 3}\n"
)
NOTED = "entity: customer\ncriteria:\n  - {attribute: country, is_not: 'a%b'}\n"


def check(root: Path, *arguments: str) -> int:
    try:
        main(["check", "--project-dir", str(root), *arguments])
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def test_it_leaves_with_1_for_an_error_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, BAD)
    assert check(tmp_path) == 1
    assert capsys.readouterr().out == (
        "audience_specs/audiences/them.yml:5:5: error: “score is less than 3” cannot hold together with "
        "“score is at least 5” (line 4) [contradiction]\n\n"
        "1 finding; docs/lint.md says what each code means.\n"
    )


def test_notes_do_not_fail_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, NOTED)
    assert check(tmp_path) == 0
    assert "1 note; docs/lint.md" in capsys.readouterr().out


def test_annotations_are_those_of_github(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, BAD)
    assert check(tmp_path, "--output", "github") == 1
    said = capsys.readouterr().out
    assert said.startswith(
        "::error file=audience_specs/audiences/them.yml,line=5,col=5,title=muster contradiction::“score"
    )
    assert said.count("\n") == 1


def test_the_machine_form_names_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, BAD)
    assert check(tmp_path, "--output", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["level"], finding["line"]) == ("contradiction", "error", 5)
    assert finding["page"] == "docs/lint.md#contradiction"


def test_only_the_audiences_that_are_named_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, BAD, audiences__others=f"audience: others\n{NOTED}")
    assert check(tmp_path, "others") == 0
    assert "contradiction" not in capsys.readouterr().out
    assert check(tmp_path, "otters") == 2


def test_nothing_is_said_of_specs_in_which_nothing_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, "entity: customer\ncriteria:\n  - {attribute: country, is: GB}\n")
    assert check(tmp_path) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"
    assert check(tmp_path, "--output", "github") == 0
    assert capsys.readouterr().out.strip() == ""


def test_a_mistake_in_the_specs_leaves_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, BAD)
    (tmp_path / "audience_specs/audiences/them.yml").write_text("audience: them\n")
    assert check(tmp_path, "--output", "json") == 2
    assert json.loads(capsys.readouterr().out)["problems"]
