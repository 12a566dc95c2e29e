"""What a trait calculates: an aggregate over events, or something computed from such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dbt_muster.specs.meaning.conditions import Aggregate, Expression
from dbt_muster.specs.meaning.times import Shift
from dbt_muster.specs.meaning.values import Type


@dataclass(frozen=True)
class DaysSince:
    """Whole days of 24 hours from a time until `as_of`; no value where there is no time."""

    time: Aggregate  # the time of the first or of the last event
    type: Type = Type.INTEGER


@dataclass(frozen=True)
class Rate:
    """A count or a sum over a window, for each period of an exact length that the window is long.

    The window starts at a point, and ends at `as_of`; no value where it starts there or later.
    """

    amount: Aggregate
    per: Shift  # the length ahead; minutes to weeks
    type: Type = Type.NUMBER


@dataclass(frozen=True)
class Share:
    """A part of a whole, from 0 to 1 where no amount is negative; no value of a whole that is 0."""

    part: Aggregate
    whole: Aggregate
    type: Type = Type.NUMBER


@dataclass(frozen=True)
class Computed:
    """An expression over attributes and other traits of the entity."""

    expression: Expression
    type: Type


Calculation = Aggregate | DaysSince | Rate | Share | Computed
"""A trait's value; whatever is computed from other values joins this union."""


def aggregates_of(value: Calculation) -> Iterator[Aggregate]:
    """The aggregates that a trait's value is made of itself, each of which is a column of a feature table."""
    match value:
        case Aggregate():
            yield value
        case DaysSince(aggregate) | Rate(aggregate):
            yield aggregate
        case Share(part, whole):
            yield part
            yield whole
