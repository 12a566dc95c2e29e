"""Points in time and windows, as semantics.md has them: with zoneinfo alone, and always naive in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.world import Spec

Window = tuple[datetime | None, datetime | None]
"""Half-open: the start belongs, the end does not; None is open."""

WINDOW_KEYS = ("within", "between", "since", "before", "after", "on")

_EXACT = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_UNIT = r"(minute|hour|day|week|month|quarter|year)s?"
_LENGTH = re.compile(rf"^(\d+) {_UNIT}$")
_CALENDAR = re.compile(rf"^(\d+) calendar {_UNIT}$")
_AGO = re.compile(rf"^(\d+) {_UNIT} ago$")
_AHEAD = re.compile(rf"^in (\d+) {_UNIT}$")
_EDGE = re.compile(rf"^(start|end) of (last )?{_UNIT}$")


@dataclass(frozen=True)
class Clock:
    """The instant of the evaluation (naive, UTC) and the entity's time zone."""

    as_of: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day of the instant."""
        return to_local(self.as_of, self.zone).date()


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """What a local clock shows at an instant."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a local clock shows a time; the earlier one, where it shows it twice."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(tzinfo=None)


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, whether its clocks show 00:00 or skip it."""
    midnight = datetime(day.year, day.month, day.day)
    instant = to_utc(midnight, zone)
    if to_local(instant, zone) == midnight:
        return instant
    before, after = instant - timedelta(hours=3), instant + timedelta(hours=3)
    while after - before > timedelta(microseconds=1):
        middle = before + (after - before) / 2
        if to_local(middle, zone).date() < day:
            before = middle
        else:
            after = middle
    return after


def move_months(day: datetime, count: int) -> datetime:
    """Calendar steps; the day of the month is clamped to the month's last."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    following = datetime(year + month // 12, month % 12 + 1, 1)
    longest = (following - timedelta(days=1)).day
    return day.replace(year=year, month=month, day=min(day.day, longest))


def exact(length: str) -> timedelta:
    """The length of `week` or of `2 weeks`; months have none.

    Args:
        length: a unit, with a number before it or not.
    """
    count, unit = length_of(length)
    return count * _EXACT[unit]


def length_of(length: str) -> tuple[int, str]:
    """The number and the unit of `week`, `2 weeks` or `1 month`."""
    found = _LENGTH.match(length if length[0].isdigit() else f"1 {length}")
    assert found is not None, length
    return int(found[1]), found[2]


def move(moment: datetime, count: int, unit: str) -> datetime:
    """Move by exact lengths (minutes to weeks) or by calendar steps (months to years)."""
    if unit in _MONTHS:
        return move_months(moment, count * _MONTHS[unit])
    return moment + count * _EXACT[unit]


def start_of(day: date, unit: str) -> date:
    """The first day of the day's week (from Monday), month, quarter or year."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if unit == "year":
        return day.replace(month=1, day=1)
    return day


def _move_day(day: date, count: int, unit: str) -> date:
    return move(datetime(day.year, day.month, day.day), count, unit).date()


def point(text: str, clock: Clock) -> datetime:
    """The instant that a point in time means, such as `30 days ago` or `start of last month`.

    Args:
        text: the point as it is written.
        clock: what it is relative to.
    """
    if text == "now":
        return clock.as_of
    if text == "today":
        return local_midnight(clock.today, clock.zone)
    if text == "yesterday":
        return local_midnight(clock.today - timedelta(days=1), clock.zone)
    if found := _AGO.match(text):
        return move(clock.as_of, -int(found[1]), found[2])
    if found := _AHEAD.match(text):
        return move(clock.as_of, int(found[1]), found[2])
    if found := _EDGE.match(text):
        steps = (1 if found[1] == "end" else 0) - (1 if found[2] else 0)
        first = _move_day(start_of(clock.today, found[3]), steps, found[3])
        return local_midnight(first, clock.zone)
    return _absolute(text, clock.zone)


def _absolute(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC).replace(tzinfo=None)
    if moment == datetime(moment.year, moment.month, moment.day):
        return local_midnight(moment.date(), zone)
    return to_utc(moment, zone)


def within(length: str, clock: Clock) -> Window:
    """`within: 30 days` or `within: 30 calendar days`."""
    if found := _CALENDAR.match(length):
        day = _move_day(clock.today, -int(found[1]), found[2])
        return local_midnight(day, clock.zone), clock.as_of
    return point(f"{length} ago", clock), clock.as_of


def within_next(length: str, clock: Clock) -> Window:
    """`within_next: 30 days`."""
    return clock.as_of, point(f"in {length}", clock)


def on(day: str, clock: Clock) -> Window:
    """`on: 2026-01-31`, `on: yesterday` or `on: 3 days ago`: that local day."""
    if day in {"today", "yesterday"}:
        wanted = clock.today - timedelta(days=0 if day == "today" else 1)
    elif found := _AGO.match(day):
        wanted = _move_day(clock.today, -int(found[1]), found[2])
    else:
        wanted = date.fromisoformat(day)
    return local_midnight(wanted, clock.zone), local_midnight(wanted + timedelta(days=1), clock.zone)


def window(spec: Spec, clock: Clock) -> Window:
    """The window of an event condition or of a trait: all its window keys at once."""
    windows: list[Window] = []
    if "within" in spec:
        windows.append(within(spec["within"], clock))
    if "between" in spec:
        start, end = spec["between"]
        windows.append((point(start, clock), point(end, clock)))
    if "on" in spec:
        windows.append(on(spec["on"], clock))
    windows.extend((point(spec[key], clock), None) for key in ("since", "after") if key in spec)
    if "before" in spec:
        windows.append((None, point(spec["before"], clock)))
    starts = [start for start, _ in windows if start is not None]
    ends = [end for _, end in windows if end is not None]
    return max(starts, default=None), min(ends, default=None)


def inside(moment: datetime, edges: Window) -> bool:
    """Whether a moment lies in a window."""
    start, end = edges
    return (start or datetime.min) <= moment and (end is None or moment < end)
