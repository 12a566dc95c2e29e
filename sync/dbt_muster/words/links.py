"""Conditions about other entities, in words: whom they ask, and of how many something must hold."""

from __future__ import annotations

from dbt_muster.specs.meaning import Compare, Condition, NoneOf, Related, Through, Value
from dbt_muster.words.operands import listed, value_words
from dbt_muster.words.operators import OPERATORS, TIMES, joined_by
from dbt_muster.words.voice import Voice


def asked_of(condition: Compare) -> Condition:
    """What is asked of each of those who name somebody; where nobody may fail it, that is asked of all."""
    related = _related(condition)
    match related.where:
        case NoneOf((asked,)) if _at_none(condition):
            return asked
    return related.where


def is_of_all(condition: Compare) -> bool:
    """Whether all of those who name somebody are asked for: none of them may fail."""
    return asked_of(condition) is not _related(condition).where


def heading(condition: Through | Compare, voice: Voice) -> str:
    """Of whom it must hold: `its account meets`, `at least 3 of its customers meet`."""
    if isinstance(condition, Through):
        return f"its {condition.entity} meets"
    many = f"of its {_related(condition).entity}s"
    if is_of_all(condition):
        return f"all {many} meet"
    if _at_none(condition):
        return f"none {many} meets"
    match condition:
        case Compare(_, "at_least", (Value(1),), False):
            return f"at least one {many} meets"
        case Compare(_, operator, (Value(number),), False) if operator in TIMES:
            return f"{TIMES[operator]} {value_words(number)} {many} meet"
    right = listed(condition.right, voice, joined_by(condition.operator))
    return (
        f"the number {many} that meet this {OPERATORS[condition.operator][condition.negated].format(right)}"
    )


def wanted_of_many(condition: Compare) -> str | None:
    """For how many of those who name somebody it must hold, where that is no number."""
    if is_of_all(condition):
        return "all"
    return "none" if _at_none(condition) else None


def _at_none(condition: Compare) -> bool:
    match condition:
        case Compare(_, "is", (Value(0),), False):
            return True
    return False


def _related(condition: Compare) -> Related:
    if not isinstance(condition.left, Related):
        raise TypeError("the condition is not about others")
    return condition.left
