"""Values as they are compared: text exactly, numbers as fractions, times as instants in UTC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.oracle import documents, patterns, points
from tests.oracle.world import Cell, Column, Row, Spec, Written

Plain = str | bool | Fraction | datetime | tuple[str | None, ...]
"""A value that is there; None is a missing one."""

TIMES = frozenset({"date", "timestamp", "timestamptz"})
NUMBERS = frozenset({"integer", "number"})

_COMPLEMENTS = {
    "is_not": "is",
    "not_in": "in",
    "not_contains": "contains",
    "not_starts_with": "starts_with",
    "not_ends_with": "ends_with",
    "not_matches": "matches",
    "not_within": "within",
}


@dataclass(frozen=True)
class Typed:
    """The left side of a comparison; its type says how literals on the right are read."""

    value: Plain | None
    type: str


Resolve = Callable[[Spec], Plain | None]
"""Reads an operand such as `{attribute: country}`."""


def count(number: int) -> Typed:
    """How many there are."""
    return Typed(Fraction(number), "integer")


def inferred(value: Plain | None) -> Typed:
    """A value that nothing declares the type of; where it is missing, no comparison asks for it."""
    if isinstance(value, bool):
        return Typed(value, "boolean")
    if isinstance(value, Fraction):
        return Typed(value, "number")
    return Typed(value, "timestamp" if isinstance(value, datetime) else "string")


def typed(row: Row, column: Column, entity_zone: ZoneInfo) -> Typed:
    """What a row has in a column, read the way that the column's declaration says."""
    return Typed(read(row.get(column.column), column, entity_zone), column.type)


def read(cell: Cell, column: Column, entity_zone: ZoneInfo) -> Plain | None:
    """Read a table's cell the way that its column's declaration says."""
    if column.path and isinstance(cell, str):
        cell = documents.cell(cell, column)
    if cell is None:
        return None
    if column.type == "date":
        assert isinstance(cell, date)
        return points.local_midnight(cell, entity_zone)
    if column.type in TIMES:
        assert isinstance(cell, datetime)
        zone = column.timezone if column.type == "timestamp" else None
        return points.to_utc(cell, ZoneInfo(zone)) if zone else cell
    return literal(cell)


def literal(written: Written) -> Plain:
    """A text, number, boolean or list, as a spec or a table has it."""
    if isinstance(written, bool | str):
        return written
    if isinstance(written, int | Decimal):
        return Fraction(written)
    if isinstance(written, float):
        return Fraction(repr(written))
    assert isinstance(written, list), written
    return tuple(written)


def compare(left: Typed, comparisons: Spec, resolve: Resolve, clock: points.Clock) -> bool:
    """Whether every comparison of a condition holds: two-valued, so a missing value is never unknown.

    Args:
        left: what is compared.
        comparisons: operators and their right sides, and perhaps `ignore_case`.
        resolve: reads an operand on the right.
        clock: what relative times are relative to.
    """
    comparison = _Comparison(left, resolve, clock, bool(comparisons.get("ignore_case", False)))
    operators = {key: value for key, value in comparisons.items() if key != "ignore_case"}
    return all(comparison.holds(operator, right) for operator, right in operators.items())


@dataclass(frozen=True)
class _Comparison:
    left: Typed
    resolve: Resolve
    clock: points.Clock
    ignore_case: bool

    def holds(self, operator: str, right: Written) -> bool:
        if operator == "is_set":
            return (self.left.value is not None) is right
        if operator in _COMPLEMENTS:
            return not self.positive(_COMPLEMENTS[operator], right)
        return self.positive(operator, right)

    def positive(self, operator: str, right: Written) -> bool:
        value = self.left.value
        if value is None:
            return False
        if operator in {"within", "within_next", "on", "before", "after", "since"} or (
            operator == "between" and self.left.type in TIMES
        ):
            assert isinstance(value, datetime)
            return self.during(value, operator, right)
        if operator in {"is", "in"} and self.left.type in TIMES and not isinstance(right, Mapping):
            assert isinstance(value, datetime)
            days = [right] if operator == "is" else right
            return any(self.same_time(value, day) for day in days)
        if operator in {"in", "between", "includes_any", "includes_all"}:
            rights = [self.operand(item) for item in right]
        else:
            rights = [self.operand(right)]
        if isinstance(value, tuple):
            return self.listed(value, operator, rights)
        if operator == "in":
            return any(other is not None and self.fold(value) == self.fold(other) for other in rights)
        if any(other is None for other in rights):
            return False
        if isinstance(value, str):
            return self.text(value, operator, [str(other) for other in rights])
        return _ordered(value, operator, rights)

    def same_time(self, value: datetime, right: Written) -> bool:
        """A day that is written down is equal to every time in it."""
        if isinstance(right, Mapping):
            return value == self.resolve(right)
        return points.inside(value, points.on(right, self.clock))

    def operand(self, written: Written) -> Plain | None:
        if isinstance(written, Mapping):
            return self.resolve(written)
        if self.left.type in TIMES:
            return points.point(written, self.clock)
        return literal(written)

    def fold(self, value: Plain | None) -> Plain | None:
        return value.lower() if self.ignore_case and isinstance(value, str) else value

    def during(self, value: datetime, operator: str, right: Written) -> bool:
        if operator == "within":
            return points.inside(value, points.within(right, self.clock))
        if operator == "within_next":
            return points.inside(value, points.within_next(right, self.clock))
        if operator == "on":
            return points.inside(value, points.on(right, self.clock))
        if operator == "between":
            start, end = (self.operand(item) for item in right)
        elif operator == "before":
            start, end = datetime.min, self.operand(right)
        else:
            start, end = self.operand(right), datetime.max
        if start is None or end is None:
            return False
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        return start <= value < end

    def text(self, value: str, operator: str, rights: list[str]) -> bool:
        if operator == "matches":
            return patterns.found(rights[0], value, ignore_case=self.ignore_case)
        if self.ignore_case:
            value, rights = value.lower(), [other.lower() for other in rights]
        if operator == "contains":
            return rights[0] in value
        if operator == "starts_with":
            return value.startswith(rights[0])
        if operator == "ends_with":
            return value.endswith(rights[0])
        return _ordered(value, operator, list(rights))

    def listed(self, value: tuple[str | None, ...], operator: str, rights: list[Plain | None]) -> bool:
        items = {self.fold(item) for item in value if item is not None}
        wanted = [self.fold(other) for other in rights]
        if operator == "includes_all":
            return all(other in items for other in wanted)
        return any(other in items for other in wanted)


def _ordered(value: Written, operator: str, rights: list[Written]) -> bool:
    if operator == "between":
        low, high = rights
        return bool(low <= value <= high)
    other = rights[0]
    results: dict[str, Callable[[], bool]] = {
        "is": lambda: value == other,
        "at_least": lambda: value >= other,
        "at_most": lambda: value <= other,
        "more_than": lambda: value > other,
        "less_than": lambda: value < other,
    }
    return results[operator]()
