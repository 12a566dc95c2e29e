"""Staying and expiring on every engine, over random events and evaluations, late and repeated ones too."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.engines.engines import Engine, Oracle
from tests.engines.known import skip_most
from tests.oracle.world import Row, Table, World
from tests.thorough import thorough

START = datetime(2026, 1, 25)


def world(seed: int) -> World:
    """A few people with events, an audience for each combination of lengths, and evaluations in any order."""
    chance = random.Random(seed)  # noqa: S311 - tests repeat

    def instant() -> datetime:
        return START + timedelta(hours=12 * chance.randint(0, 90))

    events: list[Row] = [{"person": chance.randint(1, 6), "at": instant()} for _ in range(20)]
    before = [instant() for _ in range(chance.randint(1, 7))]
    before = sorted(before) if chance.random() < 0.7 else before
    source = {"model": "ref('events')", "key": "person", "at": "at"}
    entity = {"entity": "person", "model": "ref('people')", "key": "id", "events": {"app": source}}
    criteria = [{"event": "app", "within": f"{chance.randint(1, 5)} days"}]
    lengths: dict[str, dict[str, Any]] = {
        "stays": {"stay": f"{chance.randint(1, 9)} days"},
        "expires": {"expire": f"{chance.randint(1, 20)} days"},
        "both": {"stay": "1 week", "expire": "1 month"},
        "limited": {
            "stay": "36 hours",
            "expire": "9 days",
            "limit": {"top": 2, "by": "latest"},
            "split": {"a": "50%", "b": "50%"},
        },
    }
    audiences: dict[str, Any] = {
        name: {"audience": name, "entity": "person", "criteria": criteria, **keys}
        for name, keys in lengths.items()
    }
    audiences["others"] = {
        "audience": "others",
        "entity": "person",
        "criteria": {"any": [{"audience": "stays"}], "none": [{"audience": "expires"}]},
    }
    tables = {
        "people": Table({"id": "integer"}, tuple({"id": number} for number in range(1, 7))),
        "events": Table({"person": "integer", "at": "timestamp"}, tuple(events)),
    }
    latest = {"latest": {"trait": "latest", "entity": "person", "last": {"event": "app"}}}
    return World(max(before) + timedelta(hours=6), entity, tables, latest, audiences, before=tuple(before))


@pytest.mark.parametrize("seed", range(25 if thorough() else 13))
def test_an_engine_remembers_what_the_definition_remembers(engine: Engine, seed: int) -> None:
    skip_most(engine, seed, 13)
    assert engine.answer(world(seed)).members == Oracle().answer(world(seed)).members
