"""Aggregates that compare events with the entity that they are of."""

from __future__ import annotations

from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    NoneOf,
    TraitValue,
)


def looks_outside(aggregate: Aggregate) -> bool:
    """Whether the `where` of an aggregate refers to an attribute or a trait of the entity."""
    return aggregate.where is not None and _outside(aggregate.where)


def _outside(condition: Condition) -> bool:
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            return any(_outside(item) for item in items)
        case Compare(left, _, right):
            return any(isinstance(operand, Attribute | TraitValue) for operand in (left, *right))
    return False
