"""What criteria can name, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.oracle import points
from tests.oracle.strategies import words
from tests.oracle.strategies.dice import Dice
from tests.oracle.world import Written

Condition = dict[str, Any]
Literal = Callable[[Dice], Written]

NUMBERS = ("integer", "number")
_INSTANTS = ("timestamp", "timestamptz")
_COMPATIBLE = {kind: kinds for kinds in (NUMBERS, _INSTANTS) for kind in kinds}


@dataclass(frozen=True)
class Shape:
    """What can be said of an event source.

    Attributes:
        kinds: the names of its kinds of event, if it has several.
        properties: the type of each property.
        at: the type of its times.
    """

    kinds: tuple[str, ...]
    properties: Mapping[str, str]
    at: str = "timestamp"


@dataclass(frozen=True)
class Vocabulary:
    """What criteria can name, and when.

    Attributes:
        entity: whom they are about.
        palette: the values to compare with.
        attributes: the type of each attribute that has one; not of locations.
        sources: the event sources.
        traits: the type of each trait; `average` for those whose values only meet unreachable numbers.
        audiences: those of the entity that may be referred to.
        only: the kinds of conditions that there are; none says all.
        places: the attributes that are locations.
        around: the entities whose keys the entity's rows name, and those whose rows name its keys.
        properties: the type of each property, inside `where`.
        steps: inside a sequence's step, the properties of each named step before it.
        edges: collects the instants at which the windows drawn begin and end.
        gaps: collects the lengths of time that may lie between two events.
    """

    clock: points.Clock
    palette: words.Palette
    attributes: Mapping[str, str]
    sources: Mapping[str, Shape]
    entity: str = "person"
    traits: Mapping[str, str] = field(default_factory=dict)
    audiences: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    around: Mapping[str, Vocabulary] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    edges: list[datetime] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def operands(self, kind: str) -> list[Condition]:
        """What a value of a type can be compared with, other than a literal."""
        kinds = _COMPATIBLE.get(kind, (kind,))
        named: list[tuple[Condition, str, Mapping[str, str]]] = [
            ({}, "attribute", self.attributes),
            ({}, "trait", self.traits),
            ({}, "property", self.properties),
            *(({"step": name}, "property", properties) for name, properties in self.steps.items()),
        ]
        return [
            {**more, what: name}
            for more, what, types in named
            for name, type_ in types.items()
            if type_ in kinds
        ]

    def right(self, dice: Dice, kind: str, literal: Literal) -> Written:
        """A right side: mostly a literal, now and then an operand of a fitting type."""
        operands = self.operands(kind)
        chance = 80 if self.steps else 20
        return dice.pick(operands) if operands and dice.chance(chance) else literal(dice)

    def mark(self, *window: datetime | None) -> None:
        """Remember edges, so that the data can lie on them."""
        self.edges.extend(edge for edge in window if edge is not None)
