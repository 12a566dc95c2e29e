"""The tests of audiences: rows in, members out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from dbt_muster.specs.meaning.times import Instant, LocalTime, Point
from dbt_muster.specs.meaning.values import Position, Type

Cell = str | int | Decimal | bool | Point | tuple[str, ...] | None
"""A value of a given row: a time is a Point, a list a tuple of texts."""


@dataclass(frozen=True)
class GivenRows:
    """Rows that a test gives of one table. A column that a row does not give is null there."""

    columns: dict[str, Type]  # every column given; UNKNOWN only where no row has a value for it
    rows: tuple[dict[str, Cell], ...]


NO_ROWS = GivenRows({}, ())


@dataclass(frozen=True)
class EntityRows:
    """Rows that a test gives of an entity's tables."""

    rows: GivenRows = NO_ROWS  # of its own table
    aliases: GivenRows = NO_ROWS
    events: dict[str, GivenRows] = field(default_factory=dict)  # by event source


@dataclass(frozen=True)
class Case:
    """A test of an audience: rows in, members out. Every table that is not given is empty."""

    name: str
    audience: str
    description: str
    as_of: Instant | LocalTime
    given: dict[str, EntityRows]  # by entity; those around the audience's own may be among them
    expect: tuple[str | int, ...]  # keys, in the order written
    position: Position

    def rows_of(self, entity: str) -> EntityRows:
        """The rows of an entity's tables."""
        return self.given.get(entity, EntityRows())
