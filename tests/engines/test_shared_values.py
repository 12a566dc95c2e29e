"""Whose values are taken away with somebody else's is sent again, on every engine as the oracle says."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any, cast

import pytest

from dbt_muster.render import Renderer
from tests.engines.engines import Engine, Warehouse
from tests.engines.known import skip_most
from tests.oracle import identifiers as reference
from tests.oracle.delivery import Sent, moves
from tests.oracle.world import Key, Table
from tests.unit.delivery.rules import identifier

Person = Mapping[str, list[str]]

_TOGETHER = frozenset({"last_name", "city"})
_SINGLE = ("external_id", "town", *sorted(_TOGETHER))
_SEVERAL = {"email": 3, "phone": 1, "nickname": 2}
"""How many of each are sent, in the order of the alphabet."""

_RULES = {"email": "email", "phone": "phone"}
_POOLS = {
    "town": [f"Town{end}{number}" for number in range(6) for end in " \x1f"],
    "city": ["Leeds", "York"],
    "last_name": ["Smith", "O'Hara|\x01Leeds"],
    "email": [f"P{number}@Example.com" for number in range(40)],
    "phone": [f"+4416329600{number:02}" for number in range(20)],
    "nickname": ['"it\'s"', "back\\slash", "a,b", "[x\x01]", "zo\x1eë", "tab\there", "null"],
}


@pytest.mark.parametrize("add_only", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_who_stays_is_sent_again_with_whom_they_have_a_value_in_common(
    engine: Engine, seed: int, add_only: bool
) -> None:
    skip_most(engine, 2 * seed + add_only, 5)
    warehouse = cast(Warehouse, engine)
    dice = random.Random(seed)  # noqa: S311 - tests repeat
    before = {key: draw(dice, key) for key in range(10)}
    after = {key: person if dice.random() < 0.6 else draw(dice, key) for key, person in before.items()}
    gone = {0, 1}
    members = set(dice.sample(sorted(set(after) - gone), 6))
    request = requested(add_only=add_only)
    with warehouse.schema():
        write(warehouse, "before", before, set(before))
        first = plan(warehouse, request, "before", state=None)
        write(warehouse, "after", {key: person for key, person in after.items() if key not in gone}, members)
        hold(warehouse, first)
        rows = plan(warehouse, request, "after", state="held")
    wanted: dict[Key, Sent] = {key: sent(after[key]) for key in members}
    held: dict[Key, Sent] = {key: sent(person) for key, person in before.items()}
    stay = frozenset(set(held) - gone) if add_only else frozenset()
    expected = moves(held, wanted, stay, _TOGETHER)
    assert expected["again"] or seed > 1
    assert expected["last"] or seed
    assert told(first) == {"remove": set(), "add": set(held.values()), "again": set(), "last": set()}
    assert told(rows) == expected
    ranks = [(row[1] == "add") + bool(row[8]) for row in sorted(rows, key=lambda row: int(row[0]))]
    assert ranks == sorted(ranks), "removals, then what waits for nothing, then what waits for removals"


def test_a_plan_for_a_destination_that_holds_nobody_is_the_same_without_reading_the_state(
    engine: Engine,
) -> None:
    skip_most(engine, 3, 5)
    warehouse = cast(Warehouse, engine)
    dice = random.Random(7)  # noqa: S311 - tests repeat
    people = {key: draw(dice, key) for key in range(25)}
    request = requested(add_only=False)
    with warehouse.schema():
        write(warehouse, "before", people, set(people))
        hold(warehouse, [])
        read = plan(warehouse, request, "before", state="held")
        unread = plan(warehouse, {**request, "holds": False}, "before", state="held")
    assert {int(row[0]) for row in read} >= {1, 2, 3}
    assert sorted(map(repr, unread)) == sorted(map(repr, read))


def test_a_warehouse_reads_every_control_character_that_stands_in_what_was_sent(engine: Engine) -> None:
    warehouse = cast(Warehouse, engine)
    renderer = Renderer(warehouse.name)
    nul = renderer.call("muster_nul")
    written = " || ".join([*([nul] if nul else []), *(f"chr({code})" for code in range(1, 32))])
    readable = renderer.call("muster_sync_readable_json", "held")
    read = renderer.call("muster_json_text_in", readable, "it")
    with warehouse.schema():
        ((value,),) = warehouse.ask(
            f"""select {read} as value from (select '{{"it":"' || {written} || '"}}' as held) as state"""
        )
    assert value == "".join(map(chr, range(0 if nul else 1, 32)))


def draw(dice: random.Random, key: int) -> Person:
    """Somebody, some of whose values may be somebody else's too."""
    several = {name: dice.sample(_POOLS[name], dice.choice([0, 0, 1, 4])) for name in _SEVERAL}
    single = {name: dice.sample(_POOLS[name], dice.randint(0, 1)) for name in _SINGLE if name in _POOLS}
    return {"external_id": [f'\\{key}"'], **single, **several}


def sent(person: Person) -> Sent:
    """What is sent of somebody, as written without SQL."""
    found = set()
    for name, values in person.items():
        written = sorted({reference.sent(_RULES.get(name, "text"), value) or "" for value in values})
        for value in written[: _SEVERAL.get(name, 1)]:
            found.add((name, reference.sha256(value) if name == "email" else value))
    return frozenset(found)


def requested(*, add_only: bool) -> dict[str, Any]:
    """What the macros are told of the delivery."""
    many = {**dict.fromkeys(_SINGLE), **_SEVERAL}
    identifiers = [
        identifier(_RULES.get(name, "text"), many=most, country="GB" if name == "phone" else None)
        | {"name": name, "source": name, "place": place, "hash": name == "email"}
        | {"alone": name not in _TOGETHER}
        for place, (name, most) in enumerate(many.items(), 1)
    ]
    return {
        "destination": "crm",
        "audience": "fans",
        "entity": "customer",
        "key": "customer_id",
        "keyed_by": "fingerprint",
        "consent": None,
        "identifiers": identifiers,
        "needs_identifier": True,
        "batch_size": 10,
        "snapshot": False,
        "removes_later": True,
        "add_only": add_only,
    }


def write(warehouse: Warehouse, when: str, people: Mapping[int, Person], members: set[int]) -> None:
    """The tables that a plan reads."""
    columns = {"customer_id": "integer", **{f"identifier__{name}": "string" for name in _SINGLE}}
    rows = [
        {"customer_id": key, **{f"identifier__{name}": next(iter(person[name]), None) for name in _SINGLE}}
        for key, person in people.items()
    ]
    values = [
        {"entity_key": str(key), "identifier": name, "value": value}
        for key, person in people.items()
        for name in _SEVERAL
        for value in person[name]
    ]
    texts = dict.fromkeys(("entity_key", "identifier", "value"), "string")
    warehouse.fill(f"people_{when}", Table(columns, tuple(rows)))
    warehouse.fill(f"values_{when}", Table(texts, tuple(values)))
    warehouse.fill(
        f"fans_{when}",
        Table({"customer_id": "integer"}, tuple({"customer_id": key} for key in sorted(members))),
    )


def hold(warehouse: Warehouse, rows: list[tuple[Any, ...]]) -> None:
    """A state in which the destination has taken a plan."""
    columns = ("destination", "audience", "entity_key", "fingerprint", "identifiers")
    state = [
        {**dict(zip(columns, ("crm", "fans", *row[2:5]), strict=True)), "confirmed": True}
        for row in rows
        if row[1] == "add"
    ]
    kinds = {**dict.fromkeys(columns, "string"), "confirmed": "boolean"}
    warehouse.fill("held", Table(kinds, tuple(state)))


def plan(
    warehouse: Warehouse, request: dict[str, Any], when: str, state: str | None
) -> list[tuple[Any, ...]]:
    """The rows of a plan."""
    relations = {
        "audience": warehouse.quoted(f"fans_{when}"),
        "entity": warehouse.quoted(f"people_{when}"),
        "identifiers": warehouse.quoted(f"values_{when}"),
        "state": warehouse.quoted(state) if state else "",
    }
    return warehouse.ask(Renderer(warehouse.name).call("muster_sync_plan", request, relations))


def told(rows: list[tuple[Any, ...]]) -> dict[str, set[Sent]]:
    """The records of a plan, by what becomes of them."""
    found: dict[str, set[Sent]] = {"remove": set(), "add": set(), "again": set(), "last": set()}
    for row in rows:
        record = frozenset(
            (name, value)
            for name, values in json.loads(row[4], strict=False).items()
            for value in (values if isinstance(values, list) else [values])
            if value is not None
        )
        found["again" if row[7] else row[1]].add(record)
        if row[8] and not row[7]:
            found["last"].add(record)
    return found
