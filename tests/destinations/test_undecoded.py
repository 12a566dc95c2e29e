"""What is sent as the warehouse wrote it is what would be sent if every record had been looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import PydanticSerializationError

from dbt_muster.destinations import Record
from dbt_muster.destinations.rows import WORTH, Table, tables
from dbt_muster.destinations.undecoded import Undecoded, UndecodedRecords, written

KNOWN = {"email": "EMAIL", "phone": "PHONE", "city": "CT", WORTH: "WORTH"}
# Quotes, commas and braces around names, as they stand between what is sent.
VALUES = st.sampled_from(['"', "\\", '{"email":"', '","phone":"', '},{"email":"', ":null", '":"', "é"])
TEXTS = st.lists(VALUES, min_size=1, max_size=4).map("".join)
GIVEN = st.none() | TEXTS | st.lists(TEXTS, min_size=1, max_size=2)
SHAPES = st.lists(st.sampled_from(["email", "phone", "city"]), min_size=1, max_size=3, unique=True)


@st.composite
def _people(draw: st.DrawFn) -> list[dict[str, Any]]:
    """People with the same names in the same order, each of whom has something."""
    shape = draw(SHAPES)
    values = draw(st.sampled_from([TEXTS, st.none() | TEXTS, GIVEN]))
    one = st.fixed_dictionaries(dict.fromkeys(shape, values)).filter(lambda own: any(own.values()))
    return [{name: own[name] for name in shape} for own in draw(st.lists(one, min_size=1, max_size=5))]


def _undecoded(people: list[dict[str, Any]], *, uniform: bool = True) -> UndecodedRecords:
    texts = [json.dumps(own, separators=(",", ":"), ensure_ascii=False) for own in people]
    return UndecodedRecords("add", ",".join(texts), len(people), uniform=uniform)


def _sent(given: list[Table]) -> list[tuple[int, dict[str, Any]]]:
    """Whose each row is, and what it says, read back from what is sent."""
    found: list[tuple[int, dict[str, Any]]] = []
    for table in given:
        sent = json.loads(written(table.written))
        rows = [dict(zip(sent["schema"], row, strict=True)) for row in sent["data"]]
        found += zip(table.owners, rows, strict=True)
    return found


@given(_people(), st.booleans())
@example([{"email": '","phone":"', "phone": None}, {"email": None, "phone": '},{"email":"'}], True)
@example([{"email": "a", "phone": None}, {"email": "b", "phone": None}], True)
def test_rows_of_what_is_undecoded_are_those_of_its_records(
    people: list[dict[str, Any]], uniform: bool
) -> None:
    records = [Record("add", "", own) for own in people]
    undecoded = _undecoded(people, uniform=uniform)
    expected = _sent(list(tables(records, KNOWN, 100, lacking="")))
    assert _sent(list(tables(undecoded, KNOWN, 100, lacking=""))) == expected
    assert list(undecoded) == records


def test_rows_are_passed_on_as_they_are_and_can_be_looked_at_all_the_same() -> None:
    (table,) = tables(
        _undecoded([{"email": "a", "phone": None}, {"email": "b", "phone": "1"}]), KNOWN, 9, lacking=""
    )
    assert isinstance(table.rows, Undecoded)
    assert list(table.rows) == [["a", ""], ["b", "1"]]


def test_records_that_are_worth_something_are_looked_at() -> None:
    (table,) = tables(_undecoded([{"email": "a", WORTH: "1.5"}]), KNOWN, 9, lacking="")
    assert table.rows == [["a", 1.5]]


def test_records_that_do_not_fit_into_one_call_are_divided() -> None:
    found = list(tables(_undecoded([{"email": "a"}, {"email": "b"}]), KNOWN, 1, lacking=""))
    assert [(list(table.rows), list(table.owners)) for table in found] == [([["a"]], [0]), ([["b"]], [1])]


def test_what_is_no_json_is_not_written_as_if_it_were() -> None:
    with pytest.raises(PydanticSerializationError, match="object cannot be written as JSON"):
        written({"value": object()})
