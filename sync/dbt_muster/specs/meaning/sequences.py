"""Events one after another, and events that did not happen in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbt_muster.specs.meaning.times import EVER, Length, Window
from dbt_muster.specs.meaning.values import Type

if TYPE_CHECKING:
    from dbt_muster.specs.meaning.conditions import Condition


@dataclass(frozen=True)
class StepProperty:
    """A property of the event that an earlier step is; only inside the `where` of a sequence's step."""

    step: int  # counted from 1, in the order written
    source: str  # of that step's events
    name: str
    type: Type


@dataclass(frozen=True)
class Step:
    """An event that is later than the step before it, or one that there is not.

    `without` in the middle: no such event lies strictly between its neighbours. `without` at the end: none
    lies in `(t, t + within]` after the step before it at `t`, and that time has run out at `as_of`.
    """

    source: str  # the name under `events:` of the entity
    event: str | None  # the value in the source's name column; None where every row is one kind
    where: Condition | None = None
    within: Length | None = None  # at most this long after the step before, the far end included
    without: bool = False


@dataclass(frozen=True)
class Sequence:
    """Some choice of events, one a step, has strictly rising times, all in the window."""

    steps: tuple[Step, ...]
    window: Window = EVER
