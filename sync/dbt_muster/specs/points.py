"""Points in time and lengths of time, from the words that people write.

`2026-01-01`, `2026-01-01T09:00:00+01:00`, `30 days ago`, `in 14 days`, `now`, `today`, `yesterday`,
`start of month`, `start of last week`, `end of quarter`, `end of last year`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from dbt_muster.specs.meaning import AS_OF, Boundary, Instant, LocalTime, Point, Shift, Unit
from dbt_muster.specs.names import nearest

UNITS: tuple[Unit, ...] = ("minute", "hour", "day", "week", "month", "quarter", "year")
CalendarUnit = Literal["day", "week", "month", "quarter", "year"]
CALENDAR_UNITS: tuple[CalendarUnit, ...] = ("day", "week", "month", "quarter", "year")
MINUTES = {
    "minute": 1,
    "hour": 60,
    "day": 1440,
    "week": 10080,
    "month": 43800,
    "quarter": 131400,
    "year": 525600,
}
"""The length of each unit, about, in minutes."""

EXACT_UNITS: tuple[Unit, ...] = ("minute", "hour", "day", "week")
"""The units that are always as long."""

FURTHEST_YEARS = 200
"""How far a relative point may lie from now."""

POINT_EXPECTED = (
    "a point in time, such as `2026-01-01`, `2026-01-01T09:00:00+01:00`, `30 days ago`, `in 14 days`, "
    "`today` or `start of month`"
)
DURATION_EXPECTED = "a length of time, such as `30 days`, `72 hours` or `2 calendar months`"

_DATE = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?)?\Z"
)
_AGO = re.compile(r"([0-9]+)\s+([a-z]+)\s+ago\Z")
_AHEAD = re.compile(r"in\s+([0-9]+)\s+([a-z]+)\Z")
_EDGE = re.compile(r"(start|end)\s+of\s+(last\s+)?([a-z]+)\Z")
_DURATION = re.compile(r"([0-9]+)\s+(calendar\s+)?([a-z]+)\Z")

_WORDS: dict[str, Point] = {
    "now": AS_OF,
    "today": Boundary("day", 0),
    "yesterday": Boundary("day", -1),
}


class NotATimeError(ValueError):
    """A text is not a point or a length of time; says what was expected, and the nearest right spelling."""

    def __init__(self, message: str, expected: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.suggestion = suggestion


@dataclass(frozen=True)
class Duration:
    """A length of time; `calendar` counts whole local days, weeks or months."""

    count: int
    unit: Unit
    calendar: bool


def parse_duration(text: str) -> Duration:
    """A length of time: `72 hours`, `1 month`, `2 calendar weeks`.

    Raises:
        NotATimeError: the text is none, or it is zero or longer than 200 years.
    """
    match = _DURATION.match(_tidy(text))
    if not match:
        raise NotATimeError(f"`{text}` is not a length of time", DURATION_EXPECTED, _duration_meant(text))
    count, unit = _count(text, match[1]), _unit(text, match[3], DURATION_EXPECTED)
    if count == 0:
        raise NotATimeError(f"`{text}` is no time at all", "a length of time of one or more")
    _check_distance(text, count, unit)
    calendar = match[2] is not None
    if calendar and unit not in CALENDAR_UNITS:
        raise NotATimeError(
            f"`{text}` counts {unit}s by the calendar",
            "calendar days, weeks, months, quarters or years",
            f"`{count} {unit}{'s' * (count != 1)}`",
        )
    return Duration(count, unit, calendar)


def parse_period(text: str) -> Duration:
    """A length of time that repeats: `week` is `1 week`.

    Raises:
        NotATimeError: as `parse_duration` does.
    """
    unit = _tidy(text).removeprefix("calendar ")
    if unit in UNITS:
        return parse_duration(f"1 {text}")
    if unit.isalpha() and (near := nearest(unit, UNITS)):
        raise NotATimeError(f"`{text}` is not a length of time", DURATION_EXPECTED, f"`{near}`")
    return parse_duration(text)


def parse_point(text: str) -> Point:
    """A point in time, relative or absolute.

    Raises:
        NotATimeError: the text is none, or it lies outside the years that warehouses hold.
    """
    tidy = _tidy(text)
    if tidy in _WORDS:
        return _WORDS[tidy]
    for pattern, direction in ((_AGO, -1), (_AHEAD, 1)):
        match = pattern.match(tidy)
        if match:
            count, unit = _count(text, match[1]), _unit(text, match[2], POINT_EXPECTED)
            _check_distance(text, count, unit)
            return Shift(direction * count, unit) if count else AS_OF
    match = _EDGE.match(tidy)
    if match:
        return _boundary(text, match)
    match = _DATE.match(text.strip())
    if match:
        return _literal(text, match)
    raise NotATimeError(f"`{text}` is not a point in time", POINT_EXPECTED, _point_meant(text))


def _boundary(text: str, match: re.Match[str]) -> Boundary:
    unit = _unit(text, match[3], POINT_EXPECTED)
    if unit not in CALENDAR_UNITS:
        raise NotATimeError(
            f"`{text}` is no edge of the calendar", "the start or end of a day, week, month, quarter or year"
        )
    shift = (1 if match[1] == "end" else 0) - (1 if match[2] else 0)
    return Boundary(cast(CalendarUnit, unit), shift)


def _literal(text: str, match: re.Match[str]) -> Point:
    try:
        local = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
        if match["offset"]:
            moment = datetime.fromisoformat(f"{local.isoformat()}{match['offset'].replace('Z', '+00:00')}")
            local = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise NotATimeError(f"`{text}` is not a day and time that exists", POINT_EXPECTED) from error
    if local.year < 1000:
        raise NotATimeError(f"`{text}` lies before the year 1000", POINT_EXPECTED)
    return Instant(local) if match["offset"] else LocalTime(local)


def _tidy(text: str) -> str:
    return " ".join(text.lower().split())


def _count(text: str, digits: str) -> int:
    if len(digits) > 9:
        raise NotATimeError(f"`{text}` is more than {FURTHEST_YEARS} years", DURATION_EXPECTED)
    return int(digits)


def _unit(text: str, word: str, expected: str) -> Unit:
    single = word.removesuffix("s")
    if single in UNITS:
        return cast(Unit, single)
    near = nearest(word, (f"{unit}s" for unit in UNITS) if word.endswith(("s", "z")) else UNITS)
    suggestion = f"`{text.lower().replace(word, near)}`" if near else None
    raise NotATimeError(f"`{word}` in `{text}` is not a unit of time", expected, suggestion)


def _check_distance(text: str, count: int, unit: Unit) -> None:
    if count * MINUTES[unit] > FURTHEST_YEARS * MINUTES["year"]:
        raise NotATimeError(f"`{text}` is more than {FURTHEST_YEARS} years", DURATION_EXPECTED)


_SHORT = {"m": "minute", "min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
_COMPACT = re.compile(r"(?:last\s+)?([0-9]+)\s*([a-z]+)(\s+ago)?\Z")


def _compact(text: str) -> tuple[str, str] | None:
    """`30d` and `30days ago` as a length of time, and whether `ago` follows."""
    match = _COMPACT.match(_tidy(text))
    if not match:
        return None
    unit = _SHORT.get(match[2], match[2].rstrip("s"))
    if unit not in UNITS:
        return None
    return f"{int(match[1])} {unit}{'s' * (int(match[1]) != 1)}", match[3] or ""


def _duration_meant(text: str) -> str | None:
    meant = _compact(text)
    return f"`{meant[0]}`" if meant else None


def _point_meant(text: str) -> str | None:
    meant = _compact(text)
    if meant:
        return f"`{meant[0]} ago`"
    tidy = _tidy(text)
    known = ["now", "today", "yesterday"]
    for edge in ("start of ", "start of last ", "end of ", "end of last "):
        known += [edge + unit for unit in CALENDAR_UNITS]
    near = nearest(tidy, known)
    return f"`{near}`" if near else None
