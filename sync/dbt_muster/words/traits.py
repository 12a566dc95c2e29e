"""Calculated attributes, in words."""

from __future__ import annotations

from dbt_muster.specs.meaning import Trait
from dbt_muster.words.operands import operand_words
from dbt_muster.words.voice import Voice


def trait_words(trait: Trait, voice: Voice) -> str:
    """What a calculated attribute is: what it counts, sums or picks."""
    return operand_words(trait.value, voice)
