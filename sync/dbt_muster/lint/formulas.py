"""Conditions as formulas over single facts, one function a kind; what is not understood is a fact itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import singledispatch
from typing import cast

from dbt_muster.lint.values import Among, Interval, Like, Number, Restriction, Span
from dbt_muster.plan.canonical import canonical_aggregate, canonical_condition
from dbt_muster.plan.existence import asked_of_times
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Audience,
    Compare,
    Condition,
    During,
    MemberOf,
    Near,
    NoneOf,
    Operand,
    Trait,
    TraitValue,
    Type,
    Value,
)


@dataclass(frozen=True)
class Fact:
    """What a value is: missing, where that is allowed, or one that satisfies the restriction.

    Attributes:
        operand: the value.
        missing: whether a missing value will do.
        present: whether any value will do that is there, within the restriction.
        restriction: None for any value at all.
        folded: whether capitals make no difference.
    """

    operand: Operand
    missing: bool
    present: bool = True
    restriction: Restriction | None = None
    folded: bool = False


@dataclass(frozen=True)
class Unknown:
    """A condition that is only known to be true or false."""

    condition: Condition
    negated: bool


@dataclass(frozen=True)
class Every:
    """All of these."""

    items: tuple[Formula, ...]


@dataclass(frozen=True)
class Some:
    """At least one of these."""

    items: tuple[Formula, ...]


Formula = Fact | Unknown | Every | Some


@dataclass(frozen=True)
class Known:
    """What is known besides the conditions themselves.

    Attributes:
        traits: the entity's calculated attributes, by name.
        audiences: those whose members are exactly who meets their criteria.
    """

    traits: Mapping[str, Trait]
    audiences: Mapping[str, Audience]

    def operand(self, operand: Operand) -> Operand:
        """A trait is what it calculates, so that it and the same aggregate elsewhere are one value."""
        if isinstance(operand, TraitValue) and operand.name in self.traits:
            calculated = self.traits[operand.name].value
            operand = calculated if isinstance(calculated, Aggregate) else operand
        if not isinstance(operand, Aggregate):
            return operand
        is_time = operand.function in ("first", "last") and operand.of is None
        return canonical_aggregate(replace(operand, type=Type.TIMESTAMP) if is_time else operand)


@singledispatch
def formula(condition: object, negated: bool, known: Known) -> Formula:
    """A condition, or its complement, as a formula; a kind without one is true or false."""
    return Unknown(cast(Condition, condition), negated)


@formula.register(All)
@formula.register(AnyOf)
@formula.register(NoneOf)
def _group(condition: All | AnyOf | NoneOf, negated: bool, known: Known) -> Formula:
    inverted = negated != isinstance(condition, NoneOf)
    items = tuple(formula(item, inverted, known) for item in condition.items)
    return Every(items) if isinstance(condition, All) != inverted else Some(items)


@formula.register
def _member_of(condition: MemberOf, negated: bool, known: Known) -> Formula:
    if condition.audience not in known.audiences:
        return Unknown(condition, negated)
    return formula(known.audiences[condition.audience].criteria, negated, known)


@formula.register
def _near(condition: Near, negated: bool, known: Known) -> Formula:
    fails = condition.negated != negated
    unknown = Unknown(replace(condition, negated=False), fails)
    return unknown if fails else Every((unknown, Fact(condition.left, missing=False)))


@formula.register
def _during(condition: During, negated: bool, known: Known) -> Formula:
    left, window = known.operand(condition.left), condition.window
    if negated == condition.negated:
        return Fact(left, missing=False, restriction=Span(window.start, window.end))
    pieces: list[Formula] = [Fact(left, missing=True, present=False)]
    if window.start is not None:
        pieces.append(Fact(left, missing=False, restriction=Span(None, window.start)))
    if window.end is not None:
        pieces.append(Fact(left, missing=False, restriction=Span(window.end, None)))
    return Some(tuple(pieces))


@formula.register
def _compare(condition: Compare, negated: bool, known: Known) -> Formula:
    right = tuple(map(known.operand, condition.right))
    condition = replace(condition, left=known.operand(condition.left), right=right)
    of_times = asked_of_times(condition, lambda _source: Type.TIMESTAMP)
    if isinstance(of_times, During):
        return _during(of_times, negated, known)
    assert isinstance(of_times, Compare)  # noqa: S101 - a comparison of a count becomes no group
    return _comparison(of_times, negated)


def _comparison(condition: Compare, negated: bool) -> Formula:
    left, fails = condition.left, condition.negated != negated
    positive = canonical_condition(replace(condition, negated=False))
    missing = Fact(left, missing=True, present=False)
    if condition.operator == "is_set":
        return missing if fails else Fact(left, missing=False)
    if condition.operator in ("includes_any", "includes_all"):
        several = condition.operator == "includes_any"
        each = [
            replace(condition, operator="includes", right=(item,), negated=fails) for item in condition.right
        ]
        items = tuple(_comparison(item, negated=False) for item in each)
        return Some(items) if several != fails else Every(items)
    pieces = _pieces(condition)
    if pieces is None:
        there = Fact(left, missing=False)
        unknown = Unknown(positive, fails)
        return unknown if fails else Every((unknown, there))
    holds, complement = pieces
    folded = condition.ignore_case
    if fails:
        others = tuple(Fact(left, missing=False, restriction=each, folded=folded) for each in complement)
        return Some((missing, *others))
    return Fact(left, missing=False, restriction=holds, folded=folded)


def _pieces(condition: Compare) -> tuple[Restriction, tuple[Restriction, ...]] | None:
    """What a comparison with written values lets through, and what it does not; None if that is not known."""
    values = [operand.value for operand in condition.right if isinstance(operand, Value)]
    if len(values) != len(condition.right) or not values:
        return None
    if condition.ignore_case:
        values = [value.casefold() if isinstance(value, str) else value for value in values]
    first, last = values[0], values[-1]
    match condition.operator:
        case "is" | "in":
            if condition.left.type is Type.UNKNOWN:
                return None  # the warehouse decides what is equal there
            among = frozenset(values)
            return Among(among), (Among(among, outside=True),)
        case "contains" | "starts_with" | "ends_with" | "matches" | "includes":
            like = Like(condition.operator, first)
            return like, (replace(like, negated=True),)
    if isinstance(first, int | Decimal) and isinstance(last, int | Decimal):
        return _INTERVALS[condition.operator](first, last)
    return None


_INTERVALS: dict[str, Callable[[Number, Number], tuple[Interval, tuple[Interval, ...]]]] = {
    "at_least": lambda low, _: (Interval(low=low), (Interval(high=low, high_open=True),)),
    "more_than": lambda low, _: (Interval(low=low, low_open=True), (Interval(high=low),)),
    "at_most": lambda high, _: (Interval(high=high), (Interval(low=high, low_open=True),)),
    "less_than": lambda high, _: (Interval(high=high, high_open=True), (Interval(low=high),)),
    "between": lambda low, high: (
        Interval(low, high),
        (Interval(high=low, high_open=True), Interval(low=high, low_open=True)),
    ),
}
"""The numbers that an operator lets through, and those that it does not."""
