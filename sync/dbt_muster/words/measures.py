"""What a condition measures, and what it wants of that: `count 2, wanted at least 3`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Call,
    Compare,
    During,
    Expression,
    Holds,
    MemberOf,
    Near,
    NoneOf,
    Operand,
    Periods,
    Related,
    Sequence,
    Through,
    Value,
)
from dbt_muster.words.links import wanted_of_many
from dbt_muster.words.operands import listed, operand_words
from dbt_muster.words.operators import OPERATORS, joined_by
from dbt_muster.words.points import window_words
from dbt_muster.words.voice import Voice


@dataclass(frozen=True)
class Measure:
    """The value that decides a condition.

    Attributes:
        label: what it is called.
        operand: what it is.
        wanted: what the condition asks of it, such as `at least 3`.
        beside: the other values that it is compared with, where they are not written down.
    """

    label: str
    operand: Operand
    wanted: str
    beside: tuple[Operand, ...] = ()


@singledispatch
def measure(condition: object, voice: Voice) -> Measure | None:
    """What a condition measures; None for one that asks for no single value."""
    return None


@measure.register
def _compare(condition: Compare, voice: Voice) -> Measure | None:
    right = listed(condition.right, voice, joined_by(condition.operator)) if condition.right else ""
    words = OPERATORS[condition.operator][condition.negated].removeprefix("is ").format(right)
    if isinstance(condition.left, Related):
        words = wanted_of_many(condition) or words
    beside = tuple(operand for operand in condition.right if not isinstance(operand, Value))
    return Measure(label_of(condition.left, voice), condition.left, words, beside)


@measure.register
def _during(condition: During, voice: Voice) -> Measure | None:
    words = window_words(condition.window, voice)
    wanted = f"not {words}" if condition.negated else words
    return Measure(label_of(condition.left, voice), condition.left, wanted)


@measure.register(All)
@measure.register(AnyOf)
@measure.register(NoneOf)
@measure.register(Sequence)
@measure.register(MemberOf)
@measure.register(Near)
@measure.register(Holds)
@measure.register(Through)
def _nothing(
    condition: All | AnyOf | NoneOf | Sequence | MemberOf | Near | Holds | Through, voice: Voice
) -> Measure | None:
    return None


def label_of(operand: Operand, voice: Voice) -> str:
    """A short name for a value whose whole description stands beside it."""
    if isinstance(operand, Aggregate):
        return f"{operand.function} of {operand.of.name}" if operand.of else operand.function
    if isinstance(operand, Periods | Related):
        return "count"
    return operand_words(operand, voice)


@singledispatch
def behind(condition: object) -> tuple[Operand, ...]:
    """The values that a condition without a single measure reads of the entity."""
    return ()


@behind.register
def _of_expression(condition: Holds) -> tuple[Operand, ...]:
    return tuple(dict.fromkeys(_in_expression(condition.expression)))


def _in_expression(expression: Expression) -> Iterator[Operand]:
    if isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _in_expression(argument)
    elif not isinstance(expression, Value):
        yield expression
