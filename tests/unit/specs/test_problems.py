"""How a problem is shown."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.specs.meaning import Position
from dbt_muster.specs.problems import LINE_SHOWN, Problem, SpecErrors, printable

FILE = Path("audience_specs/audiences/vip.yml")


def problem(line_text: str, column: int, message: str = "wrong") -> Problem:
    return Problem(FILE, 7, column, line_text, "code", message)


def caret_and_line(shown: Problem) -> tuple[str, str]:
    _, line, caret = shown.render().split("\n")
    return line, caret


def test_a_problem_is_shown_with_its_place_its_line_a_caret_and_advice() -> None:
    shown = Problem(FILE, 7, 9, "entity: custmer", "c", "no such entity", "one of `customer`", "`customer`")
    assert shown.render() == (
        "audience_specs/audiences/vip.yml:7:9: no such entity\n"
        "    7 | entity: custmer\n"
        "      |         ^\n"
        "      expected one of `customer`\n"
        "      did you mean `customer`?"
    )


def test_the_caret_stands_below_its_character_after_tabs_and_wide_characters() -> None:
    line, caret = caret_and_line(problem("\tname: 顧客 x", 10))
    assert line.endswith("\tname: 顧客 x")
    assert caret.startswith("      | \t")
    assert caret.index("^") - caret.index("\t") == len("name: ") + 4 + 1


def test_a_long_line_is_cut_around_the_mistake() -> None:
    line, caret = caret_and_line(problem("a" * 500 + "X" + "b" * 500, 501))
    assert len(line) < LINE_SHOWN + 20
    assert line[caret.index("^")] == "X"


def test_control_characters_are_never_printed() -> None:
    shown = problem("a\x1b[31mred\u202e", 1, "the text `\x1b[31m` \x00")
    assert not any(character in shown.render() for character in "\x1b\x00\u202e")


@given(st.text(), st.integers(min_value=1, max_value=300))
def test_any_line_can_be_shown_at_any_column(text: str, column: int) -> None:
    rendered = problem(text, column).render()
    assert rendered.startswith("audience_specs/audiences/vip.yml:7:")
    assert printable(rendered.replace("\n", "")) == rendered.replace("\n", "")


def test_the_same_problem_is_said_once() -> None:
    errors = SpecErrors([problem("x", 1), problem("x", 1), problem("x", 2)])
    assert len(errors.problems) == 2
    assert str(errors).endswith("2 mistakes in 1 spec file; nothing was done")


def test_a_room_that_holds_only_a_position_can_report_a_problem_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text("first\nsecond: x\n", encoding="utf-8")
    found = Problem.at(tmp_path, Position(FILE, 2, 9), "setting", "no such setting", suggestion="`y`")
    assert found.line_text == "second: x"
    assert found.suggestion == "`y`"
    assert Problem.at(tmp_path, Position(Path("gone.yml"), 2, 9), "setting", "gone").line_text == ""
