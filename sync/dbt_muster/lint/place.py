"""Where in a spec something is said, and what else holds there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dbt_muster.lint.findings import Finding
from dbt_muster.lint.formulas import Known
from dbt_muster.specs.meaning import All, AnyOf, Audience, Condition, Entity, NoneOf, Position
from dbt_muster.words import Voice
from dbt_muster.words.conditions import inline

_LONGEST = 100


@dataclass(frozen=True)
class Place:
    """One audience while it is checked."""

    audience: Audience
    entity: Entity
    known: Known  # other audiences are looked into
    apart: Known  # other audiences are names
    positions: Mapping[int, Position]  # of each condition, by its identity

    @classmethod
    def of(cls, audience: Audience, entity: Entity, known: Known) -> Place:
        """The place of an audience's criteria."""
        inside = [pair for item in audience.written for pair in item.inside]
        positions = {id(condition): position for condition, position in inside}
        return cls(audience, entity, known, Known(known.traits, {}), positions)

    def finding(self, code: str, condition: Condition, message: str) -> Finding:
        """Something about one condition."""
        return Finding(code, self.audience.name, self.position(condition), message)

    def position(self, condition: Condition) -> Position:
        """Where a condition is written; of a group without a place of its own, where its first part is."""
        for each in _and_below(condition):
            if id(each) in self.positions:
                return self.positions[id(each)]
        return self.audience.position

    def said(self, condition: Condition) -> str:
        """A condition in a few words."""
        words = inline(condition, Voice(self.entity.name))
        return f"“{words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}”"

    def at(self, condition: Condition) -> str:
        """A condition in a few words, with its line."""
        return f"{self.said(condition)} (line {self.position(condition).line})"


def _and_below(condition: Condition) -> Iterator[Condition]:
    yield condition
    if isinstance(condition, All | AnyOf | NoneOf):
        for item in condition.items:
            yield from _and_below(item)
