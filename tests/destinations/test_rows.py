"""Members as rows under columns: nothing is lost, nothing is made up, and every row stands for one person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.destinations import Record
from dbt_muster.destinations.rows import WORTH, Cells, tables

KNOWN = {"email": "EMAIL", "phone": "PHONE", "city": "CT"}
VALUES = st.text("abc", min_size=1, max_size=3)
GIVEN = st.none() | VALUES | st.lists(VALUES, max_size=4)
PEOPLE = st.lists(st.dictionaries(st.sampled_from([*KNOWN, "unknown"]), GIVEN), max_size=6)


def records(people: list[dict[str, str | list[str] | None]]) -> list[Record]:
    return [Record("add", str(number), person) for number, person in enumerate(people)]


def whole(given_records: list[Record]) -> tuple[list[str], list[tuple[int, Cells]]]:
    """All rows, each with whose it is, and the identifiers that they have columns for."""
    names = {called: name for name, called in KNOWN.items()}
    found = list(tables(given_records, KNOWN, 100))
    assert len(found) <= 1
    return [names[each] for table in found for each in table.columns], [
        row for table in found for row in zip(table.owners, table.rows, strict=True)
    ]


@given(PEOPLE)
def test_rows_have_every_value_of_every_person_and_no_others(
    people: list[dict[str, str | list[str] | None]],
) -> None:
    given_records = records(people)
    columns, rows = whole(given_records)
    for owner, record in enumerate(given_records):
        own = [cells for whose, cells in rows if whose == owner]
        for place, column in enumerate(columns):
            assert {cells[place] for cells in own} - {None} == set(record.values(column))
            assert not record.values(column) or None not in {cells[place] for cells in own}


@given(PEOPLE)
def test_a_person_has_as_many_rows_as_values_of_what_they_have_most_of(
    people: list[dict[str, str | list[str] | None]],
) -> None:
    given_records = records(people)
    columns, rows = whole(given_records)
    for owner, record in enumerate(given_records):
        most = max((len(record.values(column)) for column in columns), default=0)
        assert sum(whose == owner for whose, _ in rows) == most


@given(PEOPLE)
def test_columns_are_those_that_somebody_has_in_the_order_of_what_is_known(
    people: list[dict[str, str | list[str] | None]],
) -> None:
    columns, _ = whole(records(people))
    assert columns == [name for name in KNOWN if any(person.get(name) for person in people)]


@given(PEOPLE, st.integers(1, 5))
def test_parts_are_the_rows_in_order_and_none_is_too_large(
    people: list[dict[str, str | list[str] | None]], size: int
) -> None:
    columns, rows = whole(records(people))
    parts = list(tables(records(people), KNOWN, size))
    assert [row for part in parts for row in zip(part.owners, part.rows, strict=True)] == rows
    assert all(1 <= len(part.rows) <= size for part in parts)
    assert all(part.columns == [KNOWN[name] for name in columns] for part in parts)


def test_what_a_person_lacks_may_be_said_and_what_they_are_worth_is_a_number_from_0() -> None:
    people: list[dict[str, str | list[str] | None]] = [
        {"email": "a", "phone": None, WORTH: "12.50"},
        {"email": "b", "phone": "1", WORTH: "-3"},
        {"email": ["c", "d"], WORTH: None},
    ]
    (table,) = tables(records(people), {**KNOWN, WORTH: "VALUE"}, 100, lacking="")
    assert table.columns == ["EMAIL", "PHONE", "VALUE"]
    assert table.rows == [["a", "", 12.5], ["b", "1", 0.0], ["c", "", 0.0], ["d", "", 0.0]]
    assert list(table.owners) == [0, 1, 2, 2]
