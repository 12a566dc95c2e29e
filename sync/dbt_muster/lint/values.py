"""What a value may be where several conditions about it hold: enough to see that nothing is left.

Everything here errs on one side: that nothing is left is said only where it is surely so, at every instant
and in every warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import ceil, floor

from dbt_muster.specs.meaning import Point, Type
from dbt_muster.specs.windows import surely_not_before

Number = int | Decimal
_FEW = 100
"""Whole numbers between two ends that are looked at one by one."""


@dataclass(frozen=True)
class Interval:
    """A number between two ends, each inclusive unless it is open; None is no end."""

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True)
class Among:
    """One of some values; `outside` is the complement."""

    values: frozenset[object]
    outside: bool = False


@dataclass(frozen=True)
class Span:
    """A time in a half-open window."""

    start: Point | None = None
    end: Point | None = None


@dataclass(frozen=True)
class Like:
    """A text or a list that contains, starts with, includes … something; `negated` is the complement."""

    operator: str
    value: object
    negated: bool = False


Restriction = Interval | Among | Span | Like


def nothing_left(restrictions: Iterable[Restriction], kind: Type) -> bool:
    """Whether no value of a type satisfies all of the restrictions."""
    found = frozenset(restrictions)
    if kind is Type.BOOLEAN:
        found |= {Among(frozenset({True, False}))}
    interval = _narrowed([each for each in found if isinstance(each, Interval)], kind)
    if _is_empty(interval):
        return True
    likes = [each for each in found if isinstance(each, Like)]
    if _opposed(likes) or _apart([each for each in found if isinstance(each, Span)]):
        return True
    return _none_of_few(found, interval, likes, kind)


def _narrowed(intervals: list[Interval], kind: Type) -> Interval:
    """The intersection; the ends of whole numbers are whole."""
    whole = kind is Type.INTEGER
    # Of two equal ends, the open one is the narrower: the larger below, the smaller above.
    lows = [
        _whole_low(end, is_open) if whole else (end, is_open)
        for end, is_open in map(_low, intervals)
        if end is not None
    ]
    highs = [
        _whole_high(end, is_open) if whole else (end, is_open)
        for end, is_open in map(_high, intervals)
        if end is not None
    ]
    low, low_open = max(lows, default=(None, False))
    high, high_open = min(highs, key=lambda end: (end[0], not end[1]), default=(None, False))
    return Interval(low, high, low_open, high_open)


def _low(interval: Interval) -> tuple[Number | None, bool]:
    return interval.low, interval.low_open


def _high(interval: Interval) -> tuple[Number | None, bool]:
    return interval.high, interval.high_open


def _whole_low(end: Number, is_open: bool) -> tuple[Number, bool]:
    return (floor(end) + 1 if is_open else ceil(end)), False


def _whole_high(end: Number, is_open: bool) -> tuple[Number, bool]:
    return (ceil(end) - 1 if is_open else floor(end)), False


def _is_empty(interval: Interval) -> bool:
    if interval.low is None or interval.high is None:
        return False
    open_end = interval.low_open or interval.high_open
    return interval.low > interval.high or (interval.low == interval.high and open_end)


def _apart(spans: list[Span]) -> bool:
    """Whether one window surely starts when or after another one ends."""
    starts = [each.start for each in spans if each.start is not None]
    ends = [each.end for each in spans if each.end is not None]
    return any(surely_not_before(start, end) for start, end in product(starts, ends))


def _opposed(likes: list[Like]) -> bool:
    """Whether two of them exclude each other."""
    said = set(likes)
    if any(Like(each.operator, each.value, not each.negated) in said for each in likes):
        return True
    starts = [str(each.value) for each in likes if each.operator == "starts_with" and not each.negated]
    ends = [str(each.value)[::-1] for each in likes if each.operator == "ends_with" and not each.negated]
    return any(
        not (one.startswith(other) or other.startswith(one))
        for texts in (starts, ends)
        for one, other in product(texts, texts)
    )


def _none_of_few(found: frozenset[Restriction], interval: Interval, likes: list[Like], kind: Type) -> bool:
    """Where only a few values are possible at all: whether none of them is left."""
    sets = [each for each in found if isinstance(each, Among)]
    candidates = _candidates([each.values for each in sets if not each.outside], interval, kind)
    if candidates is None:
        return False
    excluded = {value for each in sets if each.outside for value in each.values}
    return not any(
        value not in excluded and _within(value, interval) and all(_is_like(value, each) for each in likes)
        for value in candidates
    )


def _candidates(named: list[frozenset[object]], interval: Interval, kind: Type) -> Iterable[object] | None:
    """The only values that are possible; None where they are too many to look at."""
    if named:
        return frozenset.intersection(*named)
    low, high = interval.low, interval.high
    if low is None or high is None:
        return None
    if low == high:
        return [low]
    return range(int(low), int(high) + 1) if kind is Type.INTEGER and high - low <= _FEW else None


def _within(value: object, interval: Interval) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return True
    low, high = interval.low, interval.high
    above = low is None or value > low or (value == low and not interval.low_open)
    below = high is None or value < high or (value == high and not interval.high_open)
    return above and below


def _is_like(value: object, like: Like) -> bool:
    """Whether a text may be like that; of what only the warehouse can say, it may."""
    if not isinstance(value, str):
        return True
    wanted = str(like.value)
    match like.operator:
        case "contains":
            return (wanted in value) != like.negated
        case "starts_with":
            return value.startswith(wanted) != like.negated
        case "ends_with":
            return value.endswith(wanted) != like.negated
    return True
