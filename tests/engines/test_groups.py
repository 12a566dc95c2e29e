"""Groups over worlds that nobody thought of: a priority is a greedy walk through its list."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import pytest

from tests.engines.engines import Engine, Oracle
from tests.engines.known import skip_most
from tests.oracle.world import Table, World

NAMES = ("a", "b", "c", "d")


def world(seed: int) -> World:
    """Four audiences of random people, and random groups of them."""
    chance = random.Random(seed)  # noqa: S311 - tests repeat
    keys: list[Any] = [*range(1, 30)] if seed % 2 else [f"k{number}'é" for number in range(30)]
    rows = [{"id": key} | {name: chance.random() < 0.4 for name in NAMES} for key in keys]
    kind = "integer" if seed % 2 else "string"
    columns = {"id": kind} | dict.fromkeys(NAMES, "boolean")
    attributes = {name: {"type": "boolean"} for name in NAMES}
    key = {"column": "id", "type": kind}
    entity = {"entity": "person", "model": "ref('people')", "key": key, "attributes": attributes}
    audiences: dict[str, Any] = {
        name: {"audience": name, "entity": "person", "criteria": [{"attribute": name, "is": True}]}
        for name in NAMES
    }
    audiences["d"]["split"] = {"control": "50%", "it": "50%"}
    groups = {
        name: {"group": name, "entity": "person", "priority": chance.sample(NAMES, chance.randint(1, 4))}
        for name in ("offers", "more")
    }
    if chance.random() < 0.7:
        groups["more"]["suppress"] = chance.sample(NAMES, chance.randint(1, 2))
    if chance.random() < 0.7:
        groups["offers"]["holdout"] = f"{chance.randint(1, 60)}%"
    people = {"people": Table(columns, tuple(rows))}
    return World(datetime(2026, 11, 1), entity, people, audiences=audiences, groups=groups)


@pytest.mark.parametrize("seed", range(12))
def test_an_engine_holds_back_whom_the_definition_holds_back(engine: Engine, seed: int) -> None:
    skip_most(engine, seed, 5)
    assert engine.answer(world(seed)) == Oracle().answer(world(seed))
