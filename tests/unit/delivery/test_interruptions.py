"""A sync that dies at any point is put right by the next one that does not.

The platform, the warehouse's tables and a clean sync are all there is to it: people, consent and membership
change at random, syncs die at random steps (before or after any statement or batch), and after each clean
sync the platform holds exactly the members that it should.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from dbt_muster.destinations import (
    Batch,
    BatchResult,
    Refusal,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from tests.unit.delivery.kit import IdentifierPlatform, KeyedPlatform, Killed, Person, Scene

KEYS = range(14)
ADDRESSES = [f"p{number}@example.com" for number in range(9)]


class Death:
    """Kills at the n-th step; a dead process does nothing more, so every later step dies as well."""

    def __init__(self, steps: int) -> None:
        self._left = steps
        self.at: str | None = None

    def __call__(self, name: str) -> None:
        if self._left == 0:
            self.at = self.at or name
            raise Killed
        self._left -= 1


def desired(people: Mapping[int, Person], members: set[int], *, by_key: bool) -> Any:
    deliverable = {
        key: {"email": person.email, "external_id": person.external_id}
        for key, person in people.items()
        if key in members and person.consent and (person.email or person.external_id)
    }
    if by_key:
        return {str(key): identifiers for key, identifiers in deliverable.items()}
    return {tuple(identifiers.items()) for identifiers in deliverable.values()}


def shuffle(chance: random.Random, people: dict[int, Person], members: set[int]) -> None:
    for key in chance.sample(KEYS, chance.randint(0, 8)):
        people[key] = Person(
            email=chance.choice([None, *ADDRESSES]),
            external_id=chance.choice([None, "", f"x-{key}", "shared"]) or None,
            consent=chance.choice([True, True, True, False, None]),
        )
    members.symmetric_difference_update(chance.sample(KEYS, chance.randint(0, 8)))
    members.intersection_update(people)


def die(scene: Scene, steps: int) -> str | None:
    """A sync that dies after so many steps; where it died, or None where it was through before."""
    death = Death(steps)
    scene.warehouse.step = scene.platform.step = death
    try:
        scene.sync()
    except Killed:
        return death.at
    finally:
        scene.warehouse.step = scene.platform.step = lambda _name: None
    return None


def misbehave(chance: random.Random, platform: KeyedPlatform) -> None:
    """Answers that are not a plain yes, some of them after the batch was taken in part or in full."""

    def answer(batch: Batch) -> BatchResult:
        kind = chance.choice(["fine", "fine", "refused", "stopped", "lost", "one refused", "broken"])
        if kind in ("lost", "broken"):
            for record in batch.records[: chance.randint(0, len(batch.records))]:
                platform.take(*record)
            raise UnknownOutcomeError("no answer") if kind == "lost" else RuntimeError("a bug")
        if kind == "refused":
            raise RefusedError("no")
        if kind == "stopped":
            raise StoppedError("no, and no again")
        return BatchResult([Refusal(0, "not this one")] if kind == "one refused" else [])

    platform.answer = answer


def one_life(scene: Scene, chance: random.Random, *, rounds: int) -> Counter[str]:
    """Rounds of changes, deaths and bad answers, each ended by a clean sync and a comparison."""
    deaths: Counter[str] = Counter()
    people: dict[int, Person] = {}
    members: set[int] = set()
    by_key = scene.platform.capabilities.keyed_by == "entity_key"
    for _ in range(rounds):
        for _ in range(chance.randint(1, 4)):
            shuffle(chance, people, members)
            scene.set(people, members)
            if chance.random() < 0.3:
                misbehave(chance, scene.platform)
            where = die(scene, chance.randint(0, 70))
            deaths[where or "survived"] += 1
            scene.platform.answer = lambda batch: BatchResult()
        if chance.random() < 0.5:
            shuffle(chance, people, members)
            scene.set(people, members)
        report = scene.sync()
        assert report.status == "applied", report
        assert scene.platform.held == desired(people, members, by_key=by_key)
        assert all(confirmed for _, _, confirmed in scene.state())
        assert not [name for name in scene.warehouse.tables() if "plan" in name]
        assert scene.sync().sent == 0
    return deaths


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("platform", [KeyedPlatform, IdentifierPlatform])
def test_whatever_dies_or_fails_the_next_clean_sync_leaves_exactly_the_members(
    platform: type[KeyedPlatform], seed: int
) -> None:
    scene = Scene(platform(), match_on=("email", "external_id"), consent="ads")
    deaths = one_life(scene, random.Random(seed), rounds=6)  # noqa: S311 - tests repeat
    assert sum(count for where, count in deaths.items() if where != "survived") >= 3


@pytest.mark.parametrize("platform", [KeyedPlatform, IdentifierPlatform])
def test_a_death_at_every_single_step_of_a_sync_is_put_right(platform: type[KeyedPlatform]) -> None:
    before = {key: Person(f"p{key}@example.com") for key in range(5)}
    after = {key: Person(f"p{key % 3}@example.org") for key in range(2, 8)}
    steps = 0
    while True:
        scene = Scene(platform(), match_on=("email", "external_id"))
        scene.set(before)
        scene.sync()
        scene.set(after)
        if die(scene, steps) is None:
            break
        by_key = platform is KeyedPlatform
        assert scene.sync().status == "applied"
        assert scene.platform.held == desired(after, set(after), by_key=by_key), steps
        steps += 1
    assert steps > 35


@pytest.mark.parametrize("steps", range(0, 45, 4))
def test_a_death_while_settling_an_earlier_death_is_put_right_as_well(steps: int) -> None:
    scene = Scene(match_on=("email",))
    scene.set({key: Person(f"p{key}@example.com") for key in range(8)})
    scene.sync()
    now = {key: Person(f"q{key}@example.com") for key in range(4, 12)}
    scene.set(now)
    die(scene, 30)
    die(scene, steps)
    assert scene.sync().status == "applied"
    assert scene.platform.held == {str(key): {"email": person.email} for key, person in now.items()}
