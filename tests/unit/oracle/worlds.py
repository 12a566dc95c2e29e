"""Small worlds for the oracle's own tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.oracle.evaluate import Evaluation, members
from tests.oracle.world import Key, Row, Table, World

AS_OF = datetime(2026, 11, 23, 12)
_COLUMNS = {
    "person": "integer",
    "id": "string",
    "kind": "string",
    "at": "timestamp",
    "amount": "number",
    "word": "string",
}
_SOURCE = {"model": "source('shop', 'events')", "key": "person", "at": "at", "name": "kind", "id": "id"}


def world(
    *events: Row,
    people: int | list[Row] = 3,
    columns: dict[str, str] | None = None,
    traits: dict[str, Any] | None = None,
    **entity: Any,
) -> World:
    """People numbered from one (or with the rows given), and their events, at a noon in November."""
    rows: list[Row] = [{"id": one + 1} for one in range(people)] if isinstance(people, int) else people
    return World(
        AS_OF,
        {"entity": "person", "model": "ref('people')", "key": "id", "events": {"app": _SOURCE}, **entity},
        {
            "people": Table({"id": "integer", **(columns or {})}, tuple(rows)),
            "events": Table(_COLUMNS, events),
        },
        traits or {},
    )


def found(world: World, *criteria: Any) -> set[Key]:
    """The members of the criteria."""
    return set(members(world, {"criteria": list(criteria)}))


def trait(world: World, **spec: Any) -> dict[Key, Any]:
    """The values of a trait, by key."""
    evaluation = Evaluation(
        World(world.as_of, world.entity, world.tables, {**world.traits, "it": {"trait": "it", **spec}})
    )
    return {key: evaluation.value({"trait": "it"}, key) for key in evaluation.population}


def event(person: int, day: float, kind: str = "x", **columns: Any) -> Row:
    """An event on a day of that November, at midnight or at a fraction of the day."""
    at = datetime(2026, 11, int(day), round((day - int(day)) * 24))
    return {"person": person, "at": at, "kind": kind, **columns}
