"""One value from many events."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle import points
from tests.oracle.entities import Event, Source
from tests.oracle.values import Typed
from tests.oracle.world import Spec

AGGREGATES = (
    *("count", "distinct", "sum", "average", "min", "max", "first", "last", "most_frequent"),
    *("unique_list", "days_since_first", "days_since_last", "rate", "share"),
)
CAP = 100
"""How many texts a list holds where it does not say."""

_DAY = timedelta(days=1)


def aggregate(
    function: str, spec: Spec, source: Source, events: list[Event], whole: list[Event], clock: points.Clock
) -> Typed:
    """What an aggregate finds.

    Args:
        function: one of AGGREGATES.
        spec: its `of`, `limit`, `per` and window.
        source: where the events are from.
        events: those that match.
        whole: those of the kind in the window, whatever `where` says; a share is of them.
        clock: what days are counted back from.
    """
    if function == "count":
        return Typed(Fraction(len(events)), "integer")
    if function == "rate":
        periods = _periods(spec, clock)
        return Typed(_amount(spec, source, events) / periods if periods > 0 else None, "number")
    if function == "share":
        total = _amount(spec, source, whole)
        return Typed(_amount(spec, source, events) / total if total else None, "number")
    if function in {"days_since_first", "days_since_last"}:
        moments = [event.at for event in events]
        moment = (min if function == "days_since_first" else max)(moments, default=None)
        return Typed(None if moment is None else Fraction((clock.as_of - moment) // _DAY), "integer")
    found = _found(spec, source, events)
    return _reduce(function, spec, source.column(spec["of"]).type if "of" in spec else source.at.type, found)


def _found(spec: Spec, source: Source, events: list[Event]) -> list[tuple[Event, Any]]:
    """Events, and the values of what is aggregated, where they are there."""
    pairs = [(event, source.value(spec["of"], event).value if "of" in spec else event.at) for event in events]
    return [(event, value) for event, value in pairs if value is not None]


def _amount(spec: Spec, source: Source, events: list[Event]) -> Fraction:
    """The sum of a property, or how many events there are."""
    if "of" not in spec:
        return Fraction(len(events))
    return sum((value for _, value in _found(spec, source, events)), Fraction(0))


def _periods(spec: Spec, clock: points.Clock) -> Fraction:
    """How many periods of `per` the window is long."""
    if "within" in spec:
        length = points.exact(spec["within"])
    else:
        length = clock.as_of - points.point(spec["since"], clock)
    return _seconds(length) / _seconds(points.exact(spec["per"]))


def _seconds(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 10**6)


def _reduce(function: str, spec: Spec, kind: str, found: list[tuple[Event, Any]]) -> Typed:
    """One value from the events whose value is there."""
    everything = [value for _, value in found]
    if function == "distinct":
        return Typed(Fraction(len(set(everything))), "integer")
    if function == "sum":
        return Typed(sum(everything, Fraction(0)), "number")
    if not found:
        return Typed(None, {"average": "number", "unique_list": "list"}.get(function, kind))
    if function == "average":
        return Typed(sum(everything, Fraction(0)) / len(everything), "number")
    if function in {"min", "max"}:
        return Typed((min if function == "min" else max)(everything), kind)
    if function == "most_frequent":
        counts = Counter(everything)
        return Typed(min(counts, key=lambda value: (-counts[value], value)), kind)
    if function == "unique_list":
        return Typed(tuple(sorted(set(everything))[: spec.get("limit", CAP)]), "list")
    return Typed(_edge(function, found), kind)


def _edge(function: str, found: list[tuple[Event, Any]]) -> Any:
    """The value of the first or of the last event; ties by id, then by the value."""
    moments: list[datetime] = [event.at for event, _ in found]
    moment = min(moments) if function == "first" else max(moments)
    tied = [(event, value) for event, value in found if event.at == moment]
    return min(tied, key=lambda one: (one[0].tie, one[1]))[1]
