"""What is sent, and what becomes of it: records, batches, and the ways in which a batch can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from dbt_muster.errors import MusterError

Action = Literal["add", "change", "remove", "keep"]


class RefusedError(MusterError):
    """The destination said no to a batch, so nothing of it arrived; the run goes on with the next batch.

    Attributes:
        partly: set where a batch takes several calls and one before this was taken, so that some of it did
            arrive after all.
        beside: set where the answer says no beside HTTP 2xx, so that records of which it does not speak may
            have been taken.
        named: the records that it names as bad, by their places from 0, each with the reason.
        attempts: how often it was tried.
    """

    attempts = 1
    partly = False
    beside = False
    named: Mapping[int, str] = MappingProxyType({})


class StoppedError(RefusedError):
    """The destination said no to a batch and would to all others: a login or an address is wrong."""


class UnknownOutcomeError(MusterError):
    """A batch was sent and its outcome is not known (a timeout, a server's failure); the run stops here.

    Attributes:
        attempts: how often it was tried.
    """

    attempts = 1


class AudienceGoneError(StoppedError):
    """The audience is no longer at the platform, so what it held is held no more."""


Value = str | list[str] | None
"""What a record has of an identifier: one value, several where the entity declares a list, or none."""


class Record(NamedTuple):
    """One member, and what the destination should do with it.

    `add` and `change` both mean "hold this member with exactly these identifiers", whatever was held before,
    and may come twice; `remove` of a member that is not held is nothing. `keep` comes in snapshots alone.
    The key is empty where a destination is keyed by `fingerprint`, except in snapshots.
    """

    action: Action
    key: str
    identifiers: Mapping[str, Value]

    def values(self, identifier: str) -> list[str]:
        """All values that the member has of an identifier; none where it has none."""
        value = self.identifiers.get(identifier)
        if value is None:
            return []
        return [value] if isinstance(value, str) else list(value)

    def value(self, identifier: str) -> str | None:
        """The member's only value of an identifier, or its first."""
        return next(iter(self.values(identifier)), None)


@dataclass(frozen=True)
class Batch:
    """Records that are sent at once. Numbers count from 1 within a run.

    Attributes:
        last: whether it is only there to end a run in `mode: full`, and has nobody who exists.
    """

    number: int
    records: Sequence[Record]
    last: bool = False


@dataclass(frozen=True)
class Refusal:
    """A record of a batch, by its place from 0, that was refused, and why (without its values).

    Attributes:
        for_good: whether it must never be sent again, because its member asked the platform to be forgotten;
            where `Capabilities.forgets`. A removal that is refused so is done, so it says that the member is
            there by none of its values; that the platform does not accept one of them does not say that.
    """

    index: int
    reason: str
    for_good: bool = False


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch that arrived. Records that are not refused were taken.

    Attributes:
        job: what the platform calls the work that it does later with the batch; nothing counts before
            `Delivery.poll` says how that went.
    """

    refusals: list[Refusal] = field(default_factory=list)
    attempts: int = 1
    job: str | None = None


@dataclass(frozen=True)
class JobResult:
    """How a platform's own work on a batch stands.

    Attributes:
        refusals: the records that it refused, where it says which.
        failed: how many records it could not use, where it only counts.
    """

    status: Literal["running", "done", "failed"]
    refusals: list[Refusal] = field(default_factory=list)
    failed: int = 0
    words: str | None = None
