"""The types of columns that no spec declares and no row gives, from what specs compare them with."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.plan.links import linked
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Attribute,
    Column,
    Compare,
    Condition,
    During,
    Entity,
    NoneOf,
    Operand,
    Periods,
    Project,
    Property,
    Sequence,
    StepProperty,
    Type,
    aggregates_of,
)

Guesses = dict[tuple[str, str, str], Type]
"""By the entity's name, the event source's (or `""` for the entity's own table), and the column."""

_OF_TEXT = ("contains", "starts_with", "ends_with", "matches")
_OF_LISTS = ("includes", "includes_any", "includes_all")
_OF_FUNCTION = {
    "sum": Type.NUMBER,
    "average": Type.NUMBER,
    "unique_list": Type.STRING,
    "count": None,
    "distinct": None,
}
"""What an aggregate is taken of, where its own value does not tell."""


def guesses(project: Project) -> Guesses:
    """What the audiences and traits of a project say about columns of no declared type."""
    found: Guesses = {}
    audiences = list(project.audiences.values())
    for audience in [*audiences, *linked(audiences)[1]]:
        for place, kind in _in_condition(audience.criteria, ""):
            found.setdefault(_column(project.entities[audience.entity], *place), kind)
    for entity, traits in project.traits.items():
        for trait in traits.values():
            for aggregate in aggregates_of(trait.value):
                for place, kind in _in_aggregate(aggregate, None):
                    found.setdefault(_column(project.entities[entity], *place), kind)
    return found


_Guess = tuple[tuple[str, str], Type]
"""The event source or `""`, the name in specs, and the type."""


def _column(entity: Entity, source: str, name: str) -> tuple[str, str, str]:
    columns = entity.events[source].properties if source else entity.attributes
    return entity.name, source, columns.get(name, Column(name)).column


def _in_condition(condition: Condition, source: str) -> Iterator[_Guess]:
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from _in_condition(item, source)
        case Sequence(steps):
            for step in steps:
                if step.where is not None:
                    yield from _in_condition(step.where, step.source)
        case During(left):
            yield from _in_operand(left, Type.TIMESTAMP, source)
        case Compare(left, operator, right):
            kind = _compared(operator, (left, *right))
            for operand in (left, *right):
                # What is looked for in a list is a text.
                of_operand = Type.STRING if kind is Type.LIST and operand is not left else kind
                yield from _in_operand(operand, of_operand, source)


def _compared(operator: str, operands: tuple[Operand, ...]) -> Type | None:
    if operator in _OF_TEXT:
        return Type.STRING
    if operator in _OF_LISTS:
        return Type.LIST
    known = (operand.type for operand in operands if operand.type is not Type.UNKNOWN)
    return next(known, None)


def _in_operand(operand: Operand, kind: Type | None, source: str) -> Iterator[_Guess]:
    match operand:
        case Aggregate():
            yield from _in_aggregate(operand, kind)
        case Periods(holding):
            yield from _in_condition(All(holding), source)
        case Attribute(name, Type.UNKNOWN) if kind:
            yield ("", name), kind
        case Property(name, Type.UNKNOWN) if kind:
            yield (source, name), kind
        case StepProperty(_, of_step, name, Type.UNKNOWN) if kind:
            yield (of_step, name), kind


def _in_aggregate(aggregate: Aggregate, kind: Type | None) -> Iterator[_Guess]:
    if aggregate.where is not None:
        yield from _in_condition(aggregate.where, aggregate.source)
    if aggregate.of is not None:
        of_it = _OF_FUNCTION.get(aggregate.function, kind)
        yield from _in_operand(aggregate.of, of_it, aggregate.source)
