"""A sequence as the plain data that stands in a stub and that `macros/models/sequence.sql` renders.

A step reads events of its own, and compares some of their properties with those of earlier steps. What later
steps compare with is kept from step to step, under the name of the step and of the property.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dbt_muster.plan.canonical import short_hash
from dbt_muster.plan.nodes import (
    Node,
    OperandNode,
    column_node,
    condition_node,
    event_operand,
    literal_node,
    property_column,
    property_node,
    window_node,
)
from dbt_muster.plan.sequences import operands_in
from dbt_muster.specs.meaning import (
    EVER,
    All,
    Attribute,
    Compare,
    Condition,
    EventSource,
    Operand,
    Property,
    Sequence,
    Step,
    StepProperty,
    TraitValue,
    Type,
    Value,
    Window,
)

_PLAIN_NAME = re.compile("[a-z][a-z0-9_]{0,40}")

# Types of which every warehouse can put equal values together in a window; others are joined.
_PARTITIONED = frozenset(
    {Type.STRING, Type.INTEGER, Type.BOOLEAN, Type.DATE, Type.TIMESTAMP, Type.TIMESTAMPTZ}
)


@dataclass(frozen=True)
class StepNodes:
    """Writes the steps of a canonical sequence, which are counted from 1.

    Attributes:
        sequence: the sequence.
        sources: the entity's event sources.
    """

    sequence: Sequence
    sources: Mapping[str, EventSource]

    def window(self) -> Node:
        """The window of all steps; nothing where it is ever."""
        return {"window": window_node(self.sequence.window)} if self.sequence.window != EVER else {}

    def looks_outside(self, number: int) -> bool:
        """Whether a step compares its events with an attribute or a trait of the entity."""
        where = self.sequence.steps[number - 1].where
        return any(isinstance(operand, Attribute | TraitValue) for operand in operands_in(where))

    def step(self, number: int, outside: OperandNode) -> Node:
        """One step as data.

        Args:
            number: which one.
            outside: writes the attributes and traits of the entity.
        """
        step = self.sequence.steps[number - 1]
        return _StepNode(self, number, step, self.sources[step.source], outside).node()


@dataclass(frozen=True)
class _StepNode:
    """One step of a sequence."""

    of: StepNodes
    number: int
    step: Step
    source: EventSource
    outside: OperandNode

    def node(self) -> Node:
        step = self.step
        plain = [each for each in _conjuncts(step.where) if not _refers(each)]
        matches = [each for each in _conjuncts(step.where) if _is_match(each)]
        compared = [each for each in _conjuncts(step.where) if _refers(each) and not _is_match(each)]
        node: Node = {"source": step.source, "event": step.event}
        if step.without:
            node["without"] = True
        if step.within is not None:
            node["within"] = [step.within.count, step.within.unit]
        if plain:
            node["where"] = condition_node(_all(plain), self._write)
        values = self._values([*matches, *compared])
        if values:
            node["values"] = [{"name": name, "value": value} for name, value in sorted(values.items())]
        if matches:
            node["match"] = [self._match(each) for each in matches]
        if compared:
            node["compare"] = condition_node(_all(compared), self._operand)
        keeps = [
            _column(number, name) for number in range(1, self.number + 1) for name in self._kept_of(number)
        ]
        if keeps:
            node["keeps"] = keeps
        if compared or not self._in_windows(matches):
            node["pairs"] = True
            node["earlier"] = self._earlier(keeps)
        return node

    def _write(self, operand: Operand, window: Window | None) -> Node:
        return event_operand(self.source, self.outside)(operand, window)

    def _values(self, conditions: list[Condition]) -> dict[str, Node]:
        """The columns that stand beside an event: what is compared here, and what later steps compare."""
        values = {
            _column(self.number, name): property_node(self.source, name)
            for name in self._kept_of(self.number)
        }
        for operand in (each for condition in conditions for each in operands_in(condition)):
            if isinstance(operand, Property | Attribute | TraitValue):
                values[self._own(operand)] = self._write(operand, None)
        return values

    def _own(self, operand: Property | Attribute | TraitValue) -> str:
        if isinstance(operand, Property):
            return _column(self.number, operand.name)
        kind = "attribute" if isinstance(operand, Attribute) else "trait"
        return f"{kind}_{self.number}__{operand.name}"

    def _kept_of(self, number: int) -> list[str]:
        """The properties of a step that steps after this one compare with."""
        later = self.of.sequence.steps[self.number :]
        return sorted(
            {
                operand.name
                for step in later
                for operand in operands_in(step.where)
                if isinstance(operand, StepProperty) and operand.step == number
            }
        )

    def _in_windows(self, matches: list[Condition]) -> bool:
        """Whether events in their order decide, so that nobody has to look at pairs of events.

        Each value then equals one of an earlier step at most, and what is kept of earlier steps is known to
        be equal to a value of this one.
        """
        sides = [_sides(each) for each in matches]
        matched = {(right.step, right.name) for _, right in sides}
        kept = {(number, name) for number in range(1, self.number) for name in self._kept_of(number)}
        return (
            all(operand.type in _PARTITIONED for both in sides for operand in both)
            and len({own.name for own, _ in sides}) == len(sides)
            and (self.step.without or kept <= matched)
        )

    def _earlier(self, keeps: list[str]) -> list[str]:
        """The columns of earlier steps that are read beside an event of this one."""
        compared = [each for each in operands_in(self.step.where) if isinstance(each, StepProperty)]
        own = {_column(self.number, name) for name in self._kept_of(self.number)}
        return sorted({*(_column(each.step, each.name) for each in compared), *keeps} - own)

    def _match(self, condition: Condition) -> Node:
        own, earlier = _sides(condition)
        return {"own": _column(self.number, own.name), "earlier": _column(earlier.step, earlier.name)}

    def _operand(self, operand: Operand, _window: Window | None) -> Node:
        """An operand where an event stands beside an earlier step: every column has its value already."""
        match operand:
            case Property(name):
                kind = property_column(self.source, name).type
                return column_node("events", self._own(operand), _stored(kind))
            case Attribute(_, kind) | TraitValue(_, kind):
                return column_node("events", self._own(operand), _stored(kind))
            case StepProperty(number, _, name, kind):
                return column_node("earlier", _column(number, name), _stored(kind))
            case Value():
                return literal_node(operand)
        raise TypeError(f"{type(operand).__name__} cannot stand in the where of a step")


def _conjuncts(where: Condition | None) -> tuple[Condition, ...]:
    if where is None:
        return ()
    return where.items if isinstance(where, All) else (where,)


def _all(conditions: list[Condition]) -> Condition:
    return conditions[0] if len(conditions) == 1 else All(tuple(conditions))


def _refers(condition: Condition) -> bool:
    return any(isinstance(operand, StepProperty) for operand in operands_in(condition))


def _is_match(condition: Condition) -> bool:
    """Whether it says that a property equals one of an earlier step, and nothing else."""
    match condition:
        case Compare(Property(), "is", (StepProperty(),), False, False):
            return True
    return False


def _sides(match: Condition) -> tuple[Property, StepProperty]:
    if isinstance(match, Compare) and isinstance(match.left, Property):
        (right,) = match.right
        if isinstance(right, StepProperty):
            return match.left, right
    raise TypeError("not a match of a property with one of an earlier step")


def _column(number: int, name: str) -> str:
    return f"step_{number}__{name if _PLAIN_NAME.fullmatch(name) else short_hash(name)}"


def _stored(value_type: Type) -> Type:
    """Times are read as UTC where a step's events are."""
    return Type.TIMESTAMP if value_type is Type.TIMESTAMPTZ else value_type
