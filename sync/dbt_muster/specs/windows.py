"""Windows of time: how the words that make one become its two ends, and which windows nothing can be in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from dbt_muster.specs.meaning import (
    AS_OF,
    Boundary,
    Instant,
    LocalMidnight,
    LocalTime,
    Point,
    Shift,
    Window,
)
from dbt_muster.specs.points import MINUTES, CalendarUnit, NotATimeError, parse_duration, parse_point

ON_EXPECTED = "a day, such as `2026-01-01`, `today`, `yesterday` or `30 days ago`"

_WIDEST_OFFSET = 26 * 60
"""Minutes between the clocks of the two zones that are furthest apart (UTC-12 and UTC+14)."""

_CLOCKS = 26 * 60
"""Minutes by which clocks may move between two local days; a day, where a zone crosses the date line."""

_UNEVENNESS = {"month": 4, "quarter": 4, "year": 2}
"""Days by which a number of these units may differ from its average length."""

_FIXED = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def within(text: str) -> Window:
    """`within: 30 days`: that long before now; with `calendar`, from a local midnight on.

    Raises:
        NotATimeError: the text is not a length of time.
    """
    length = parse_duration(text)
    if length.calendar:
        return Window(LocalMidnight(length.count, cast(CalendarUnit, length.unit)), AS_OF)
    return Window(Shift(-length.count, length.unit), AS_OF)


def within_next(text: str) -> Window:
    """`within_next: 14 days`: that long from now on.

    Raises:
        NotATimeError: the text is not a length of time, or counts calendar days.
    """
    length = parse_duration(text)
    if length.calendar:
        raise NotATimeError(
            f"`{text}` counts by the calendar, which looks back only", "a length such as `14 days`"
        )
    return Window(AS_OF, Shift(length.count, length.unit))


def on(text: str) -> Window:
    """`on: 2026-01-01`: that local day, from midnight to midnight.

    Raises:
        NotATimeError: the text is not a day.
    """
    point = parse_point(text)
    if isinstance(point, Boundary) and point.unit == "day":
        return Window(point, Boundary("day", point.shift + 1))
    if isinstance(point, Shift) and point.unit in ("day", "week"):
        days = point.count * (7 if point.unit == "week" else 1)
        return Window(Boundary("day", days), Boundary("day", days + 1))
    if isinstance(point, LocalTime) and point.local.time() == datetime.min.time():
        try:
            return Window(point, LocalTime(point.local + timedelta(days=1)))
        except OverflowError:  # the last day that a date can be: nothing follows it
            return Window(point, None)
    raise NotATimeError(f"`{text}` is not a day", ON_EXPECTED)


def is_empty(window: Window) -> bool:
    """Whether nothing can be in the window, whatever the instant and the time zone."""
    if window.start is None or window.end is None:
        return False
    return surely_not_before(window.start, window.end)


def is_future(window: Window) -> bool:
    """Whether the window surely starts now or later, so that no event can be in it."""
    return window.start is not None and surely_not_before(window.start, AS_OF)


def surely_not_before(first: Point, second: Point) -> bool:
    """Whether `first >= second` holds for every `as_of` and every time zone."""
    if isinstance(first, Boundary) and isinstance(second, Boundary) and first.unit == second.unit:
        return first.shift >= second.shift
    if isinstance(first, LocalTime | Instant) and isinstance(second, LocalTime | Instant):
        return _literal_not_before(first, second)
    if isinstance(first, Shift) and isinstance(second, Shift):
        exact = _exactly(first, second)
        if exact is not None:
            return exact
    ends = _span(first), _span(second)
    return ends[0] is not None and ends[1] is not None and ends[0][0] >= ends[1][1]


def _literal_not_before(first: LocalTime | Instant, second: LocalTime | Instant) -> bool:
    if isinstance(first, LocalTime) and isinstance(second, LocalTime):
        return first.local >= second.local
    if isinstance(first, Instant) and isinstance(second, Instant):
        return first.utc >= second.utc
    one = first.utc if isinstance(first, Instant) else first.local
    other = second.utc if isinstance(second, Instant) else second.local
    return one - other >= timedelta(minutes=_WIDEST_OFFSET)


def _exactly(first: Shift, second: Shift) -> bool | None:
    for units in (_FIXED, _MONTHS):
        if first.unit in units and second.unit in units:
            return first.count * units[first.unit] >= second.count * units[second.unit]
    return None


def _span(point: Point) -> tuple[float, float] | None:
    """The earliest and the latest that a relative point can lie, in minutes from now."""
    if isinstance(point, Shift):
        middle = point.count * MINUTES[point.unit]
        slack = _UNEVENNESS.get(point.unit, 0) * 1440 if point.count else 0
        return middle - slack, middle + slack
    if isinstance(point, LocalMidnight):
        middle = -point.count * MINUTES[point.unit]
        slack = _UNEVENNESS.get(point.unit, 0) * 1440
        return middle - slack - 1440 - _CLOCKS, middle + slack + _CLOCKS
    if isinstance(point, Boundary):
        length = MINUTES[point.unit]
        slack = _UNEVENNESS.get(point.unit, 0) * 1440 + _CLOCKS
        earliest, latest = (point.shift - 1) * length - slack, point.shift * length + slack
        # whatever its length, the unit that holds now has started, and the next one has not
        return (max(earliest, 0), latest) if point.shift > 0 else (earliest, min(latest, 0))
    return None
