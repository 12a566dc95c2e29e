"""Guards: when a plan is too strange to send without a person having looked at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from dbt_muster.specs.meaning import Guard


@dataclass(frozen=True)
class Newest:
    """How new what an audience is made of is.

    Attributes:
        what: the audience's evaluation or an event source, in words.
        at: the instant of its newest row, naive, in UTC; None where it has none.
    """

    what: str
    at: datetime | None


@dataclass(frozen=True)
class PlanSummary:
    """What guards look at.

    Attributes:
        desired: members that the destination should hold.
        held: members that it holds now.
        moves: members that the plan adds, changes or removes, without those that are only sent again because
            an earlier run was interrupted.
        first: whether no run has ever gone through, so that everything is new.
        newest: the audience and its event sources, where freshness is asked about.
        failed: what failed in dbt's last run among what the audience is built on, in words.
        at: the instant that ages are counted to, naive, in UTC.
    """

    desired: int
    held: int
    moves: int
    first: bool
    newest: tuple[Newest, ...] = ()
    failed: tuple[str, ...] = ()
    at: datetime = datetime.min


@dataclass(frozen=True)
class Finding:
    """What one guard found.

    Attributes:
        guard: its name in destinations.yml.
        found: what it measured, in words.
        limit: what it allows, in words.
        objects: whether nothing may be sent.
        message: both as one sentence without a full stop.
    """

    guard: str
    found: str
    limit: str
    objects: bool
    message: str

    def to_dict(self) -> dict[str, object]:
        """As JSON shows it."""
        return asdict(self)


def guard_findings(guard: Guard, plan: PlanSummary) -> list[Finding]:
    """What every guard that is set says of a plan, in the order of the documentation."""
    return [
        *_changes(guard, plan),
        *_sizes(guard, plan),
        *_ages(guard, plan),
        *_failures(guard, plan),
    ]


def objection(findings: Sequence[Finding]) -> str | None:
    """Why a plan must not be sent, with all numbers, or None."""
    messages = [finding.message for finding in findings if finding.objects]
    return "; ".join(messages) or None


def _changes(guard: Guard, plan: PlanSummary) -> Iterator[Finding]:
    if plan.first or not plan.held:
        return
    if guard.largest_share is not None:
        share = plan.moves / plan.held
        found, limit = f"{share:.1%}", f"{_percent(guard.largest_share)} at most"
        message = (
            f"{plan.moves:,} changes to the {plan.held:,} members held are {found}, "
            f"and largest_change is {_percent(guard.largest_share)}"
        )
        yield Finding("largest_change", found, limit, share > guard.largest_share, message)
    if guard.largest_moves is not None:
        message = (
            f"{plan.moves:,} members would be added, changed or removed, "
            f"and largest_change is {guard.largest_moves:,}"
        )
        objects = plan.moves > guard.largest_moves
        yield Finding(
            "largest_change", f"{plan.moves:,}", f"{guard.largest_moves:,} at most", objects, message
        )


def _sizes(guard: Guard, plan: PlanSummary) -> Iterator[Finding]:
    found = f"{plan.desired:,}"
    said = f"the audience has {found} members that can be delivered"
    if guard.smallest_audience is not None:
        limit = f"{guard.smallest_audience:,}"
        objects = plan.desired < guard.smallest_audience
        message = f"{said}, and smallest_audience is {limit}"
        yield Finding("smallest_audience", found, f"{limit} at least", objects, message)
    if guard.largest_audience is not None:
        limit = f"{guard.largest_audience:,}"
        objects = plan.desired > guard.largest_audience
        message = f"{said}, and largest_audience is {limit}"
        yield Finding("largest_audience", found, f"{limit} at most", objects, message)


def _ages(guard: Guard, plan: PlanSummary) -> Iterator[Finding]:
    if guard.freshness is None:
        return
    limit = in_words(guard.freshness)
    for newest in plan.newest:
        if newest.at is None:
            message = f"{newest.what} has no rows, and freshness is {limit}"
            yield Finding("freshness", f"{newest.what}: no rows", f"{limit} at most", True, message)
            continue
        age = max(plan.at - newest.at, timedelta(0))
        objects = age > guard.freshness
        message = f"{newest.what} is {in_words(age)} old (newest: {newest.at:%Y-%m-%d %H:%M} UTC), " + (
            f"which is {in_words(age - guard.freshness)} more than freshness allows ({limit})"
            if objects
            else f"and freshness is {limit}"
        )
        yield Finding(
            "freshness", f"{newest.what}: {in_words(age)} old", f"{limit} at most", objects, message
        )


def _failures(guard: Guard, plan: PlanSummary) -> Iterator[Finding]:
    if guard.failed_tests == "ignore" or not plan.failed:
        return
    failed = "; ".join(plan.failed)
    message = f"in dbt's last run, of what the audience is built on, {' and '.join(plan.failed)}"
    yield Finding("failed_tests", failed, "no failure", True, message)


def in_words(length: timedelta) -> str:
    """A length of time by its two largest units, down to minutes: `2 days and 3 hours`."""
    minutes = max(int(length.total_seconds() // 60), 0)
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    said = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in parts if count]
    return " and ".join(said[:2]) or "less than a minute"


def _percent(share: float) -> str:
    return f"{share * 100:g}%"
