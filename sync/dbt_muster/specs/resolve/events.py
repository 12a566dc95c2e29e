"""Events: the window, the `where`, and the aggregate over what remains."""

from __future__ import annotations

from dbt_muster.specs.meaning import (
    AS_OF,
    EVER,
    Aggregate,
    AggregateFunction,
    Compare,
    Condition,
    Property,
    Type,
    Value,
    Window,
)
from dbt_muster.specs.models.comparisons import Comparisons
from dbt_muster.specs.models.conditions import EventCondition, Windowed
from dbt_muster.specs.models.trait import EventAggregate
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.points import DURATION_EXPECTED, POINT_EXPECTED, parse_point
from dbt_muster.specs.resolve.comparisons import comparisons
from dbt_muster.specs.resolve.literals import NUMBERS, TYPE_WORDS
from dbt_muster.specs.resolve.names import find_event
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.scope import Site, SourceScope
from dbt_muster.specs.resolve.times import parse_time, report_empty
from dbt_muster.specs.resolve.where import where
from dbt_muster.specs.windows import ON_EXPECTED, is_empty, is_future, on, within
from dbt_muster.specs.yaml_tree import YamlPath

FUNCTIONS: tuple[AggregateFunction, ...] = (
    "count",
    "distinct",
    "sum",
    "average",
    "min",
    "max",
    "first",
    "last",
)
_ORDERED = NUMBERS | {Type.DATE, Type.TIMESTAMP, Type.TIMESTAMPTZ, Type.UNKNOWN}
_ADDED = NUMBERS | {Type.UNKNOWN}
_ADMITTED = {"sum": _ADDED, "average": _ADDED, "min": _ORDERED, "max": _ORDERED}
"""The types of which an aggregate can be taken; the others take any but a list."""

_STARTS = ("since", "after")
_ENDS = ("before",)
_BOTH = ("within", "between", "on")


def event_conditions(place: Place, model: EventCondition, path: YamlPath) -> list[Condition]:
    """An event condition: what its aggregates say, or that there was one event at all."""
    base = _Events(place, model, path)
    given = [name for name in FUNCTIONS if name in model.model_fields_set]
    if not given:
        at_least_one = Value(1, Type.INTEGER)
        return [Compare(base.aggregate("count", None, path), "at_least", (at_least_one,))]
    found: list[Condition] = []
    for name in given:
        measure: Comparisons = getattr(model, name)
        at = (*path, name)
        aggregate = base.aggregate(name, getattr(measure, "of", None), at)
        found += comparisons(place, aggregate, name, measure, at)
    return found


def aggregate(place: Place, function: AggregateFunction, model: EventAggregate, path: YamlPath) -> Aggregate:
    """The aggregate of a trait."""
    return _Events(place, model, path).aggregate(function, getattr(model, "of", None), path)


class _Events:
    """The events that a condition or a trait is about."""

    def __init__(self, place: Place, model: EventCondition | EventAggregate, path: YamlPath) -> None:
        self.place = place
        self.source, self.kind = find_event(place.site, place.entity, model.event, (*path, "event"))
        self.window = event_window(place.site, model, path)
        inner = Place(place.site, place.catalog, place.entity, self.source, in_where=True)
        self.inner = inner
        self.where = where(inner, model.where, (*path, "where")) if model.where is not None else None

    def aggregate(self, function: AggregateFunction, of: str | None, path: YamlPath) -> Aggregate:
        """One aggregate over the events."""
        found = None if of is None else self.inner.property(of, (*path, "of"))
        if found is not None:
            self._check(function, found, (*path, "of"))
        return Aggregate(
            source=self.source.name if self.source else UNSAID,
            event=self.kind,
            function=function,
            of=found,
            window=self.window,
            where=self.where,
            type=_type(function, found, self.source),
        )

    def _check(self, function: AggregateFunction, of: Property, path: YamlPath) -> None:
        admitted = _ADMITTED.get(function)
        if of.type is Type.LIST or (admitted is not None and of.type not in admitted):
            what = "a number" if admitted is _ADDED else "a number or a time"
            expected = f"a property that is {what}" if admitted else "a property that holds one value"
            message = f"there is no {function} of `{of.name}`, which is {TYPE_WORDS[of.type]}"
            self.place.site.report(path, "type_mismatch", message, expected=expected)


def _type(function: AggregateFunction, of: Property | None, source: SourceScope | None) -> Type:
    if function in ("count", "distinct"):
        return Type.INTEGER
    if of is None:
        # The time of the first or the last event.
        return Type.DATE if source is not None and source.at.type is Type.DATE else Type.TIMESTAMP
    if function == "average":
        return Type.NUMBER
    if function == "sum":
        return Type.INTEGER if of.type is Type.INTEGER else Type.NUMBER
    return of.type


def event_window(site: Site, model: Windowed, path: YamlPath) -> Window:
    """The window in which events count; ever, where it is not said or is wrong, which is reported.

    An end at `as_of` is left open: no event exists at or after it.
    """
    given = [key for key in (*_BOTH, *_STARTS, *_ENDS) if key in model.model_fields_set]
    if not given or not _fit_together(site, given, path):
        return EVER
    window = EVER
    for key in given:
        part = _part(site, key, getattr(model, key), (*path, key))
        if part is None:
            return EVER
        window = Window(part.start or window.start, part.end or window.end)
    if is_empty(window):
        ends = model.between or [getattr(model, key) for key in given]
        report_empty(site, ends, (*path, given[0]))
        return EVER
    if is_future(window):
        message = "this window starts now or later, and no event has happened there yet"
        site.report(
            (*path, given[0]), "impossible_window", message, expected="a window that starts in the past"
        )
        return EVER
    return Window(window.start, None if window.end == AS_OF else window.end)


def _fit_together(site: Site, given: list[str], path: YamlPath) -> bool:
    """One key for both ends, or at most one for each end."""
    one_each = len(given) == 2 and given[0] in _STARTS and given[1] in _ENDS
    if len(given) == 1 or one_each:
        return True
    keys = " and ".join(f"`{key}`" for key in given)
    message = f"{keys} cannot stand together: one window has one start and one end"
    expected = "one of them, or `between: [<start>, <end>]`"
    site.report((*path, given[1]), "window", message, expected=expected, key=True)
    return False


def _part(site: Site, key: str, value: object, path: YamlPath) -> Window | None:
    if key == "within":
        return parse_time(site, within, value, path, DURATION_EXPECTED)
    if key == "on":
        return parse_time(site, on, value, path, ON_EXPECTED)
    if key == "between":
        ends = [
            parse_time(site, parse_point, item, (*path, index), POINT_EXPECTED)
            for index, item in enumerate(value if isinstance(value, list) else [value])
        ]
        return None if None in ends else Window(ends[0], ends[1])
    point = parse_time(site, parse_point, value, path, POINT_EXPECTED)
    if point is None:
        return None
    return Window(end=point) if key in _ENDS else Window(start=point)
