"""What a trait calculates, from the one key that says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dbt_muster.specs.meaning import Calculation, DaysSince, Rate, Share, Shift
from dbt_muster.specs.models.trait import EventAggregate, ListAggregate, RateAggregate
from dbt_muster.specs.points import EXACT_UNITS, parse_period
from dbt_muster.specs.resolve.events import FUNCTIONS, Events
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath

_LONGEST_LIST = 100
_LENGTH_EXPECTED = "minutes, hours, days or weeks, such as `30 days`"
_PER_EXPECTED = "a unit or a length of minutes, hours, days or weeks, such as `week` or `30 days`"
_START_EXPECTED = "`within:` with minutes, hours, days or weeks, or `since:`"


def calculation(place: Place, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    """The value of a trait.

    Args:
        place: where the trait stands.
        name: the key that says what is calculated, one of CALCULATIONS.
        model: what stands at that key.
        path: where it stands.
    """
    return _BUILDERS.get(name, _aggregate)(Events(place, model, path), name, model, path)


def _aggregate(events: Events, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    function = next(function for function in (*FUNCTIONS, "unique_list") if function == name)
    return events.aggregate(function, getattr(model, "of", None), path)


def _unique_list(events: Events, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    limit = model.limit if isinstance(model, ListAggregate) else None
    found = events.aggregate("unique_list", getattr(model, "of", None), path)
    return replace(found, limit=limit or _LONGEST_LIST)


def _days_since_first(events: Events, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    return DaysSince(events.aggregate("first", None, path))


def _days_since_last(events: Events, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    return DaysSince(events.aggregate("last", None, path))


def _share(events: Events, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    of = getattr(model, "of", None)
    part = events.aggregate("count" if of is None else "sum", of, path)
    return Share(part, replace(part, where=None))


def _rate(events: Events, name: str, model: EventAggregate, path: YamlPath) -> Calculation:
    of = getattr(model, "of", None)
    amount = events.aggregate("count" if of is None else "sum", of, path)
    per = _per(events.place, model.per, (*path, "per")) if isinstance(model, RateAggregate) else None
    _check_length(events, model, path)
    return Rate(amount, per or Shift(1, "week"))


def _per(place: Place, text: str, path: YamlPath) -> Shift | None:
    """`week` and `2 weeks`: a length that is always the same."""
    length = parse_time(place.site, parse_period, text, path, _PER_EXPECTED)
    if length is None:
        return None
    if length.calendar or length.unit not in EXACT_UNITS:
        message = f"`{text}` is not always as long, so there is no rate for it"
        place.site.report(path, "wrong_time", message, expected=_PER_EXPECTED)
        return None
    return Shift(length.count, length.unit)


def _check_length(events: Events, model: EventAggregate, path: YamlPath) -> None:
    """A rate is over a window of a known length that ends now."""
    place, given = events.place, model.model_fields_set
    for key in ("between", "before", "on"):
        if key in given:
            message = f"a rate is over a time that ends now, so `{key}` cannot say which"
            place.site.report((*path, key), "window", message, expected=_START_EXPECTED, key=True)
            return
    start = events.window.start
    if "within" in given:
        if start is not None and not (isinstance(start, Shift) and start.unit in EXACT_UNITS):
            message = f"`{model.within}` is not always as long, so there is no rate over it"
            place.site.report((*path, "within"), "wrong_time", message, expected=_LENGTH_EXPECTED)
    elif not given & {"since", "after"}:
        message = "a rate is over a time, and this does not say since when"
        place.site.report(path, "window", message, expected=_START_EXPECTED, key=True)


_BUILDERS: dict[str, Callable[[Events, str, EventAggregate, YamlPath], Calculation]] = {
    "unique_list": _unique_list,
    "days_since_first": _days_since_first,
    "days_since_last": _days_since_last,
    "rate": _rate,
    "share": _share,
}
CALCULATIONS = (*FUNCTIONS, *_BUILDERS)
"""The keys that say what a trait calculates over events."""
