"""One form for everything that means the same, so that what two audiences share is built once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache

from dbt_muster.specs.canonical import canonical_json
from dbt_muster.specs.meaning import (
    AS_OF,
    Aggregate,
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    Length,
    NoneOf,
    Point,
    Sequence,
    Shift,
    Step,
    Unit,
    Window,
)

_EXACT_MINUTES: dict[Unit, int] = {"week": 10080, "day": 1440, "hour": 60, "minute": 1}
_CALENDAR_MONTHS: dict[Unit, int] = {"year": 12, "quarter": 3, "month": 1}


def short_hash(value: object) -> str:
    """Eight hex digits that stand for a canonical value in the name of a column or table."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:8]


@cache
def canonical_aggregate(aggregate: Aggregate) -> Aggregate:
    """The aggregate with its window and its `where` in canonical form."""
    where = None if aggregate.where is None else canonical_condition(aggregate.where)
    return replace(aggregate, window=canonical_event_window(aggregate.window), where=where)


def canonical_event_window(window: Window) -> Window:
    """A window over events: events end at `as_of` anyway, so an end there or later is no end."""
    end = None if window.end is None else canonical_point(window.end)
    if end == AS_OF or (isinstance(end, Shift) and end.count > 0):
        end = None
    return Window(None if window.start is None else canonical_point(window.start), end)


def canonical_point(point: Point) -> Point:
    """`72 hours ago` and `3 days ago` are one point: the largest unit that divides the length is used."""
    if not isinstance(point, Shift):
        return point
    if point.count == 0:
        return AS_OF
    sizes = _EXACT_MINUTES if point.unit in _EXACT_MINUTES else _CALENDAR_MONTHS
    length = point.count * sizes[point.unit]
    for unit, size in sizes.items():
        if unit not in ("week", "quarter") and length % size == 0:
            return Shift(length // size, unit)
    raise AssertionError("the smallest unit divides every length")


def canonical_condition(condition: Condition) -> Condition:
    """The condition with nested groups of one kind flattened, and the order of clauses made irrelevant."""
    match condition:
        case All(items):
            flat = _flattened(items, All)
            return flat[0] if len(flat) == 1 else All(flat)
        case AnyOf(items):
            flat = _flattened(items, AnyOf)
            return flat[0] if len(flat) == 1 else AnyOf(flat)
        case NoneOf(items):
            return NoneOf(_flattened(items, AnyOf))
        case Compare(operator="in" | "includes_any" | "includes_all"):
            return replace(condition, right=tuple(sorted(set(condition.right), key=canonical_json)))
        case During(left, window, negated):
            start = None if window.start is None else canonical_point(window.start)
            end = None if window.end is None else canonical_point(window.end)
            return During(left, Window(start, end), negated)
        case Sequence():
            return canonical_sequence(condition)
    return condition


def canonical_sequence(sequence: Sequence) -> Sequence:
    """The sequence with its window, its lengths and what its steps ask for in canonical form."""
    return Sequence(tuple(map(_canonical_step, sequence.steps)), canonical_event_window(sequence.window))


def _canonical_step(step: Step) -> Step:
    where = None if step.where is None else canonical_condition(step.where)
    return replace(step, where=where, within=None if step.within is None else _canonical_length(step.within))


def _canonical_length(length: Length) -> Length:
    point = canonical_point(Shift(length.count, length.unit))
    return Length(point.count, point.unit) if isinstance(point, Shift) else length


def _flattened(items: tuple[Condition, ...], kind: type[All] | type[AnyOf]) -> tuple[Condition, ...]:
    flat: list[Condition] = []
    for item in map(canonical_condition, items):
        if isinstance(item, All | AnyOf) and isinstance(item, kind):
            flat.extend(item.items)
        else:
            flat.append(item)
    return tuple(sorted(set(flat), key=canonical_json))
