"""What a trait calculates: an aggregate over events, or something computed from such."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.specs.meaning.conditions import Aggregate

Calculation = Aggregate
"""A trait's value; whatever is computed from other values joins this union."""


def aggregates_of(value: Calculation) -> Iterator[Aggregate]:
    """The aggregates that a trait's value is made of, each of which is a column of a feature table."""
    match value:
        case Aggregate():
            yield value
