"""Points in time and windows, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

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
from dbt_muster.words.voice import Voice

_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def counted(count: int, noun: str) -> str:
    """`1 day`, `3 days`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def point_words(point: Point) -> str:
    """A point in time: `30 days ago`, `the start of this month`, `2026-01-01`."""
    match point:
        case Shift(0, _):
            return "now"
        case Shift(count, unit):
            return f"{counted(-count, unit)} ago" if count < 0 else f"in {counted(count, unit)}"
        case LocalMidnight(count, unit):
            return f"midnight {counted(count, unit)} ago" if count else "midnight today"
        case Boundary(unit, shift):
            return f"the start of {_which(unit, shift)}"
        case Instant(utc):
            return f"{clock_words(utc)} UTC"
        case LocalTime(local):
            return clock_words(local)


def window_words(window: Window, voice: Voice) -> str:
    """When something lies, such as `in the last 60 days (from 2026-01-01)`; empty for ever."""
    return _plain(window) + _dates(window, voice)


def _plain(window: Window) -> str:
    start, end = window.start, window.end
    day = _day(start, end)
    if day:
        return day
    if start is None:
        return "" if end is None else f"before {point_words(end)}"
    if end is None:
        return f"since {point_words(start)}"
    if end == AS_OF:
        return _last(start)
    if start == AS_OF:
        length = counted(end.count, end.unit) if isinstance(end, Shift) else f"time to {point_words(end)}"
        return f"in the next {length}"
    return f"from {point_words(start)} to just before {point_words(end)}"


def _last(start: Point) -> str:
    """Windows that end now: `within`."""
    match start:
        case Shift(count, unit) if count < 0:
            return f"in the last {counted(-count, unit)}"
        case LocalMidnight(count, unit):
            return f"in the last {counted(count, f'calendar {unit}')}"
    return f"since {point_words(start)}"


def _day(start: Point | None, end: Point | None) -> str:
    """One whole day, as `on` makes it; empty for any other window."""
    match start, end:
        case Boundary("day", one), Boundary("day", other) if other == one + 1:
            return _DAYS.get(one) or ("on the day " + point_words(Shift(one, "day")))
        case LocalTime(one), LocalTime(other) if other - one == timedelta(days=1):
            return f"on {clock_words(one)}"
    return ""


def _dates(window: Window, voice: Voice) -> str:
    """The ends of a window that moves, as dates."""
    if voice.dated is None or not any(
        isinstance(point, Shift | LocalMidnight | Boundary) for point in (window.start, window.end)
    ):
        return ""
    start = voice.dated(window.start) if window.start is not None else None
    end = voice.dated(window.end) if window.end is not None else None
    if start and end:
        return f" ({start} to {end})"
    return f" (from {start})" if start else f" (until {end})"


def _which(unit: str, shift: int) -> str:
    if unit == "day" and shift in _DAYS:
        return _DAYS[shift]
    if shift in (-1, 0, 1):
        return f"{ {-1: 'last', 0: 'this', 1: 'next'}[shift] } {unit}"
    return f"the {unit} {counted(abs(shift), unit)} {'ago' if shift < 0 else 'ahead'}"


def clock_words(moment: datetime) -> str:
    """A date where it is midnight, else the time too, no finer than it needs to be."""
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return f"{moment:%Y-%m-%d}"
    seconds = moment.second or moment.microsecond
    return moment.isoformat(" ", "auto" if seconds else "minutes")
