"""People who come and go, change their minds and their addresses, and have some of them in common."""

from __future__ import annotations

import random
from collections.abc import Mapping

from tests.faults.platforms import Person


class People:
    """Everybody there is.

    Two live in a house and have its telephone, mostly its address too; some use their neighbour's address.

    Args:
        size: how many there may be.

    Attributes:
        known: by key, each with their identifiers and whether they consent.
        members: who is in the audience, by key.
        erased: who must not be sent any more, though the tables have them.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self.known: dict[int, tuple[Person, bool]] = {}
        self.members: set[int] = set()
        self.erased: set[int] = set()

    def change(self, dice: random.Random, moves: int) -> None:
        """Let some come, leave, change an identifier and their mind."""
        for key in dice.sample(range(self._size), moves):
            self.known[key] = (_person(dice, key), dice.random() < 0.9)
            if dice.random() < 0.6:
                self.members.symmetric_difference_update({key})

    def deliverable(self) -> Mapping[int, Person]:
        """The members who consent and were not erased."""
        return {key: self.known[key][0] for key in sorted(self.members - self.erased) if self.known[key][1]}

    def unerased(self) -> list[int]:
        """Whoever may still be erased."""
        return sorted(set(self.known) - self.erased)


def _person(dice: random.Random, key: int) -> Person:
    version = dice.choice(["", "", f".{dice.randint(0, 9)}"])
    own = [f"P{key}{version}@example.com"]
    if dice.random() < 0.1:
        own.append(f"P{key ^ 2}@example.com")
    if dice.random() < 0.6:
        own.append(f"House{key // 2}@example.com")
    return {
        "email": own if dice.random() < 0.95 else own[-1:],
        "phone": [f"+4416329{key // 2:05}"] if dice.random() < 0.9 else [],
        "external_id": [f"x-{key}"],
    }
