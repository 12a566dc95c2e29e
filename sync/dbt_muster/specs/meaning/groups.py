"""Groups: who of an entity's audiences is not sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dbt_muster.specs.meaning.values import Position

HOLDOUT = "holdout"
"""The variant of the members that a group holds out of every delivery of the entity."""


@dataclass(frozen=True)
class Holdout:
    """The keys whose slot, by this salt, is below `slots` of `SLOTS`."""

    salt: str
    slots: int


@dataclass(frozen=True)
class Group:
    """Rules for the delivery of an entity's audiences together."""

    name: str
    entity: str
    description: str
    priority: tuple[str, ...]  # audiences, the most important one first
    holdout: Holdout | None
    suppress: tuple[str, ...]  # audiences whose members are sent nowhere
    position: Position


@dataclass(frozen=True)
class Rules:
    """What all groups of one entity say together."""

    holdout: Holdout | None = None
    suppress: tuple[str, ...] = ()
    priorities: tuple[Group, ...] = ()  # the groups with a priority list

    def lists_of(self, audience: str) -> tuple[str, ...]:
        """The groups whose priority list an audience stands in."""
        return tuple(group.name for group in self.priorities if audience in group.priority)


def rules_of(groups: Iterable[Group], entity: str) -> Rules:
    """What some groups say about the audiences of an entity."""
    own = [group for group in groups if group.entity == entity]
    return Rules(
        holdout=next((group.holdout for group in own if group.holdout), None),
        suppress=tuple(dict.fromkeys(name for group in own for name in group.suppress)),
        priorities=tuple(group for group in own if group.priority),
    )
