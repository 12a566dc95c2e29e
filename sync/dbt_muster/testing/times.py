"""The times of given rows, as their columns hold them."""

from __future__ import annotations

from datetime import datetime

from dbt_muster.plan.nodes import plain_number, point_node
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Boundary, Cell, Instant, LocalMidnight, LocalTime, Point, Shift, Type


def instant_of(renderer: Renderer, as_of: Instant | LocalTime, timezone: str) -> datetime:
    """A test's instant, without a zone, in UTC; one that names no offset is local to the entity."""
    instant: datetime = renderer.value("muster_instant", point_node(as_of), timezone)
    return instant


def stored(renderer: Renderer, cell: Cell, kind: Type, zone: str | None, timezone: str) -> object:
    """A value as plain data for `muster_testing_value`.

    Args:
        renderer: renders at the test's instant, which relative points are counted from.
        cell: the value given.
        kind: its column's type.
        zone: for times without a zone, the one that the column's are written in.
        timezone: the entity's.
    """
    match cell:
        case Shift() | LocalMidnight() | Boundary() | Instant() | LocalTime():
            return _time(renderer, cell, kind, zone, timezone)
        case tuple():
            return list(cell)
        case bool() | str() | None:
            return cell
    return plain_number(cell)


def _time(renderer: Renderer, point: Point, kind: Type, zone: str | None, timezone: str) -> datetime:
    """What is written without an offset is what the column holds; anything else is an instant."""
    if isinstance(point, LocalTime):
        return point.local
    instant: datetime = renderer.value("muster_instant", point_node(point), timezone)
    if kind is Type.TIMESTAMPTZ:
        return instant
    local: datetime = renderer.value(
        "muster_to_local", instant, timezone if kind is Type.DATE else zone or "UTC"
    )
    return local
