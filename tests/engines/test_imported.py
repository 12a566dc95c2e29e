"""Audiences of other systems have the members that their own documents say, on every engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dbt_muster.importing import mparticle, posthog
from dbt_muster.importing.translation import Imported, Names
from tests.engines.cases import read_case
from tests.engines.engines import Engine

NAMES = Names("person", {"events": "app"}, {"17": "rich"})
WORLD = """\
case: Four people, and what they did in an app.
as_of: 2026-11-23T12:00:00
people:
  - {id: 1, country: GB, age: 40}
  - {id: 2, country: gb, age: 17}
  - {id: 3, age: 30}
  - {id: 4, country: IE, age: 18}
attributes: {country: {type: string}, age: {type: integer}}
events:
  app:
    name: kind
    properties: {cart: {type: string}, amount: {type: number}}
    rows:
      - {person: 1, kind: cart, at: 3 hours ago, cart: a}
      - {person: 1, kind: paid, at: 2 hours ago, cart: a, amount: 50}
      - {person: 2, kind: cart, at: 3 hours ago, cart: b}
      - {person: 2, kind: paid, at: 2 hours ago, cart: other, amount: 5}
      - {person: 4, kind: paid, at: 40 days ago, amount: 90}
audiences:
  rich: [{attribute: age, at_least: 40}]
expect: {rich: [1]}
"""
COUNTRY = {"model": "user", "path": "country"}
AT = {"model": "events", "path": "timestamp"}


def kind(name: str) -> dict[str, Any]:
    return {"operator": "equals", "left": {"model": "events", "path": "name"}, "right": name}


def paid(operator: str, right: int) -> dict[str, Any]:
    since = {"operator": "greater_than_equal", "left": AT, "right": {"date": days_ago(30)}}
    both = {"operator": "and", "expressions": [kind("paid"), since]}
    left = {"operator": "sum", "group_by_model": "user", "operand": {"model": "events", "path": "amount"}}
    return {"operator": operator, "left": {**left, "condition": both}, "right": right}


def days_ago(days: int) -> dict[str, Any]:
    return {"relative": {"offset": -days, "unit": "day"}}


SAME_CART = {
    "operator": "equals",
    "left": {"model": "events", "path": "cart"},
    "right": {"alias": "first", "path": "cart"},
}
MPARTICLE = {
    "exact_text": ({"operator": "equals", "left": COUNTRY, "right": "GB"}, [1]),
    "another_country": ({"operator": "not_equals", "left": COUNTRY, "right": "GB"}, [2, 4]),
    "no_country": ({"operator": "not_exists", "operand": COUNTRY}, [3]),
    "paid_lately": (paid("greater_than", 4), [1, 2]),
    "paid_much": ({"operator": "or", "expressions": [paid("greater_than", 10), kind("cart")]}, [1, 2]),
    "bought_the_cart": (
        {
            "operator": "then",
            "sequence": [
                {"alias": "first", "operand": AT, "condition": kind("cart")},
                {
                    "alias": "second",
                    "operand": AT,
                    "condition": {"operator": "and", "expressions": [kind("paid"), SAME_CART]},
                },
            ],
        },
        [1],
    ),
}


def did(value: str, **more: object) -> dict[str, Any]:
    window = {"time_value": 30, "time_interval": "day"}
    return {"type": "behavioral", "value": value, "key": "paid", "event_type": "events", **window, **more}


def person(operator: str, value: object) -> dict[str, Any]:
    return {"type": "person", "key": "country", "operator": operator, "value": value}


POSTHOG = {
    "performed": (did("performed_event"), [1, 2]),
    "not_performed": (did("performed_event", negation=True), [3, 4]),
    "first_time": (did("performed_event_first_time"), [1, 2]),
    "at_most_once": (did("performed_event_multiple", operator="lte", operator_value=1), [1, 2]),
    "stopped": (
        did("stopped_performing_event", time_value=60, seq_time_value=30, seq_time_interval="day"),
        [4],
    ),
    "contains": (person("icontains", "G"), [1, 2]),
    "is_not": (person("is_not", ["GB", "IE"]), [2, 3]),
    "cohort": ({"type": "cohort", "key": "id", "value": 17, "negation": True}, [2, 3, 4]),
}


def members(engine: Engine, imported: dict[str, Imported]) -> dict[str, list[int]]:
    """Who is in each of the translated audiences."""
    assert not any(each.gaps for each in imported.values())
    world = read_case(WORLD).world
    audiences = {
        name: {"audience": name, "entity": world.entity["entity"], "criteria": each.criteria}
        for name, each in imported.items()
    }
    found = engine.answer(replace(world, audiences={**world.audiences, **audiences})).members
    return {name: sorted(int(key) for key in found[name]) for name in imported}


@pytest.fixture
def names(engine: Engine) -> Names:
    return replace(NAMES, entity=str(read_case(WORLD).world.entity["entity"]))


def test_definitions_of_mparticle_have_their_members(engine: Engine, names: Names) -> None:
    translated = {
        name: mparticle.translate({"schema_version": "1.6.0", "audience": audience}, names)
        for name, (audience, _) in MPARTICLE.items()
    }
    assert members(engine, translated) == {name: expected for name, (_, expected) in MPARTICLE.items()}


def test_cohorts_of_posthog_have_their_members(engine: Engine, names: Names) -> None:
    translated = {
        name: posthog.translate({"filters": {"properties": {"type": "AND", "values": [leaf]}}}, names)
        for name, (leaf, _) in POSTHOG.items()
    }
    assert members(engine, translated) == {name: expected for name, (_, expected) in POSTHOG.items()}
