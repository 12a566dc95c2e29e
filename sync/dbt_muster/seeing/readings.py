"""The values behind conditions: which of them are read for a key, and how they are said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.keys import Found, Read
from dbt_muster.specs.meaning import (
    Aggregate,
    Attribute,
    Audience,
    Condition,
    Entity,
    Limit,
    Near,
    Operand,
    Periods,
    Sequence,
    TraitValue,
    Type,
)
from dbt_muster.words import Voice
from dbt_muster.words.conditions import distance_words
from dbt_muster.words.limits import limit_words
from dbt_muster.words.measures import Measure, behind, measure
from dbt_muster.words.operands import operand_words, value_words
from dbt_muster.words.sequences import beginnings, progress_words


@dataclass(frozen=True)
class Readings:
    """What some conditions of one entity read.

    Attributes:
        clock: of the look, by which times are said.
        voice: that of the entity.
        conditions: those that have readings.
        limits: of audiences, whose values are read too.
    """

    entity: Entity
    clock: Clock
    voice: Voice
    conditions: tuple[Condition, ...]
    limits: tuple[Limit, ...] = ()

    @property
    def read(self) -> tuple[Read, ...]:
        """The values that stand in a column of their own, and the places that are measured."""
        operands: list[Operand] = [limit.by for limit in self.limits]
        for condition in self.conditions:
            found = self.measure(condition)
            operands += [found.operand, *found.beside] if found else behind(condition)
        near = (condition for condition in self.conditions if isinstance(condition, Near))
        return tuple(dict.fromkeys([*filter(_is_read, operands), *near]))

    @property
    def besides(self) -> Iterator[Condition]:
        """What must be known besides the conditions themselves: whether parts of them hold."""
        for condition in self.conditions:
            if isinstance(condition, Sequence):
                yield from beginnings(condition)
            found = self.measure(condition)
            if found and isinstance(found.operand, Periods):
                yield from found.operand.holding

    def measure(self, condition: Condition) -> Measure | None:
        """What a condition measures; the dates of a window stand in the criterion already."""
        return measure(condition, Voice(self.entity.name))

    def said(self, condition: Condition, found: Found) -> str | None:
        """The values behind a condition and what was wanted; None where there is no single value."""
        match condition:
            case Near():
                return distance_words(condition, found.values[condition])
            case Sequence():
                met = sum(found.held[each] for each in beginnings(condition))
                return progress_words(condition, met, holds=found.held[condition])
        each = self.measure(condition)
        if each is not None and isinstance(each.operand, Periods):
            times = sum(found.held[one] for one in each.operand.holding)
            return self.compared(each, f"{each.label} {times}", found)
        if each is not None and each.operand in found.values:
            return self.compared(each, f"{each.label} {self._value(each.operand, found)}", found)
        others = [each for each in behind(condition) if each in found.values]
        return ", ".join(f"{self._called(each)} {self._value(each, found)}" for each in others) or None

    def compared(self, measured: Measure, what: str, found: Found) -> str:
        """A value beside what was wanted, and beside the values that it was compared with."""
        beside = "".join(
            f"; {self._called(operand)} is {self._value(operand, found)}" for operand in measured.beside
        )
        return f"{what}, wanted {measured.wanted}{beside}"

    def limited(self, audience: Audience, found: Found, *, member: bool, whom: str = "it") -> str | None:
        """Why somebody for whom an audience's criteria hold is within its limit or is not."""
        if audience.limit is None or not found.held[audience.criteria]:
            return None
        by, few = audience.limit.by, limit_words(audience.limit)
        if member:
            return f"the criteria hold, and {whom} is one of {few}: {by.name} {self._value(by, found)}"
        if found.values[by] is None:
            return f"the criteria hold, but {by.name} is missing, so {whom} cannot be one of {few}"
        return f"the criteria hold, but {whom} is not one of {few}: {by.name} {self._value(by, found)}"

    def _called(self, operand: Operand) -> str:
        return operand_words(operand, self.voice)

    def _value(self, operand: Operand, found: Found) -> str:
        return _value_words(found.values[operand], self.clock, self.entity.timezone)


def _is_read(operand: Operand) -> bool:
    """Whether an operand's value stands in one column."""
    return isinstance(operand, Attribute | TraitValue | Aggregate) and operand.type is not Type.LOCATION


def _value_words(value: object, clock: Clock, timezone: str) -> str:
    match value:
        case None:
            return "missing"
        case datetime():
            return clock.local(value.replace(tzinfo=None), timezone)
        case date():
            return value.isoformat()
        case float():
            return format(value, ".12g")
        case Decimal():
            return format(value.normalize(), "f")
        case list() | tuple():
            return "[" + ", ".join(map(value_words, value)) + "]"
    return value_words(value)
