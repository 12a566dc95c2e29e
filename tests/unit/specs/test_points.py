"""Points and lengths of time, in the words that people write."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.specs.meaning import AS_OF, Boundary, Instant, LocalTime, Point, Shift
from dbt_muster.specs.points import (
    CALENDAR_UNITS,
    FURTHEST_YEARS,
    MINUTES,
    UNITS,
    Duration,
    NotATimeError,
    parse_duration,
    parse_point,
)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("now", AS_OF),
        ("today", Boundary("day", 0)),
        ("yesterday", Boundary("day", -1)),
        ("30 days ago", Shift(-30, "day")),
        ("1 day ago", Shift(-1, "day")),
        ("in 14 days", Shift(14, "day")),
        ("in 2 quarters", Shift(2, "quarter")),
        ("0 days ago", AS_OF),
        ("start of day", Boundary("day", 0)),
        ("start of week", Boundary("week", 0)),
        ("start of last month", Boundary("month", -1)),
        ("end of month", Boundary("month", 1)),
        ("end of last quarter", Boundary("quarter", 0)),
        ("End  of Last YEAR", Boundary("year", 0)),
        ("2026-01-01", LocalTime(datetime(2026, 1, 1))),
        ("2026-01-01T09:30", LocalTime(datetime(2026, 1, 1, 9, 30))),
        ("2026-01-01 09:30:15.5", LocalTime(datetime(2026, 1, 1, 9, 30, 15, 500000))),
        ("2026-01-01T09:00:00Z", Instant(datetime(2026, 1, 1, 9))),
        ("2026-01-01T09:00:00+01:00", Instant(datetime(2026, 1, 1, 8))),
        ("2026-01-01T00:30:00+02:00", Instant(datetime(2025, 12, 31, 22, 30))),
    ],
)
def test_a_point_is_read(text: str, point: Point) -> None:
    assert parse_point(text) == point


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", None),
        ("soon", None),
        ("2026-02-29", None),
        ("2026-1-1", None),
        ("20260101", None),
        ("2026-W01", None),
        ("2026-01-01T25:00", None),
        ("9999-12-31T23:00:00-05:00", None),
        ("30d", "`30 days ago`"),
        ("last 30 days", "`30 days ago`"),
        ("30 dayz ago", "`30 days ago`"),
        ("start of mnth", "`start of month`"),
        ("start of the month", "`start of month`"),
        ("٣ days ago", None),
        ("99999999999999 days ago", None),
        ("201 years ago", None),
    ],
)
def test_what_is_no_point_is_refused_with_what_was_meant(text: str, suggestion: str | None) -> None:
    with pytest.raises(NotATimeError) as raised:
        parse_point(text)
    assert raised.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("72 hours", Duration(72, "hour", calendar=False)),
        ("1 minute", Duration(1, "minute", calendar=False)),
        ("3 calendar months", Duration(3, "month", calendar=True)),
        ("1 Calendar Week", Duration(1, "week", calendar=True)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: Duration) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "days", "0 days", "-3 days", "3", "1.5 days", "3 calendar hours", "201 years"]
)
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(NotATimeError):
        parse_duration(text)


_units = st.sampled_from(UNITS)
_counts = st.integers(min_value=1, max_value=100)


@given(_counts, _units, st.booleans(), st.booleans())
def test_every_relative_point_is_read_in_singular_and_plural(
    count: int, unit: str, plural: bool, ago: bool
) -> None:
    words = f"{count} {unit}{'s' if plural else ''}"
    point = parse_point(f"{words} ago" if ago else f"in {words}")
    assert point == Shift(-count if ago else count, unit)  # type: ignore[arg-type]


@given(st.integers(min_value=1, max_value=10**12), _units)
def test_a_length_is_read_unless_it_is_longer_than_two_centuries(count: int, unit: str) -> None:
    if count * MINUTES[unit] > FURTHEST_YEARS * MINUTES["year"]:
        with pytest.raises(NotATimeError):
            parse_duration(f"{count} {unit}s")
    else:
        assert parse_duration(f"{count} {unit}s").count == count


@given(
    st.datetimes(min_value=datetime(1000, 1, 3), max_value=datetime(9999, 12, 29)),
    st.none() | st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_every_literal_time_is_read_exactly(local: datetime, offset: int | None) -> None:
    if offset is None:
        assert parse_point(local.isoformat()) == LocalTime(local)
        return
    zone = timezone(timedelta(minutes=offset))
    written = local.replace(tzinfo=zone).isoformat()
    assert parse_point(written) == Instant(local - timedelta(minutes=offset))


@given(st.sampled_from(["start", "end"]), st.booleans(), st.sampled_from(CALENDAR_UNITS))
def test_the_end_of_a_unit_is_the_start_of_the_next(edge: str, last: bool, unit: str) -> None:
    point = parse_point(f"{edge} of {'last ' if last else ''}{unit}")
    assert point == Boundary(unit, (edge == "end") - last)  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    for parse in (parse_point, parse_duration):
        with suppress(NotATimeError):
            parse(text)
