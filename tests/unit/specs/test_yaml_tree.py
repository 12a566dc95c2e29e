"""Reading YAML: the values of YAML 1.2, the places of everything, and nothing that harms the reader."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.specs.meaning import Position
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.yaml_tree import Document, read_documents

FILE = Path("audience_specs/x.yml")


def read(text: str) -> Document:
    documents, problems = read_documents(FILE, text)
    assert not problems
    return documents[0]


def problems_of(text: str) -> list[Problem]:
    return read_documents(FILE, text)[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("off", "off"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T09:00:00Z", "2026-01-01T09:00:00Z"),
        ("12", 12),
        ("-3", -3),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1e3", Decimal(1000)),
        ("0.1", Decimal("0.1")),
        (".5", Decimal("0.5")),
        ("1.10", Decimal("1.10")),
        ("'12'", "12"),
        ('"true"', "true"),
        ("30%", "30%"),
        ("+", "+"),
        (".", "."),
        ("<<", "<<"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_scalar_is_read_as_yaml_1_2(text: str, value: object) -> None:
    found = read(f"key: {text}").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_the_key_on_is_text() -> None:
    assert read("on: today").data == {"on": "today"}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20))
def test_a_number_keeps_exactly_its_decimals(number: Decimal) -> None:
    assert read(f"key: {number:f}").data["key"] == number


def test_everything_keeps_its_place() -> None:
    document = read("a: 1\nb:\n  - c: {d: e}\n    f:\n")
    assert document.position() == Position(FILE, 1, 1)
    assert document.position(("b", 0, "c", "d")) == Position(FILE, 3, 12)
    assert document.position(("b", 0, "c", "d"), key=True) == Position(FILE, 3, 9)
    assert document.position(("b", 0, "f")) == Position(FILE, 4, 5)
    assert document.position(("b", 0, "nothing", "there")) == Position(FILE, 3, 5)


def test_a_value_behind_an_alias_has_the_place_of_its_anchor() -> None:
    document = read("a: &one {x: 1}\nb: *one\n")
    assert document.data["b"] == {"x": 1}
    assert document.position(("b", "x")) == Position(FILE, 1, 13)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert read("a: 1\r\nb: 2\r\n").position(("b",)) == Position(FILE, 2, 4)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("a: 1\na: 2\n", 2, 1, "stands twice; it is already in line 1"),
        ("a: {b: 1, b: 2}\n", 1, 11, "stands twice"),
        ("a:\n\tb: 1\n", 2, 1, "not valid YAML"),
        ("a: [1, 2\nb: 3\n", 2, 2, "starts in line 1"),
        ("a: 'x\n", 1, 6, "not valid YAML"),
        ("a: .inf\n", 1, 4, "not a number"),
        ("a: .NaN\n", 1, 4, "not a number"),
        ("a: 1e400\n", 1, 4, "38 digits"),
        ("a: 1e-400\n", 1, 4, "38 digits"),
        ("a: 92233720368547758070\n", 1, 4, "at most"),
        ("a: " + "9" * 100 + "\n", 1, 4, "at most"),
        ("a: !!python/object:os.system x\n", 1, 4, "tag"),
        ("a: !x [1]\n", 1, 4, "tag"),
        ("? [a]\n: b\n", 1, 3, "plain word"),
        ('a: "x\\0y"\n', 1, 4, "U+0000"),
        ('a: "x\\u009by"\n', 1, 4, "U+009B"),
        ('"\\0": x\n', 1, 1, "control character"),
        ("a: x\x00y\n", 1, 5, "U+0000"),
        ("a: 1\n\nb: \x1b[31m\n", 3, 4, "U+001B"),
        ('a: "\\ud800"\n', 1, 7, "not valid YAML"),
    ],
)
def test_what_no_spec_may_hold_is_reported_at_its_place(text: str, line: int, column: int, said: str) -> None:
    (problem, *_) = problems_of(text)
    assert (problem.line, problem.column) == (line, column)
    assert said in problem.message


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    (problem,) = problems_of("\n".join(lines))
    assert "100,000 values" in problem.message


def test_an_alias_inside_of_what_it_names_is_refused() -> None:
    (problem,) = problems_of("a: &a [*a]\n")
    assert "alias" in problem.message or "values" in problem.message


def test_nesting_without_end_is_refused_and_does_not_overflow() -> None:
    (problem,) = problems_of("a: " + "[" * 200_000)
    assert "60 levels" in problem.message


def test_a_file_that_nobody_wrote_by_hand_is_refused() -> None:
    (problem,) = problems_of("a: x\n" * 500_000)
    assert "larger than" in problem.message


def test_what_stands_before_an_error_of_syntax_is_still_read() -> None:
    documents, problems = read_documents(FILE, "a: 1\n---\nb: [\n")
    assert [document.data for document in documents] == [{"a": 1}]
    assert [problem.code for problem in problems] == ["syntax"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_reported_and_nothing_else_happens(text: str) -> None:
    documents, problems = read_documents(FILE, text)
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
    assert isinstance(documents, list)
