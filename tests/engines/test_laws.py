"""Laws that hold whatever the criteria say, on every engine and without the oracle's word.

A law is about audiences that are made from those of a random world: one beside its complement, one written
backwards, and so on. A world in which a law is broken is made smaller and printed as a case.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.engines.cases import read_case
from tests.engines.engines import Answer, Engine, Members, NotEmulatedError, Oracle
from tests.engines.known import ENGINES, random_criteria
from tests.engines.smaller import smaller
from tests.engines.written import write_case
from tests.oracle.rewriting import backwards, one
from tests.oracle.strategies import worlds
from tests.oracle.world import Spec, World
from tests.thorough import thorough

Law = Callable[[Members], bool]

_EACH = 5
_STARTS = [
    (name, start)
    for name, known in ENGINES.items()
    if thorough() or not known.slow
    for start in range(random_criteria(name) // (500 if known.slow else 150))
]
_ORDINARY = {"audience", "entity", "criteria", "description"}


@pytest.mark.parametrize(("engine", "start"), _STARTS, indirect=["engine"])
def test_an_engine_keeps_the_laws_in_random_worlds(engine: Engine, start: int) -> None:
    wrong: list[World] = []

    @seed(start)
    @settings(
        max_examples=_EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(worlds(audiences=5))
    def try_worlds(world: World) -> None:
        if not wrong and broken(engine, world):
            wrong.append(world)

    try_worlds()
    if wrong:
        pytest.fail(explained(engine, wrong[0]), pytrace=False)


@pytest.mark.parametrize(
    ("forgets", "law"),
    [
        ("not_a", "that a and none of it are everybody"),
        ("back_a", "that the order of clauses in a is irrelevant"),
        ("orders_in_3_days", "that orders_in_3_days loses nobody of orders_in_1_hour"),
    ],
)
def test_an_engine_that_forgets_members_breaks_a_law(forgets: str, law: str) -> None:
    class Forgetful(Oracle):
        def answer(self, world: World) -> Answer:
            found = super().answer(world)
            return Answer({**found.members, forgets: frozenset()})

    orders = "{rows: [{person: 1, at: 5 minutes ago}, {person: 1, at: 9 minutes ago}]}"
    case = read_case(
        "{as_of: 2026-01-01, people: [{id: 1}, {id: 2}], audiences: {a: [{event: orders}]}, expect: {}, "
        f"events: {{orders: {orders}}}}}"
    )
    assert broken(Oracle(), case.world) is None
    assert broken(Forgetful(), case.world) == law


def broken(engine: Engine, world: World) -> str | None:
    """The first law that is broken; None where all hold."""
    made, laws = with_laws(world)
    try:
        members = engine.answer(made).members
    except NotEmulatedError:
        return None
    return next((name for name, holds in laws.items() if not holds(members)), None)


def explained(engine: Engine, world: World) -> str:
    """Which law an engine breaks, in the smallest world that shows it."""
    law = broken(engine, world)

    def still_wrong(other: World) -> bool:
        try:
            return broken(engine, other) is not None
        except Exception:  # it is no valid world any more
            return False

    made, _ = with_laws(smaller(world, still_wrong))
    case = write_case(made, Oracle().answer(made).members)
    return f"On {engine.name}, {law} is broken; the oracle finds what this case expects:\n\n{case}"


def with_laws(world: World) -> tuple[World, dict[str, Law]]:
    """A world with more audiences, and what must hold of the members of all of them."""
    plain = {name: spec for name, spec in world.audiences.items() if spec.keys() <= _ORDINARY}
    made: dict[str, Any] = {}
    laws: dict[str, Law] = {}
    for entity in sorted({spec["entity"] for spec in plain.values()}):
        own = {name: spec for name, spec in plain.items() if spec["entity"] == entity}
        for name, spec in own.items():
            laws |= _of_one(made, name, spec)
        laws |= _de_morgan(made, entity, [one(spec["criteria"]) for spec in own.values()])
        laws[f"that everybody of {entity} is the same, whatever it is said by"] = _are_equal(
            [f"either_{name}" for name in own]
        )
    laws |= _windows(made, world)
    specs = {name: {"audience": name, **spec} for name, spec in made.items()}
    return replace(world, audiences={**world.audiences, **specs}), laws


def _are_equal(names: list[str]) -> Law:
    return lambda found: len({found[name] for name in names}) == 1


def _of_one(made: dict[str, Any], name: str, spec: Spec) -> dict[str, Law]:
    """An audience and its complement, its clauses in another order, and who is a member of it."""
    entity, criteria = spec["entity"], spec["criteria"]
    not_it, reverse, members, either = (f"{word}_{name}" for word in ("not", "back", "in", "either"))
    made[not_it] = {"entity": entity, "criteria": {"none": [one(criteria)]}}
    made[reverse] = {"entity": entity, "criteria": backwards(criteria)}
    made[members] = {"entity": entity, "criteria": [{"audience": name}]}
    made[either] = {"entity": entity, "criteria": {"any": [one(criteria), {"none": [one(criteria)]}]}}
    return {
        f"that {name} and none of it are disjoint": lambda found: not found[name] & found[not_it],
        f"that {name} and none of it are everybody": lambda found: (
            found[name] | found[not_it] == found[either]
        ),
        f"that the order of clauses in {name} is irrelevant": lambda found: found[name] == found[reverse],
        f"that {name} is who is a member of it": lambda found: found[name] == found[members],
    }


def _de_morgan(made: dict[str, Any], entity: str, items: list[Any]) -> dict[str, Law]:
    nots = [{"none": [item]} for item in items]
    groups = {
        f"neither_{entity}": {"none": items},
        f"each_not_{entity}": {"all": nots},
        f"not_all_{entity}": {"none": [{"all": items}]},
        f"any_not_{entity}": {"any": nots},
    }
    made.update({name: {"entity": entity, "criteria": criteria} for name, criteria in groups.items()})
    neither, each_not, not_all, any_not = groups
    return {
        f"De Morgan's law of any, of {entity}": lambda found: found[neither] == found[each_not],
        f"De Morgan's law of all, of {entity}": lambda found: found[not_all] == found[any_not],
    }


def _windows(made: dict[str, Any], world: World) -> dict[str, Law]:
    """A wider window never loses a member of a positive count."""
    laws: dict[str, Law] = {}
    for source in sorted(world.entity.get("events", {})):
        named = {}
        for width in ("1 hour", "3 days", "6 weeks", "1 year", None):
            name = f"{source}_in_{(width or 'ever').replace(' ', '_')}"
            named[name] = {"event": source, "count": {"at_least": 2}, **({"within": width} if width else {})}
        for name, condition in named.items():
            made[name] = {"entity": world.entity["entity"], "criteria": [condition]}
        for narrow, wide in itertools.pairwise(named):
            laws[f"that {wide} loses nobody of {narrow}"] = _is_within(narrow, wide)
    return laws


def _is_within(narrow: str, wide: str) -> Law:
    return lambda found: found[narrow] <= found[wide]
