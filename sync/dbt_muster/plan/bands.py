"""How far back a window looks, in three bands: what is asked of a month need not read years.

The bands are fixed, so that a new audience never moves an aggregate that others use to another table.
docs/performance.md has the measurements behind them.
"""

from __future__ import annotations

from dbt_muster.specs.meaning import Boundary, LocalMidnight, Point, Shift

EVER = "ever"
_BANDS = ((31, "31_days"), (183, "183_days"))

# Roughly: a band decides what a build reads, never what a condition means.
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def band(start: Point | None) -> str:
    """The band of a window that starts at a point; None is a window without a start."""
    days = _days_back(start)
    if days is not None:
        for longest, name in _BANDS:
            if days <= longest:
                return name
    return EVER


def _days_back(start: Point | None) -> float | None:
    match start:
        case Shift(count, unit):
            return -count * _DAYS[unit]
        case LocalMidnight(count, unit):
            return count * _DAYS[unit]
        case Boundary(unit, shift):
            return (1 - shift) * _DAYS[unit]
    return None  # an absolute time lies further back every day
