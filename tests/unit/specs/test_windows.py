"""Windows: their ends, and which of them nothing can be in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.specs.meaning import AS_OF, Boundary, LocalMidnight, LocalTime, Shift, Window
from dbt_muster.specs.points import NotATimeError, parse_point
from dbt_muster.specs.windows import is_empty, is_future, on, within, within_next


def between(start: str, end: str) -> Window:
    return Window(parse_point(start), parse_point(end))


def test_within_reaches_back_from_now() -> None:
    assert within("30 days") == Window(Shift(-30, "day"), AS_OF)


def test_within_calendar_days_starts_at_a_local_midnight() -> None:
    assert within("7 calendar days") == Window(LocalMidnight(7, "day"), AS_OF)


def test_within_next_reaches_ahead_from_now() -> None:
    assert within_next("14 days") == Window(AS_OF, Shift(14, "day"))
    with pytest.raises(NotATimeError):
        within_next("2 calendar weeks")


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("2026-01-01", Window(LocalTime(datetime(2026, 1, 1)), LocalTime(datetime(2026, 1, 2)))),
        ("today", Window(Boundary("day", 0), Boundary("day", 1))),
        ("yesterday", Window(Boundary("day", -1), Boundary("day", 0))),
        ("30 days ago", Window(Boundary("day", -30), Boundary("day", -29))),
        ("in 2 weeks", Window(Boundary("day", 14), Boundary("day", 15))),
        ("now", Window(Boundary("day", 0), Boundary("day", 1))),
        ("9999-12-31", Window(LocalTime(datetime(9999, 12, 31)), None)),
    ],
)
def test_on_is_one_local_day(text: str, window: Window) -> None:
    assert on(text) == window


@pytest.mark.parametrize("text", ["2026-01-01T09:00", "3 months ago", "3 hours ago", "start of month"])
def test_on_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(NotATimeError):
        on(text)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("30 days ago", "90 days ago"),
        ("30 days ago", "30 days ago"),
        ("1 week ago", "7 days ago"),
        ("1 quarter ago", "3 months ago"),
        ("1 month ago", "40 days ago"),
        ("2026-02-01", "2026-01-01"),
        ("2026-01-03", "2026-01-01T00:00:00Z"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00+01:00"),
        ("start of month", "start of last month"),
        ("end of last month", "start of month"),
        ("today", "3 days ago"),
        ("end of day", "now"),
        ("now", "start of week"),
    ],
)
def test_a_window_that_ends_before_it_starts_is_empty(start: str, end: str) -> None:
    assert is_empty(between(start, end))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("90 days ago", "30 days ago"),
        ("1 month ago", "30 days ago"),
        ("30 days ago", "1 month ago"),
        ("start of month", "now"),
        ("start of month", "20 days ago"),
        ("2026-01-01", "30 days ago"),
        ("30 days ago", "2020-01-01"),
        ("2026-01-01", "2026-01-01T09:00:00Z"),
        ("start of day", "start of month"),
        ("today", "now"),
    ],
)
def test_a_window_that_something_may_be_in_is_left_alone(start: str, end: str) -> None:
    assert not is_empty(between(start, end))


@pytest.mark.parametrize("start", ["now", "in 3 days", "end of month", "end of day"])
def test_a_window_that_starts_now_or_later_is_in_the_future(start: str) -> None:
    assert is_future(Window(parse_point(start)))


@pytest.mark.parametrize(
    "start", ["1 minute ago", "today", "start of year", "2999-01-01", "end of last month"]
)
def test_a_window_that_may_have_started_is_not_in_the_future(start: str) -> None:
    assert not is_future(Window(parse_point(start)))


_moments = st.integers(min_value=1, max_value=3000)


@given(_moments, _moments, st.sampled_from(["minute", "hour", "day", "week"]))
def test_of_two_exact_points_the_earlier_one_comes_first(one: int, other: int, unit: str) -> None:
    window = between(f"{one} {unit}s ago", f"{other} {unit}s ago")
    assert is_empty(window) == (one <= other)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(min_value=-5000, max_value=5000))
def test_of_two_literals_the_earlier_one_comes_first(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    assert is_empty(between(start.isoformat(), end.isoformat())) == (minutes <= 0)
