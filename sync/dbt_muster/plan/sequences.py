"""Sequences, each built once: the table of the keys for which one holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from dbt_muster.plan.canonical import canonical_sequence
from dbt_muster.plan.features import bounded_name
from dbt_muster.plan.nodes import sequence_alias
from dbt_muster.specs.canonical import canonical_json
from dbt_muster.specs.meaning import (
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    NoneOf,
    Operand,
    Property,
    Sequence,
    StepProperty,
)


@dataclass(frozen=True)
class SequenceTable:
    """A table with one row an entity key for which a sequence holds.

    Attributes:
        entity: whose events they are.
        sequence: canonical, so that two audiences that ask for the same one share the table.
    """

    entity: str
    sequence: Sequence

    @cached_property
    def alias(self) -> str:
        """What a model that joins the table calls it."""
        return sequence_alias(self.sequence)

    @property
    def model(self) -> str:
        """The name of the dbt model."""
        return bounded_name(f"muster_sequences__{self.entity}__{self.alias.removeprefix('sequence__')}")

    @property
    def sources(self) -> tuple[str, ...]:
        """The event sources that the steps are of, each once."""
        return tuple(sorted({step.source for step in self.sequence.steps}))

    def properties(self, source: str) -> tuple[str, ...]:
        """The properties of a source that the steps read."""
        found: set[str] = set()
        for step in self.sequence.steps:
            for operand in operands_in(step.where):
                match operand:
                    case Property(name) if step.source == source:
                        found.add(name)
                    case StepProperty(_, of, name) if of == source:
                        found.add(name)
        return tuple(sorted(found))


def sequence_tables(entity: str, conditions: Iterable[Condition]) -> tuple[SequenceTable, ...]:
    """A table for each distinct sequence in some conditions about an entity, in a stable order."""
    found = {canonical_sequence(each) for condition in conditions for each in _sequences_in(condition)}
    return tuple(SequenceTable(entity, each) for each in sorted(found, key=canonical_json))


def operands_in(condition: Condition | None) -> Iterator[Operand]:
    """Everything that a condition about one event compares."""
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from operands_in(item)
        case Compare(left, _, right):
            yield from (left, *right)
        case During(left):
            yield left


def _sequences_in(condition: Condition) -> Iterator[Sequence]:
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from _sequences_in(item)
        case Sequence():
            yield condition


def in_words(sequence: Sequence) -> str:
    """Which events a sequence is about, in their order, for the description of its table."""
    words: list[str] = []
    for number, step in enumerate(sequence.steps):
        name = f"{step.source}.{step.event}" if step.event else step.source
        words.append(f"{', then ' if number else ''}{'no ' if step.without else ''}{name}")
    return "".join(words)
