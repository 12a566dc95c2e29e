"""Conditions, in words: each as one line, groups within a line too."""

from __future__ import annotations

from functools import singledispatch

from dbt_muster.specs.meaning import (
    EVER,
    Aggregate,
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    Holds,
    MemberOf,
    Near,
    NoneOf,
    Operand,
    Related,
    Through,
    Value,
)
from dbt_muster.words.expressions import expression_words
from dbt_muster.words.links import asked_of, heading
from dbt_muster.words.operands import event_words, events_words, listed, operand_words, value_words
from dbt_muster.words.operators import OPERATORS, TIMES, joined_by
from dbt_muster.words.points import window_words
from dbt_muster.words.voice import Voice

_NEVER_MISSING = ("count", "distinct", "sum")


@singledispatch
def inline(condition: object, voice: Voice) -> str:
    """A condition within a line."""
    raise NotImplementedError(f"{type(condition).__name__} has no words")


@inline.register
def _compare(condition: Compare, voice: Voice) -> str:
    match condition:
        case Compare(Aggregate(function="count") as count, operator, (Value(),)) if operator in TIMES:
            return _count(count, condition, voice)
        case Compare(Related(_, other)):
            return f"{heading(condition, voice)}: {_in_brackets(asked_of(condition), voice.of(other))}"
    words = OPERATORS[condition.operator][condition.negated]
    right = listed(condition.right, voice, joined_by(condition.operator)) if condition.right else ""
    case = ", capitals or not" if condition.ignore_case else ""
    missing = or_missing(condition.left) if condition.negated and condition.operator != "is_set" else ""
    return f"{operand_words(condition.left, voice)} {words.format(right)}{case}{missing}"


def _count(count: Aggregate, condition: Compare, voice: Voice) -> str:
    """How often something happened."""
    times = f"{TIMES[condition.operator]} {operand_words(condition.right[0], voice)} times"
    said = {
        "at least 1 times": "at least once",
        "exactly 1 times": "exactly once",
        "at most 1 times": "at most once",
        "more than 0 times": "at least once",
        "fewer than 1 times": "never",
        "at most 0 times": "never",
        "exactly 0 times": "never",
    }.get(times, times)
    verb = "did not happen" if condition.negated else "happened"
    if said == "never" and not condition.negated:
        verb, said = "never", "happened"
    ever = " ever" if count.window == EVER else ""
    return f"{event_words(count)} {verb} {said}{ever}{events_words(count, voice)}"


@inline.register
def _during(condition: During, voice: Voice) -> str:
    window = window_words(condition.window, voice)
    missing = or_missing(condition.left) if condition.negated else ""
    verb = "is not" if condition.negated else "is"
    return f"{operand_words(condition.left, voice)} {verb} {window}{missing}"


@inline.register
def _holds(condition: Holds, voice: Voice) -> str:
    return expression_words(condition.expression, voice)


@inline.register
def _near(condition: Near, voice: Voice) -> str:
    middle = ", ".join(value_words(degrees) for degrees in (condition.latitude, condition.longitude))
    said = f"within {value_words(condition.kilometres)} km of {middle}"
    verb = "is not" if condition.negated else "is"
    return f"{condition.left.name} {verb} {said}{', or is missing' if condition.negated else ''}"


def distance_words(condition: Near, kilometres: float | None) -> str:
    """How far a place is from the point that a condition names, and how far it may be."""
    said = "missing" if kilometres is None else f"{kilometres:,.3f}".rstrip("0").rstrip(".") + " km away"
    wanted = f"{'not ' if condition.negated else ''}within {value_words(condition.kilometres)} km"
    return f"{condition.left.name} {said}, wanted {wanted}"


@inline.register
def _member_of(condition: MemberOf, voice: Voice) -> str:
    return f"a member of {condition.audience}"


@inline.register
def _through(condition: Through, voice: Voice) -> str:
    return f"{heading(condition, voice)}: {_in_brackets(condition.where, voice.of(condition.entity))}"


@inline.register
def _all(condition: All, voice: Voice) -> str:
    return " and ".join(_in_brackets(item, voice) for item in condition.items) or "anybody"


@inline.register
def _any(condition: AnyOf, voice: Voice) -> str:
    return " or ".join(_in_brackets(item, voice) for item in condition.items) or "nobody"


@inline.register
def _none(condition: NoneOf, voice: Voice) -> str:
    return f"not ({' or '.join(_in_brackets(item, voice) for item in condition.items)})"


def or_missing(left: Operand) -> str:
    """That a negated operator holds for a missing value too, where there can be one."""
    if isinstance(left, Value) or (isinstance(left, Aggregate) and left.function in _NEVER_MISSING):
        return ""
    return ", or is missing"


def _in_brackets(item: Condition, voice: Voice) -> str:
    said = inline(item, voice)
    return f"({said})" if isinstance(item, All | AnyOf) and len(item.items) > 1 else said
