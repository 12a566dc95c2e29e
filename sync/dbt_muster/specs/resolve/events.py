"""Events: the window, the `where`, and the aggregate over what remains."""

from __future__ import annotations

from dbt_muster.specs.expected import EXPECTED
from dbt_muster.specs.meaning import (
    AS_OF,
    EVER,
    Aggregate,
    AggregateFunction,
    Compare,
    Condition,
    During,
    Property,
    Type,
    Value,
    Window,
)
from dbt_muster.specs.models.comparisons import Comparisons
from dbt_muster.specs.models.conditions import EventCondition
from dbt_muster.specs.models.trait import EventAggregate
from dbt_muster.specs.models.where import WINDOW_KEYS, Windows
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.points import DURATION_EXPECTED, POINT_EXPECTED, parse_point
from dbt_muster.specs.resolve.comparisons import comparisons
from dbt_muster.specs.resolve.literals import NUMBERS, TYPE_WORDS
from dbt_muster.specs.resolve.names import find_event
from dbt_muster.specs.resolve.periods import in_periods
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
    "most_frequent",
)
_ORDERED = NUMBERS | {Type.DATE, Type.TIMESTAMP, Type.TIMESTAMPTZ, Type.UNKNOWN}
_ADDED = NUMBERS | {Type.UNKNOWN}
_ADMITTED = {
    "sum": (_ADDED, "a number"),
    "average": (_ADDED, "a number"),
    "min": (_ORDERED, "a number or a time"),
    "max": (_ORDERED, "a number or a time"),
    "unique_list": (frozenset({Type.STRING, Type.UNKNOWN}), "text"),
}
"""The types of which an aggregate can be taken, and in words; the others take any but a list."""

_STARTS = ("since", "after")
_ENDS = ("before",)
_BOTH = ("within", "between", "on")


def event_conditions(place: Place, model: EventCondition, path: YamlPath) -> list[Condition]:
    """An event condition: what its aggregates say, or that there was one event at all."""
    base = Events(place, model, path)
    asked: list[Condition] = []
    given = [name for name in FUNCTIONS if name in model.model_fields_set]
    for name in given:
        measure: Comparisons = getattr(model, name)
        at = (*path, name)
        aggregate = base.aggregate(name, getattr(measure, "of", None), at)
        asked += comparisons(place, aggregate, name, measure, at)
    if not given and (model.first_time is None or model.periods is not None):
        asked = [_at_all(base, path)]
    if model.periods is not None:
        asked = in_periods(place, model, asked, path)
    return _first_time(base, model, path) + asked


def _first_time(base: Events, model: EventCondition, path: YamlPath) -> list[Condition]:
    """That the first of all matching events lies in a window."""
    if model.first_time is None:
        return []
    site, at = base.place.site, (*path, "first_time")
    beside = next((key for key in WINDOW_KEYS if key in model.model_fields_set), None)
    if beside is not None:
        message = f"`first_time` looks at all of time, so no `{beside}` stands beside it"
        expected = "the window in `first_time`, and other windows in a condition of their own"
        site.report((*path, beside), "window", message, expected=expected, key=True)
        return []
    if not model.first_time.model_fields_set:
        site.report(at, "window", "`first_time` is empty", expected=EXPECTED["first_time"])
    window = event_window(site, model.first_time, at)
    if window == EVER:  # `before: now`: whenever it was
        return [_at_all(base, path)]
    return [During(base.aggregate("first", None, path), window)]


def _at_all(base: Events, path: YamlPath) -> Condition:
    return Compare(base.aggregate("count", None, path), "at_least", (Value(1, Type.INTEGER),))


class Events:
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
        if of.type is Type.LIST or (admitted is not None and of.type not in admitted[0]):
            expected = f"a property that is {admitted[1]}" if admitted else "a property that holds one value"
            message = (
                f"there is no {function.replace('_', ' ')} of `{of.name}`, which is {TYPE_WORDS[of.type]}"
            )
            self.place.site.report(path, "type_mismatch", message, expected=expected)


def _type(function: AggregateFunction, of: Property | None, source: SourceScope | None) -> Type:
    if function in ("count", "distinct"):
        return Type.INTEGER
    if of is None:
        # The time of the first or the last event.
        return Type.DATE if source is not None and source.at.type is Type.DATE else Type.TIMESTAMP
    if function == "unique_list":
        return Type.LIST
    if function == "average":
        return Type.NUMBER
    if function == "sum":
        return Type.INTEGER if of.type is Type.INTEGER else Type.NUMBER
    return of.type


def event_window(site: Site, model: Windows, path: YamlPath) -> Window:
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
