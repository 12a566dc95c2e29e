"""Calculated attributes, in words."""

from __future__ import annotations

from dbt_muster.specs.meaning import Aggregate, Calculation, Computed, DaysSince, Rate, Share, Trait
from dbt_muster.words.expressions import expression_words
from dbt_muster.words.operands import operand_words
from dbt_muster.words.voice import Voice


def trait_words(trait: Trait, voice: Voice) -> str:
    """What a calculated attribute is: what it counts, sums or picks."""
    return _calculated(trait.value, voice)


def _calculated(value: Calculation, voice: Voice) -> str:
    match value:
        case Aggregate():
            return operand_words(value, voice)
        case DaysSince(time):
            return f"the whole days since {operand_words(time, voice)}"
        case Rate(amount, per):
            length = per.unit if per.count == 1 else f"{per.count} {per.unit}s"
            return f"{operand_words(amount, voice)}, for each {length}"
        case Computed(expression):
            return expression_words(expression, voice)
        case Share(part, whole):
            return f"{operand_words(part, voice)}, as a share of {operand_words(whole, voice)}"
