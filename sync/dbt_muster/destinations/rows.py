"""Members as rows under columns, for platforms that take tables rather than members by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dbt_muster.destinations.people import pieces
from dbt_muster.destinations.records import Record, Value


class Row(NamedTuple):
    """One row, and whose it is.

    Attributes:
        owner: the record's place, from 0.
        cells: a value or None for each column.
    """

    owner: int
    cells: list[str | None]


class Table(NamedTuple):
    """Rows of some members.

    Attributes:
        columns: what a platform calls each.
    """

    columns: list[str]
    rows: Sequence[Row]


def tables(records: Sequence[Record], known: Mapping[str, str], size: int) -> Iterator[Table]:
    """Records as tables of at most `size` rows, none where nobody has an identifier that is known.

    Args:
        records: whose members they are.
        known: identifiers, and what a platform calls them. Those that nobody has make no column.
        size: rows that a call may have.
    """
    named: set[str] = set().union(*(record.identifiers for record in records))
    used = [
        name for name in known if name in named and any(record.identifiers.get(name) for record in records)
    ]
    for rows in pieces(_rows_of(records, used), size):
        yield Table([known[name] for name in used], rows)


def _rows_of(records: Sequence[Record], columns: Sequence[str]) -> list[Row]:
    """The records as rows, each with a cell for every column.

    A record with several values of an identifier becomes several rows; what it has fewer values of is said
    again in each, so that every row stands for the same person by itself.

    Args:
        records: whose members they are.
        columns: names of identifiers.
    """
    held = [record.identifiers for record in records]
    # A column at a time, because what costs time here costs it two million times.
    known = [[identifiers.get(column) for identifiers in held] for column in columns]
    people = enumerate(zip(*known, strict=True))
    if list in set().union(*(map(type, values) for values in known)):
        return [Row(owner, cells) for owner, given in people for cells in _cells(given)]
    return [Row(owner, list(given)) for owner, given in people if any(given)]


def _cells(given: Sequence[Value]) -> list[list[str | None]]:
    values = [value if isinstance(value, list) else [value] if value else [] for value in given]
    return [
        [own[min(place, len(own) - 1)] if own else None for own in values]
        for place in range(max(map(len, values), default=0))
    ]
