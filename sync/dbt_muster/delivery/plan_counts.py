"""How much a plan holds, of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PlanCounts:
    """What a plan holds."""

    adds: int = 0
    changes: int = 0
    removes: int = 0
    resent: int = 0
    unmatchable: int = 0
    batches: int = 0
    at_once: int = 0
    """Batches that go without waiting for jobs; those after them wait until the removals' are through."""
    rows: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    """Identifiers that cannot be sent, by why."""


def plan_counts(rows: Sequence[tuple[Any, ...]]) -> PlanCounts:
    """What the rows of `muster_sync_plan_counts` come to."""
    sizes = {str(row[0]): int(row[2]) for row in rows if row[1] is None}
    # Below 1 are batches that are never sent: of whom nothing is to be done, and what cannot be sent.
    batches = max((int(row[6]) for row in rows if row[6] is not None and int(row[6]) > 0), default=0)
    return PlanCounts(
        adds=sizes.get("add", 0),
        changes=sizes.get("change", 0),
        removes=sizes.get("remove", 0),
        resent=sum(int(row[3] or 0) for row in rows),
        unmatchable=sum(int(row[4] or 0) for row in rows),
        batches=batches,
        at_once=min((int(row[7]) - 1 for row in rows if row[7] is not None), default=batches),
        rows=sum(size for action, size in sizes.items() if action != "unmatchable"),
        quarantined={str(row[1]): int(row[2]) for row in sorted(rows, key=_reason) if row[1] is not None},
    )


def _reason(row: tuple[Any, ...]) -> str:
    return str(row[1])
