"""Instants moved by a length of time: exact up to weeks, by UTC's calendar from months on."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from dbt_muster.render import DIALECTS, Renderer

LENGTHS = [
    ("2026-03-28 12:00:00", 90, "minute", "2026-03-28 13:30:00"),
    ("2026-03-28 12:00:00", 24, "hour", "2026-03-29 12:00:00"),
    ("2026-03-28 12:00:00.5", 1, "day", "2026-03-29 12:00:00.5"),
    ("2026-10-24 12:00:00", 2, "week", "2026-11-07 12:00:00"),
    ("2026-01-31 09:00:00", 1, "month", "2026-02-28 09:00:00"),
    ("2024-01-31 09:00:00", 1, "month", "2024-02-29 09:00:00"),
    ("2026-11-30 09:00:00", 1, "quarter", "2027-02-28 09:00:00"),
    ("2024-02-29 00:00:00", 1, "year", "2025-02-28 00:00:00"),
    ("2026-03-31 09:00:00", -1, "month", "2026-02-28 09:00:00"),
]


@pytest.mark.parametrize(("instant", "count", "unit", "later"), LENGTHS)
def test_an_instant_is_moved_by_a_length_whatever_the_clock_of_the_session(
    instant: str, count: int, unit: str, later: str
) -> None:
    sql = Renderer("duckdb").call("muster_later", f"timestamp '{instant}'", count, unit)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Europe/London'")
        (found,) = connection.execute(f"select {sql}").fetchall()
    assert found == (datetime.fromisoformat(later),)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("unit", ["minute", "hour", "day", "week", "month", "quarter", "year"])
def test_every_dialect_can_move_an_instant(dialect: str, unit: str) -> None:
    sql = Renderer(dialect).call("muster_later", "at", 3, unit)
    sqlglot.parse_one(f"select {sql}", dialect=dialect, error_level=ErrorLevel.RAISE)
