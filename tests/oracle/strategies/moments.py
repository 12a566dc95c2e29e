"""Instants, points in time and windows, biased to where calendars and clocks are awkward."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.oracle import points
from tests.oracle.strategies.dice import Dice

ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Havana",  # changes its clocks at midnight
)

_MOMENT = timedelta(microseconds=1)
_ORDINARY = (
    datetime(2025, 7, 15, 12),
    datetime(2024, 2, 29, 12),
    datetime(2025, 3, 31),
    datetime(2024, 12, 31, 23, 59, 59, 999999),
    datetime(2025, 5, 31, 4),
    datetime(2024, 3, 1),
)
_LONGEST = {"minute": 90, "hour": 72, "day": 90, "week": 8, "month": 14, "quarter": 5, "year": 3}
_CALENDAR_UNITS = ("day", "week", "month", "quarter", "year")

Window = dict[str, object]


@cache
def clock_changes(zone: str) -> tuple[datetime, ...]:
    """The instants in 2023 to 2025 at which a zone's clocks change.

    The rules of years to come are changed by governments; of the past, every engine's copy says the same.
    """
    info = ZoneInfo(zone)

    def offset(moment: datetime) -> timedelta:
        return points.to_local(moment, info) - moment

    changes = []
    day = datetime(2023, 1, 1)
    while day.year < 2026:
        before, after = day, day + timedelta(days=1)
        if offset(before) != offset(after):
            while after - before > _MOMENT:
                middle = before + (after - before) / 2
                before, after = (middle, after) if offset(middle) == offset(before) else (before, middle)
            changes.append(after)
        day += timedelta(days=1)
    return tuple(changes)


def clock(dice: Dice) -> points.Clock:
    """A time zone and an instant: ordinary ones, ends of months, leap days, changes of clocks, midnights."""
    zone = dice.pick(ZONES)
    moments = list(_ORDINARY)
    for change in clock_changes(zone):
        today = points.to_local(change, ZoneInfo(zone)).date()
        moments += [change, points.local_midnight(today, ZoneInfo(zone))]
    moment = dice.pick(moments)
    step = timedelta(
        hours=dice.pick((0, 12, 24, -1, 1, 7 * 24 + 3, 30 * 24)), microseconds=dice.pick((0, 1, -1))
    )
    return points.Clock(moment + step, ZoneInfo(zone))


def is_plain(local: datetime, zone: ZoneInfo) -> bool:
    """Whether a local clock shows a time exactly once."""
    early = local.replace(tzinfo=zone, fold=0).utcoffset()
    return early == local.replace(tzinfo=zone, fold=1).utcoffset()


def length(dice: Dice, *, calendar: bool = False) -> str:
    """`3 days`, `1 month`, and `2 calendar weeks` where that is allowed."""
    is_calendar = calendar and dice.chance(50)
    unit = dice.pick(_CALENDAR_UNITS if is_calendar else tuple(_LONGEST))
    count = dice.number(1, _LONGEST[unit])
    plural = "s" if count != 1 or dice.chance(20) else ""
    return f"{count} {'calendar ' if is_calendar else ''}{unit}{plural}"


def day(dice: Dice, clock: points.Clock) -> str:
    """A date, mostly near the instant, or a change of the clocks."""
    near = clock.today
    changes = clock_changes(clock.zone.key)
    if changes and dice.chance(30):
        near = as_date(dice.pick(changes), clock.zone)
    return str(near + timedelta(days=dice.pick((0, -1, 1, -2, -30, -365, 30))))


def day_text(dice: Dice, clock: points.Clock) -> str:
    """A day as `on:` takes it."""
    if dice.chance(30):
        return dice.pick(("today", "yesterday", "3 days ago"))
    return day(dice, clock)


def _absolute(dice: Dice, clock: points.Clock) -> str:
    date_text = day(dice, clock)
    kind = dice.pick(("date", "local", "zoned"))
    if kind == "date":
        return date_text
    time = dice.pick(("00:00", "09:30:00", "23:59:59", "12:00:00.000001"))
    moment = f"{date_text}T{time}"
    if kind == "zoned":
        return moment + dice.pick(("Z", "+05:30", "-08:00"))
    return moment if time == "00:00" or is_plain(datetime.fromisoformat(moment), clock.zone) else date_text


def point(dice: Dice, clock: points.Clock, *, future: bool = False) -> str:
    """A point in time of any form; one that is always ahead only where that is allowed."""
    form = dice.pick(("ago", "absolute", "start", "end", "named", *(["ahead"] if future else [])))
    if form == "ago":
        return f"{length(dice)} ago"
    if form == "ahead":
        return f"in {length(dice)}"
    if form == "absolute":
        return _absolute(dice, clock)
    if form == "named":
        return dice.pick(("now", "today", "yesterday"))
    last = "last " if dice.chance(50) or (form == "end" and not future) else ""
    return f"{form} of {last}{dice.pick(_CALENDAR_UNITS)}"


def span(dice: Dice, clock: points.Clock, *, future: bool = False) -> tuple[str, str] | str:
    """Two points of which the first is earlier; a single one where they coincide."""
    first, second = point(dice, clock, future=future), point(dice, clock, future=future)
    start, end = points.point(first, clock), points.point(second, clock)
    if start == end:
        return first
    return (first, second) if start < end else (second, first)


def event_window(dice: Dice, clock: points.Clock) -> Window:
    """The window keys of an event condition: possible ones, that begin before the instant."""
    form = dice.pick(
        ("ever", "ever", "within", "within", "since", "before", "after", "between", "both", "on")
    )
    if form == "ever":
        return {}
    if form == "within":
        return {"within": length(dice, calendar=True)}
    if form == "on":
        window: Window = {"on": day_text(dice, clock)}
    elif form in {"between", "both"}:
        found = span(dice, clock)
        if isinstance(found, str):
            window = {"before": found}
        else:
            window = (
                {"between": list(found)} if form == "between" else {"since": found[0], "before": found[1]}
            )
    else:
        window = {form: point(dice, clock)}
    start, _ = points.window(window, clock)
    return window if start is None or start < clock.as_of else {}


def as_date(moment: datetime, zone: ZoneInfo) -> date:
    """The local day of an instant."""
    return points.to_local(moment, zone).date()
