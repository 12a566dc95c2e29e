"""Mistakes in spec files: all of them, where they are, what was expected, and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.errors import UsageError
from dbt_muster.specs import SpecErrors, load
from tests.unit.specs.corpus import CASES, GOOD, parse, report, write_project

AGAIN = "The report changed. Write it anew with `PYTHONPATH=sync:. python tests/unit/specs/corpus.py`."


@pytest.mark.parametrize("case", sorted(CASES.glob("*.txt")), ids=lambda case: case.stem)
def test_the_report_of_a_case_is_the_one_written_down(case: Path, tmp_path: Path) -> None:
    files, expected = parse(case)
    assert report(files, tmp_path) == expected, AGAIN


def problems(tmp_path: Path, files: dict[str, str]) -> SpecErrors:
    with pytest.raises(SpecErrors) as raised:
        load(write_project(tmp_path, files))
    return raised.value


def test_the_good_files_of_the_corpus_are_good(tmp_path: Path) -> None:
    assert report({}, tmp_path) == "nothing is wrong\n"


def test_mistakes_of_every_file_are_reported_in_one_run(tmp_path: Path) -> None:
    files: dict[str, str] = {}
    for case in sorted(CASES.glob("*.txt")):
        files |= {f"{name[:-4]}_{case.stem}.yml": text for name, text in parse(case)[0].items()}
    broken = {problem.file for problem in problems(tmp_path, files).problems}
    assert len(broken) > len(list(CASES.glob("*.txt")))


def test_mistakes_in_specs_are_mistakes_in_use_and_end_with_exit_code_two(tmp_path: Path) -> None:
    errors = problems(tmp_path, {"audience_specs/audiences/x.yml": "audience: x\n"})
    assert isinstance(errors, UsageError)
    assert errors.exit_code == 2


def test_a_problem_has_a_form_for_machines(tmp_path: Path) -> None:
    text = "audience: x\nentity: customr\ncriteria: [{event: orders}]\n"
    errors = problems(tmp_path, {"audience_specs/audiences/x.yml": text})
    assert errors.to_dict() == {
        "problems": [
            {
                "file": "audience_specs/audiences/x.yml",
                "line": 2,
                "column": 9,
                "line_text": "entity: customr",
                "code": "unknown_entity",
                "message": "there is no entity `customr`",
                "expected": "one of `account`, `customer`",
                "suggestion": "`customer`",
            }
        ]
    }


def test_problems_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    text = "audience: {}\nentity: nobody\ncriteria: [{{attribute: a, is: 1}}, {{event: b, within: c}}]\n"
    files = {f"audience_specs/audiences/{name}.yml": text.format(name) for name in ("z", "a", "m")}
    found = [
        (problem.file.as_posix(), problem.line, problem.column)
        for problem in problems(tmp_path, files).problems
    ]
    assert found == sorted(found)
    assert report(files, tmp_path) == report(files, tmp_path)


@pytest.mark.parametrize("kind", ["entities", "destinations", "traits/lifetime_value", "audiences/vip"])
def test_a_file_that_cannot_be_read_makes_nothing_else_unknown(kind: str, tmp_path: Path) -> None:
    user = """\
audience: user
entity: customer
criteria: [{trait: lifetime_value, at_least: 3}, {audience: vip}, {event: orders}, {attribute: age, is: 3}]
sync: [{to: drop, match_on: [email]}]
"""
    files = {"audience_specs/audiences/user.yml": user, f"audience_specs/{kind}.yml": "a: [b\n"}
    assert [problem.code for problem in problems(tmp_path, files).problems] == ["syntax"]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_file_that_is_not_utf_8_is_reported_and_hides_nothing(name: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"audience_specs/audiences/x.yml": "audience: x\nentity: customer\n"})
    (tmp_path / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SpecErrors) as raised:
        load(tmp_path)
    codes = [problem.code for problem in raised.value.problems]
    assert sorted(codes) == ["missing_key", "unreadable"]


def test_a_project_without_specs_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"entities\.yml"):
        load(tmp_path)


def test_no_report_names_the_place_of_the_project_on_this_machine(tmp_path: Path) -> None:
    errors = problems(tmp_path, {"audience_specs/audiences/x.yml": "audience: x\n"})
    assert str(tmp_path) not in str(errors)
