"""What a sync did, pair by pair."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

from dbt_muster.delivery.guards import Finding

Status = Literal["applied", "failed", "blocked", "planned"]


@dataclass
class PairReport:
    """The outcome of one audience at one destination.

    Attributes:
        status: `applied` (done), `failed`, `blocked` (by a guard) or `planned` (a dry run).
        members: how many the audience has.
        withheld: how many of them are not for the destination: no consent, another variant, or one of those
            that groups hold out, suppress or give to another audience.
        unmatchable: how many have none of the identifiers that the destination matches on.
        planned: rows that the plan sends: what changed, or everybody where a run replaces everything.
        resent: those of the additions that the destination may hold already, as it should: the outcome of an
            earlier run is not known, or somebody with the same identifier is removed.
        sent: rows that were sent, whatever became of them.
        accepted: rows that the destination took.
        rejected: rows that it refused one by one.
        refused_before: how many of them are removals that it had refused before.
        refused_since: when it refused the first of these for the first time; in ISO 8601, in UTC.
        matched: how many people the platform found of those that it holds, where it tells.
        resync: why everything was sent rather than what changed, where it was.
        creates: whether a sync would make the audience at the platform first.
        ending: `empty` or `delete` where the audience is no longer synced there, and that is to become of it.
        lookalikes: the lookalike audiences that stand beside it.
        guards: what each guard that is set found.
        quarantined: identifiers of members that cannot be sent, by why: a member may have several, and is
            sent all the same where it has another.
    """

    audience: str
    destination: str
    mode: str = "delta"
    status: Status = "failed"
    reason: str | None = None
    run_id: str | None = None
    members: int = 0
    withheld: int = 0
    unmatchable: int = 0
    adds: int = 0
    changes: int = 0
    removes: int = 0
    planned: int = 0
    resent: int = 0
    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    refused_before: int = 0
    refused_since: str | None = None
    quarantined: dict[str, int] = field(default_factory=dict)
    matched: int | None = None
    resync: str | None = None
    creates: bool = False
    ending: str = "keep"
    lookalikes: list[str] = field(default_factory=list)
    guards: list[Finding] = field(default_factory=list)

    def plan_numbers(self) -> dict[str, int]:
        """The numbers of the plan; of what is quarantined, how many identifiers, for whatever reason."""
        names = ("members", "withheld", "unmatchable", "adds", "changes", "removes")
        numbers: dict[str, int] = {name: getattr(self, name) for name in names}
        return {**numbers, "quarantined": sum(self.quarantined.values())}

    def recorded(self) -> dict[str, int]:
        """Those of them that the ledger keeps."""
        return {name: number for name, number in self.plan_numbers().items() if name != "withheld"}

    def outcome(self) -> dict[str, str | int | None]:
        """What became of it."""
        return {
            "status": self.status,
            "reason": self.reason,
            "sent": self.sent,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "matched": self.matched,
            "resync": self.resync,
        }

    def to_dict(self) -> dict[str, object]:
        """As JSON shows it."""
        return asdict(self)


def exit_code(reports: list[PairReport]) -> int:
    """1 where anything failed, else 3 where a guard said no, else 0."""
    statuses = {report.status for report in reports}
    if "failed" in statuses:
        return 1
    return 3 if "blocked" in statuses else 0
