"""The data that an evaluation reads: an instant, entities, their tables, and the specs around them."""

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
        columns: each column's type: string, integer, number, boolean, date, timestamp, timestamptz, list,
            float (degrees) or json.
        rows: a column that a row leaves out is null. Times are naive; those of a timestamptz are in UTC. JSON
            is its text.
    """

    columns: Mapping[str, str]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class World:
    """The data of an entity, and of those around it, and every spec that reads it.

    Attributes:
        as_of: the instant of the evaluation, naive in UTC.
        entity: the entity as `entities.yml` has it.
        tables: by the last name of the `ref()` or `source()` that the entities read.
        traits: the calculated attributes, by name, as their files have them.
        audiences: the audiences, by name, as their files have them.
        others: the other entities.
        groups: the groups of audiences, by name, as their files have them.
        before: the instants of the evaluations before this one, in the order in which they ran.
    """

    as_of: datetime
    entity: Spec
    tables: Mapping[str, Table]
    traits: Mapping[str, Spec] = field(default_factory=dict)
    audiences: Mapping[str, Spec] = field(default_factory=dict)
    others: tuple[Spec, ...] = ()
    groups: Mapping[str, Spec] = field(default_factory=dict)
    before: tuple[datetime, ...] = ()

    @property
    def entities(self) -> Mapping[str, Spec]:
        """Every entity by its name, the first one first."""
        return {entity["entity"]: entity for entity in (self.entity, *self.others)}

    def entity_of(self, spec: Spec) -> Spec:
        """The entity that an audience, a trait or a group is of."""
        return self.entities[spec["entity"]]

    def key_of(self, spec: Spec) -> str:
        """The column that holds the keys of the members of an audience."""
        entity = self.entity_of(spec)
        return column_of("key", entity["key"], self.table(entity["model"])).column

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
    path: tuple[str, ...] = ()


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
        declared: nothing, a column's name, or a mapping of column (or path), type and timezone.
        table: says the type, where the declaration does not.
        default_type: comes before the table's type; for the columns whose type has a default of its own.
    """
    if declared is None:
        declared = {}
    elif isinstance(declared, str):
        declared = {"column": declared}
    assert isinstance(declared, Mapping)
    path = declared.get("path") or [declared.get("column", name)]
    column, *keys = path.split(".") if isinstance(path, str) else path
    kind = declared.get("type") or default_type or table.columns[column]
    return Column(column, str(kind), declared.get("timezone"), tuple(keys))
