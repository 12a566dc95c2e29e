"""Members as rows under columns, for platforms that take tables rather than members by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from dbt_muster.destinations.records import Record, Value
from dbt_muster.destinations.undecoded import UndecodedRecords
from dbt_muster.destinations.undecoded_rows import rows_of

Cells = list[str | float | None]
"""One row: a value or what stands for none, for each column."""

WORTH = "trait.value"
"""What a record has the trait under that says what its member is worth; the column holds numbers from 0."""


class Table(NamedTuple):
    """Rows of some members.

    Attributes:
        columns: what a platform calls each.
        rows: none of them empty.
        owners: whose each row is: the record's place, from 0.
    """

    columns: list[str]
    rows: Sequence[Cells]
    owners: Sequence[int]

    @property
    def written(self) -> dict[str, Any]:
        """As most platforms that take tables have them in JSON."""
        return {"schema": self.columns, "data": self.rows}


def tables(
    records: Sequence[Record], known: Mapping[str, str], size: int, *, lacking: str | None = None
) -> Iterator[Table]:
    """Records as tables of at most `size` rows, none where nobody has an identifier that is known.

    A record with several values of an identifier becomes several rows; what it has fewer values of is said
    again in each, so that every row stands for the same person by itself.

    Args:
        records: whose members they are.
        known: identifiers, and what a platform calls them. Those that nobody has make no column.
        size: rows that a call may have.
        lacking: what is said in a cell of what a person does not have.
    """
    if isinstance(records, UndecodedRecords) and lacking is not None and len(records) <= size:
        plain = {name: called for name, called in known.items() if name != WORTH}
        if found := rows_of(records, plain, lacking):
            yield Table(*found, range(len(records)))
            return
    held = [record.identifiers for record in records]
    named: set[str] = set().union(*held)
    # A column at a time, because what costs time here costs it two million times.
    given = {name: [each.get(name) for each in held] for name in known if name in named}
    columns = {name: values for name, values in given.items() if any(values)}
    whole = all(map(all, columns.values()))
    rows, owners = _rows(list(columns.values()), whole=whole)
    if lacking is not None and not whole:
        rows = [cells if all(cells) else [cell or lacking for cell in cells] for cells in rows]
    if WORTH in columns:
        rows = _with_numbers(rows, list(columns).index(WORTH))
    for start in range(0, len(rows), size):
        end = start + size
        yield Table([known[name] for name in columns], rows[start:end], owners[start:end])


def _rows(columns: Sequence[Sequence[Value]], *, whole: bool) -> tuple[list[Cells], Sequence[int]]:
    people = zip(*columns, strict=True)
    if list in set().union(*(map(type, values) for values in columns)):
        several = [(owner, cells) for owner, given in enumerate(people) for cells in _cells(given)]
        return [cells for _, cells in several], [owner for owner, _ in several]
    rows = cast(list[Cells], list(map(list, people)))
    if whole or all(map(any, rows)):
        return rows, range(len(rows))
    owners = [owner for owner, cells in enumerate(rows) if any(cells)]
    return [rows[owner] for owner in owners], owners


def _with_numbers(rows: Sequence[Cells], place: int) -> list[Cells]:
    return [[*cells[:place], max(0.0, float(cells[place] or 0)), *cells[place + 1 :]] for cells in rows]


def _cells(given: Sequence[Value]) -> list[Cells]:
    values = [value if isinstance(value, list) else [value] if value else [] for value in given]
    return [
        [own[min(place, len(own) - 1)] if own else None for own in values]
        for place in range(max(map(len, values), default=0))
    ]
