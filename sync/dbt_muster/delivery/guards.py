"""Guards: when a plan is too strange to send without a person having looked at it."""

from __future__ import annotations

from dataclasses import dataclass

from dbt_muster.errors import UsageError
from dbt_muster.specs.meaning import Destination


@dataclass(frozen=True)
class PlanSummary:
    """The numbers of a plan that guards look at.

    Attributes:
        desired: members that the destination should hold.
        held: members that it holds now.
        moves: members that the plan adds, changes or removes, without those that are only sent again because
            an earlier run was interrupted.
        first: whether no run has ever gone through, so that everything is new.
    """

    desired: int
    held: int
    moves: int
    first: bool


def guard_objection(destination: Destination, plan: PlanSummary) -> str | None:
    """Why a plan must not be sent, with its numbers, or None.

    Raises:
        UsageError: a guard that is not written as it should be.
    """
    smallest = _smallest(destination)
    if smallest is not None and plan.desired < smallest:
        return (
            f"the audience has {plan.desired:,} members that can be delivered, and smallest_audience of "
            f"{destination.name!r} is {smallest:,}"
        )
    largest = _largest(destination)
    if largest is None or plan.first or not plan.held:
        return None
    share = plan.moves / plan.held
    if share > largest:
        return (
            f"{plan.moves:,} changes to the {plan.held:,} members held are {share:.1%}, and largest_change "
            f"of {destination.name!r} is {largest:.0%}"
        )
    return None


def _smallest(destination: Destination) -> int | None:
    value = destination.guard.get("smallest_audience")
    if value is None:
        return None
    if type(value) is not int or value < 0:
        raise UsageError(_wrong(destination, "smallest_audience", "a whole number, such as 100"))
    return value


def _largest(destination: Destination) -> float | None:
    value = destination.guard.get("largest_change")
    if value is None:
        return None
    try:
        return float(str(value).removesuffix("%")) / 100 if str(value).endswith("%") else float(str(value))
    except ValueError:
        raise UsageError(_wrong(destination, "largest_change", "a share, such as 30%")) from None


def _wrong(destination: Destination, guard: str, expected: str) -> str:
    where = f"{destination.position.file.as_posix()}:{destination.position.line}"
    return f"{where}: destination {destination.name!r}, guard.{guard} has to be {expected}."
