"""Times at which clocks and calendars are odd, and walks through sequences that just hold, or just do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dbt_muster.portability.literals import NOW
from dbt_muster.specs.meaning import Instant, Length, LocalTime, Sequence, Step

SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_HALF = _HOUR / 2
_DAY = 24 * _HOUR
_CALENDAR = ("month", "quarter", "year")
_MONTHS = 60
"""So far back a month's end is looked for, from which a length in months comes to a shorter month."""

Later = Callable[[datetime, Length], datetime]
Walk = list[tuple[Step, datetime]]
"""Events of one person: the step that each is, and when."""


def odd_moments(zones: Iterable[str]) -> list[Instant]:
    """Moments around each change of zones' clocks, and in the last second of months and of a leap day."""
    changes = sorted({change for zone in zones for change, _ in _changes(zone)})
    near = [change + side for change in changes for side in (-_HALF, _HALF)]
    ends = [datetime(2024, 2, 29), datetime(2025, 1, 31), datetime(2025, 2, 28), datetime(2025, 12, 31)]
    return [Instant(each) for each in (*near, *(end + _DAY - SECOND for end in ends))]


def missing_hours(zone: str) -> list[LocalTime]:
    """Times that a zone's clock never showed in the last year: it was put forward past them."""
    return [LocalTime(change + before + _HALF) for change, before in _changes(zone) if _forward(zone, change)]


def _forward(zone: str, change: datetime) -> bool:
    return _offset(zone, change) > _offset(zone, change - _HOUR)


@cache
def _changes(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """When a zone's clock was changed in the last year, in UTC, and how far it was from UTC before."""
    hours = [NOW.replace(minute=0) - _HOUR * back for back in range(366 * 24, -1, -1)]
    offsets = [_offset(zone, hour) for hour in hours]
    return tuple(
        (hour, before)
        for hour, before, after in zip(hours[1:], offsets, offsets[1:], strict=False)
        if before != after
    )


def _offset(zone: str, utc: datetime) -> timedelta:
    aware = utc.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    return aware.utcoffset() or timedelta(0)


def walks(sequence: Sequence, later: Later) -> Iterator[Walk]:
    """Events that come to a step at the very end of its time, and others that come a second later.

    Args:
        sequence: whose steps are walked.
        later: a moment so much later.
    """
    for place, step in enumerate(sequence.steps):
        if step.within is None:
            continue
        led = [each for each in sequence.steps[:place] if not each.without]
        follow = [each for each in sequence.steps[place + 1 :] if not each.without]
        for begin in _beginnings(step.within, later):
            for over in (timedelta(0), SECOND):
                end = later(begin, step.within) + over
                yield [
                    *((each, begin - SECOND * back) for back, each in zip(_down(led), led, strict=True)),
                    (step, end),
                    *((each, end + SECOND * more) for more, each in enumerate(follow, 1)),
                ]


def _down(steps: list[Step]) -> range:
    return range(len(steps) - 1, -1, -1)


def _beginnings(length: Length, later: Later) -> Iterator[datetime]:
    """Moments from which a length ends before now, or now; one in months begins at months' ends too."""
    back = Length(-length.count, length.unit)
    yield later(NOW, back) - _DAY
    yield later(NOW, back)
    if length.unit in _CALENDAR:
        ends = [(end, later(end, length)) for end in _month_ends()]
        shorter = (end for end, reached in ends if reached < NOW and reached.day < end.day)
        longer = (end for end, reached in ends if reached < NOW and (reached + _DAY).month == reached.month)
        yield from (end for end in (next(shorter, None), next(longer, None)) if end is not None)


def _month_ends() -> Iterator[datetime]:
    """The last days of the months before now, at this time of the day."""
    first = NOW.replace(day=1)
    for _ in range(_MONTHS):
        yield first - _DAY
        first = (first - _DAY).replace(day=1)
