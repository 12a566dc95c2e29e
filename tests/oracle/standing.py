"""Staying and expiring: membership that depends on the evaluations before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.sequences import later
from tests.oracle.world import Spec


@dataclass(frozen=True)
class Standing:
    """What is remembered of one key, from one evaluation to the next."""

    member_since: datetime | None = None
    last_qualified: datetime | None = None
    blocked: bool = False


def recorded(instants: Sequence[datetime]) -> list[datetime]:
    """The evaluations that are remembered: those later than every one that ran before."""
    found: list[datetime] = []
    for instant in instants:
        if not found or instant > found[-1]:
            found.append(instant)
    return found


def after(before: Standing, at: datetime, qualifies: bool, spec: Spec) -> Standing:
    """What is remembered after one more evaluation.

    Args:
        before: what was remembered.
        at: the instant of the evaluation.
        qualifies: whether the criteria and the limit hold now.
        spec: the audience, with `stay`, `expire` or both.
    """
    since, last, blocked = before.member_since, before.last_qualified, before.blocked
    if qualifies:
        last = at
    else:
        blocked = False
    if since is not None and "expire" in spec and at >= later(since, spec["expire"]):
        since, blocked = None, qualifies
    stays = since is not None and "stay" in spec and last is not None and at < later(last, spec["stay"])
    is_member = not blocked if qualifies else stays
    return Standing((since or at) if is_member else None, last, blocked)
