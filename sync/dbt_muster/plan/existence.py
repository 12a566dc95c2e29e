"""Whether there is an event at all, asked of the time of the last one or of the first one.

"At least one order in the last 60 days" and "none in the last 90" are two counts, but one fact: when the last
order was. Most conditions on events are of this kind, so one column answers them for every window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from dbt_muster.plan.canonical import canonical_event_window
from dbt_muster.specs.meaning import (
    EVER,
    Aggregate,
    All,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    During,
    NoneOf,
    Periods,
    Type,
    Value,
    Window,
)

# Comparisons of a count that say "there is one", and those that say "there is none".
_SOME: set[tuple[Comparison, int]] = {("at_least", 1), ("more_than", 0)}
_NONE: set[tuple[Comparison, int]] = {("at_most", 0), ("less_than", 1), ("is", 0)}

TimeType = Callable[[str], Type]


def asked_of_times(condition: Condition, time_type: TimeType) -> Condition:
    """The condition with every question of existence asked of the first or the last event's time.

    A window with both ends says nothing about the first or the last event, so such a count stays.

    Args:
        condition: any condition.
        time_type: the type of an event's time as a feature table keeps it, by the name of its source.
    """
    match condition:
        case All(items):
            return All(tuple(asked_of_times(item, time_type) for item in items))
        case AnyOf(items):
            return AnyOf(tuple(asked_of_times(item, time_type) for item in items))
        case NoneOf(items):
            return NoneOf(tuple(asked_of_times(item, time_type) for item in items))
        case Compare(Periods(items, each), operator):
            holding = tuple(asked_of_times(item, time_type) for item in items)
            return replace(condition, left=Periods(holding, each))
        case Compare(Aggregate(function="count") as count, operator, (Value() as value,)):
            asked = (operator, _whole(value))
            if asked in _SOME | _NONE:
                return _of_times(count, condition.negated ^ (asked in _NONE), time_type) or condition
    return condition


def is_recency(aggregate: Aggregate) -> bool:
    """Whether it is the time of the last event ever.

    A condition that such a time lies in a window holds or fails whatever happened before the window's start.
    """
    return (aggregate.function, aggregate.of, aggregate.window) == ("last", None, EVER)


def _of_times(count: Aggregate, none: bool, time_type: TimeType) -> Condition | None:
    window = canonical_event_window(count.window)
    if window.start is not None and window.end is not None:
        return None
    time = replace(count, function="last", window=EVER, type=time_type(count.source))
    if window == EVER:
        return Compare(time, "is_set", negated=none)
    if window.start is not None:
        return During(time, Window(window.start, None), negated=none)
    return During(replace(time, function="first"), Window(None, window.end), negated=none)


def _whole(value: Value) -> int:
    """A literal as a whole number; -1 where it is none."""
    number = value.value
    return int(number) if isinstance(number, int | Decimal) and number == int(number) else -1
