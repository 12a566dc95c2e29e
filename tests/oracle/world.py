"""The data that an evaluation reads: an instant, one entity, its tables, and the specs around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Key = int | str
Cell = str | int | Decimal | bool | date | datetime | list[str | None] | None
Row = Mapping[str, Cell]
Spec = Mapping[str, Any]
"""What people write, as YAML reads it; dates and times are still text."""
Written = Any
"""A part of a spec: text, a number, a boolean, a list or a mapping."""

_RELATION = re.compile(r"""^(?:ref|source)\(.*['"]([^'"]+)['"]\s*\)$""")


@dataclass(frozen=True)
class Table:
    """A table of the warehouse.

    Attributes:
        columns: each column's type: string, integer, number, boolean, date, timestamp, timestamptz, list.
        rows: a column that a row leaves out is null. Times are naive; those of a timestamptz are in UTC.
    """

    columns: Mapping[str, str]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class World:
    """One entity's data, and every spec that reads it.

    Attributes:
        as_of: the instant of the evaluation, naive in UTC.
        entity: the entity as `entities.yml` has it.
        tables: by the last name of the `ref()` or `source()` that the entity reads.
        traits: the calculated attributes, by name, as their files have them.
        audiences: the audiences, by name, as their files have them.
    """

    as_of: datetime
    entity: Spec
    tables: Mapping[str, Table]
    traits: Mapping[str, Spec] = field(default_factory=dict)
    audiences: Mapping[str, Spec] = field(default_factory=dict)

    @property
    def timezone(self) -> str:
        """The entity's time zone."""
        return str(self.entity.get("timezone", "UTC"))

    def table(self, relation: str) -> Table:
        """The table behind `ref('name')` or `source('schema', 'name')`."""
        return self.tables[table_name(relation)]


@dataclass(frozen=True)
class Column:
    """How a spec reads a column: what an attribute's or a property's declaration comes to."""

    column: str
    type: str
    timezone: str | None = None


def table_name(relation: str) -> str:
    """The name of the table in a `ref()` or a `source()`."""
    found = _RELATION.match(relation.strip())
    if found is None:
        raise ValueError(f"not a ref() or source(): {relation}")
    return found.group(1)


def column_of(name: str, declared: object, table: Table, default_type: str | None = None) -> Column:
    """Read an attribute's, a property's or a key's declaration.

    Args:
        name: the column, where the declaration does not name it.
        declared: nothing, a column's name, or a mapping of column, type and timezone.
        table: says the type, where the declaration does not.
        default_type: comes before the table's type; for the columns whose type has a default of its own.
    """
    if declared is None:
        declared = {}
    elif isinstance(declared, str):
        declared = {"column": declared}
    assert isinstance(declared, Mapping)
    column = str(declared.get("column", name))
    kind = declared.get("type") or default_type or table.columns[column]
    return Column(column, str(kind), declared.get("timezone"))
