"""Periods: in how many of the last windows of one length something happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    NoneOf,
    Periods,
    Shift,
    Value,
    Window,
)
from dbt_muster.specs.models.conditions import EventCondition, PeriodsSpec
from dbt_muster.specs.models.where import WINDOW_KEYS
from dbt_muster.specs.names import one_of
from dbt_muster.specs.points import FURTHEST_YEARS, Duration, NotATimeError, parse_duration, parse_period
from dbt_muster.specs.resolve.comparisons import comparisons
from dbt_muster.specs.resolve.groups import joined
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath

_ASKED = ("count", "sum", "average", "min", "max")
"""What can be asked of each period: values that many windows share a table for."""

_OTHERS = ("distinct", "first", "last", "most_frequent")
_EACH_EXPECTED = "a unit or a length of time, such as `week`, `30 days` or `month`"


def in_periods(
    place: Place, model: EventCondition, asked: list[Condition], path: YamlPath
) -> list[Condition]:
    """The condition that what is asked holds in so many periods.

    Args:
        place: where the condition stands.
        model: the event condition; it has `periods`.
        asked: what is asked of the events of one period.
        path: where the event condition stands.
    """
    spec = model.periods
    if spec is None or not _fit_together(place, model, path):
        return []
    each = _each(place, spec, (*path, "periods", "each"))
    one = joined(asked)
    if each is None or one is None:
        return []
    holding = tuple(_moved(one, window) for window in _windows(each, spec.of))
    left = Periods(holding, Shift(each.count, each.unit))
    found = comparisons(place, left, "periods", spec, (*path, "periods"))
    _check_reach(place, found, spec.of, (*path, "periods"))
    return found


def _fit_together(place: Place, model: EventCondition, path: YamlPath) -> bool:
    given = model.model_fields_set
    window = next((key for key in WINDOW_KEYS if key in given), None)
    if window is not None:
        message = f"`periods` says which times are looked at, so no `{window}` stands beside it"
        expected = "`periods` alone, or the window in a condition of its own"
        place.site.report((*path, window), "window", message, expected=expected, key=True)
    other = next((key for key in _OTHERS if key in given), None)
    if other is not None:
        message = f"`{other}` cannot be asked of each period"
        place.site.report((*path, other), "aggregate", message, expected=one_of(_ASKED), key=True)
    return window is None and other is None


def _each(place: Place, spec: PeriodsSpec, path: YamlPath) -> Duration | None:
    """The length of one period; all of them together must not reach too far back."""

    def parse(text: str) -> Duration:
        length = parse_period(text)
        if length.calendar:
            raise NotATimeError(
                f"`{text}` counts by the calendar, and periods are counted back from now", _EACH_EXPECTED
            )
        try:
            parse_duration(f"{length.count * spec.of} {length.unit}")
        except NotATimeError as error:
            raise NotATimeError(
                f"{spec.of} periods of `{text}` reach back more than {FURTHEST_YEARS} years",
                "fewer periods, or shorter ones",
            ) from error
        return length

    return parse_time(place.site, parse, spec.each, path, _EACH_EXPECTED)


def _windows(each: Duration, of: int) -> Sequence[Window]:
    """The windows, the latest first; it has no end, since no event is at or after now."""
    starts = [Shift(-number * each.count, each.unit) for number in range(1, of + 1)]
    return [Window(start, end) for start, end in zip(starts, [None, *starts], strict=False)]


def _moved(condition: Condition, window: Window) -> Condition:
    """A condition about events, asked of a window."""
    match condition:
        case All(items):
            return All(tuple(_moved(item, window) for item in items))
        case AnyOf(items):
            return AnyOf(tuple(_moved(item, window) for item in items))
        case NoneOf(items):
            return NoneOf(tuple(_moved(item, window) for item in items))
        case Compare(Aggregate() as left) | During(Aggregate() as left):
            return replace(condition, left=replace(left, window=window))
    return condition


def _check_reach(place: Place, found: list[Condition], of: int, path: YamlPath) -> None:
    """More periods than there are can never be asked for."""
    for condition in found:
        match condition:
            case Compare(Periods(), "at_least" | "is" | "more_than" as operator, (Value(int() as number),)):
                if number > of or (operator == "more_than" and number == of):
                    message = f"there are {of} periods, so this holds for nobody"
                    expected = f"a number up to {of - (operator == 'more_than')}"
                    place.site.report((*path, operator), "impossible_range", message, expected=expected)
