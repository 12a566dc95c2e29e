"""Points in time and windows, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import points


def _clock(as_of: str, zone: str = "UTC") -> points.Clock:
    return points.Clock(datetime.fromisoformat(as_of), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2025-03-31T12:30:00"),
        ("72 hours ago", "2025-03-28T12:30:00"),
        ("30 days ago", "2025-03-01T12:30:00"),
        ("1 month ago", "2025-02-28T12:30:00"),
        ("1 quarter ago", "2024-12-31T12:30:00"),
        ("13 months ago", "2024-02-29T12:30:00"),
        ("in 1 month", "2025-04-30T12:30:00"),
        ("in 2 weeks", "2025-04-14T12:30:00"),
        # London's clocks show UTC + 1 on this day, and did not before the 30th
        ("today", "2025-03-30T23:00:00"),
        ("yesterday", "2025-03-30T00:00:00"),
        ("start of day", "2025-03-30T23:00:00"),
        ("start of last day", "2025-03-30T00:00:00"),
        ("start of week", "2025-03-30T23:00:00"),
        ("start of last week", "2025-03-24T00:00:00"),
        ("end of last week", "2025-03-30T23:00:00"),
        ("start of month", "2025-03-01T00:00:00"),
        ("end of month", "2025-03-31T23:00:00"),
        ("start of last month", "2025-02-01T00:00:00"),
        ("start of quarter", "2025-01-01T00:00:00"),
        ("end of quarter", "2025-03-31T23:00:00"),
        ("start of year", "2025-01-01T00:00:00"),
        ("end of last year", "2025-01-01T00:00:00"),
        ("2025-07-01", "2025-06-30T23:00:00"),
        ("2025-07-01T09:00", "2025-07-01T08:00:00"),
        ("2025-07-01T09:00Z", "2025-07-01T09:00:00"),
        ("2025-07-01T09:00:00+05:30", "2025-07-01T03:30:00"),
    ],
)
def test_a_point_in_time_means_an_instant(text: str, expected: str) -> None:
    clock = _clock("2025-03-31T12:30:00", "Europe/London")
    assert points.point(text, clock) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2025-01-01", "UTC", "2025-01-01T00:00:00"),
        ("2025-01-01", "Asia/Kolkata", "2024-12-31T18:30:00"),
        ("2025-03-09", "America/Havana", "2025-03-09T05:00:00"),  # 00:00 is skipped: the day begins at 01:00
        ("2025-11-02", "America/Havana", "2025-11-02T04:00:00"),  # 00:00 comes twice: the earlier one
        ("2025-11-03", "America/Havana", "2025-11-03T05:00:00"),
        ("2025-04-06", "Australia/Lord_Howe", "2025-04-05T13:00:00"),
        ("2025-04-07", "Australia/Lord_Howe", "2025-04-06T13:30:00"),
    ],
)
def test_a_local_day_begins_at_its_first_instant(day: str, zone: str, expected: str) -> None:
    moment = points.local_midnight(datetime.fromisoformat(day).date(), ZoneInfo(zone))
    assert moment == datetime.fromisoformat(expected)


def test_a_day_that_begins_within_a_change_of_clocks_begins_when_they_change() -> None:
    # In 1919 Toronto's clocks went from 23:30 on 30 March to 00:30 on the 31st.
    zone = ZoneInfo("America/Toronto")
    moment = points.local_midnight(datetime(1919, 3, 31).date(), zone)
    assert points.to_local(moment, zone) == datetime(1919, 3, 31, 0, 30)


@pytest.mark.parametrize(
    ("length", "start"),
    [
        ("3 days", "2025-03-28T12:00:00"),
        ("1 calendar day", "2025-03-30T00:00:00"),
        ("3 calendar days", "2025-03-28T00:00:00"),
        ("1 calendar week", "2025-03-24T00:00:00"),
        ("1 calendar month", "2025-02-28T00:00:00"),
        ("1 calendar quarter", "2024-12-31T00:00:00"),
        ("1 calendar year", "2024-03-31T00:00:00"),
    ],
)
def test_a_length_of_time_ends_at_the_instant(length: str, start: str) -> None:
    clock = _clock("2025-03-31T12:00:00", "UTC")
    assert points.within(length, clock) == (datetime.fromisoformat(start), clock.as_of)


def test_a_year_before_a_leap_day_is_the_last_of_february() -> None:
    assert points.move(datetime(2024, 2, 29, 8), -1, "year") == datetime(2023, 2, 28, 8)


def test_windows_of_one_condition_are_all_to_hold() -> None:
    clock = _clock("2025-03-31T12:00:00")
    spec = {"since": "2025-03-01", "before": "1 day ago", "within": "7 days"}
    assert points.window(spec, clock) == (datetime(2025, 3, 24, 12), datetime(2025, 3, 30, 12))


def test_a_window_holds_its_start_and_not_its_end() -> None:
    edges = datetime(2025, 1, 1), datetime(2025, 1, 2)
    inside = [datetime(2025, 1, 1), datetime(2025, 1, 1, 23, 59, 59, 999999)]
    outside = [datetime(2024, 12, 31, 23, 59, 59, 999999), datetime(2025, 1, 2)]
    assert [points.inside(moment, edges) for moment in inside + outside] == [True, True, False, False]


def test_a_day_of_changing_clocks_is_not_24_hours_long() -> None:
    clock = _clock("2025-07-01T00:00:00", "Europe/London")
    start, end = points.on("2025-03-30", clock)
    assert start is not None
    assert end is not None
    assert (end - start).total_seconds() == 23 * 3600
