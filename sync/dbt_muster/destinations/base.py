"""What a destination is: capabilities as data, and a delivery that takes one run's batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from dbt_muster.errors import MusterError

Hash = Literal["sha256", "none"]
Action = Literal["add", "change", "remove", "keep"]
Mode = Literal["delta", "full"]
SyncMode = Literal["mirror", "add_only", "full"]


class RefusedError(MusterError):
    """The destination said no to a batch, so nothing of it arrived; the run goes on with the next batch.

    Attributes:
        partly: set where a batch takes several calls and one before this was taken, so that some of it did
            arrive after all.
    """

    partly = False


class StoppedError(RefusedError):
    """The destination said no to a batch and would to all others: a login or an address is wrong."""


class UnknownOutcomeError(MusterError):
    """A batch was sent and its outcome is not known (a timeout, a server's failure); the run stops here."""


class AudienceGoneError(StoppedError):
    """The audience is no longer at the platform, so what it held is held no more."""


Value = str | list[str] | None
"""What a record has of an identifier: one value, several where the entity declares a list, or none."""


class Record(NamedTuple):
    """One member, and what the destination should do with it.

    `add` and `change` both mean "hold this member with exactly these identifiers", whatever was held before,
    and may come twice; `remove` of a member that is not held is nothing. `keep` comes in snapshots alone.
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
    """Records that are sent at once. Numbers count from 1 within a run."""

    number: int
    records: Sequence[Record]


@dataclass(frozen=True)
class Refusal:
    """A record of a batch, by its place from 0, that was refused, and why (without its values).

    Attributes:
        for_good: whether it must never be sent again, because its member asked the platform to be forgotten;
            where `Capabilities.forgets`.
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


@dataclass(frozen=True)
class AudienceAtPlatform:
    """An audience as a platform is to show it.

    Attributes:
        name: what people at the platform see.
        marker: a text that no other audience carries. It stands where the platform keeps a text of ours, so
            that an audience that was made just before a crash is found again, and nobody else's is taken.
        options: what the entry of `sync:` says besides, as the destination's `options_model`.
    """

    name: str
    description: str
    marker: str
    options: Any = None


@dataclass(frozen=True)
class Run:
    """One delivery of one audience to one destination.

    Attributes:
        id: unique; letters, digits and underscores.
        sequence: counts up over the runs of this audience and destination, with gaps.
        previous: the id of the last run that went through, or None.
        batches: how many batches there are to send.
        remote: what the platform calls the audience, where audiences are made there.
        options: what the entry of `sync:` says besides, as the destination's `options_model`.
        consent: the purpose that everybody who is sent has agreed to; None where none was asked for.
    """

    id: str
    audience: str
    entity: str
    sequence: int
    mode: Mode
    started_at: datetime
    identifiers: tuple[str, ...] = ()
    previous: str | None = None
    batches: int = 0
    remote: str | None = None
    options: Any = None
    consent: str | None = None


@dataclass(frozen=True)
class Form:
    """How a destination takes an identifier.

    Attributes:
        rule: how values are written before anything else: one of the rules in macros/identifiers/.
        hash: what is sent of the written value: its SHA-256 in lower-case hex, or itself.
        most: how many values of one member it takes; None is as many as the specs allow. A record has a list
            of values where more than one is taken, and may be had.
    """

    rule: str = "text"
    hash: Hash = "none"
    most: int | None = None


STANDARD_FORMS: Mapping[str, Form] = {
    "email": Form("email", "sha256"),
    "phone": Form("phone", "sha256"),
}
"""The forms of identifiers at a destination that takes any; those that are not here are sent as they are."""


@dataclass(frozen=True)
class Capabilities:
    """What a type of destination takes, as data that the sync engine reads.

    Attributes:
        keyed_by: what the destination recognises a member by. Keyed by `entity_key` it is sent the key, and a
            member whose identifiers changed is one `change`; keyed by `fingerprint` it knows only
            identifiers, and the old ones are removed before the new ones are added.
        identifiers: what it can match on, each with the form it is sent in; None is any, by `STANDARD_FORMS`.
        batch_size: records in a batch unless the settings say otherwise.
        largest_batch: the most that the settings may say.
        acknowledges: `batch` where each batch counts as soon as it is taken, or as soon as the job that it
            became is through; `run` where nothing counts before the end of the run.
        rate: calls a second that the platform allows; None where it publishes no number.
        concurrency: how many calls may be under way at once.
        creates: whether audiences are made at the platform by `Destination.create`.
        replaces: whether `mode: full` can replace all members in one run.
        lookalikes: whether it makes lookalikes of an audience.
        consent: whether each record carries what its member agreed to.
        forgets: whether it refuses members for good who asked it to be forgotten.
        in_warehouse: whether it is the warehouse itself. Nothing leaves it: views over the ledger's state
            show what is held.
        smallest: members below which the platform does not use an audience; None where it does not say.
    """

    keyed_by: Literal["entity_key", "fingerprint"] = "entity_key"
    identifiers: Mapping[str, Form] | None = None
    batch_size: int = 1_000
    largest_batch: int = 10_000
    acknowledges: Literal["batch", "run"] = "batch"
    rate: float | None = None
    concurrency: int = 1
    creates: bool = False
    replaces: bool = False
    lookalikes: bool = False
    consent: bool = False
    forgets: bool = False
    in_warehouse: bool = False
    smallest: int | None = None


def form_of(capabilities: Capabilities, identifier: str, hashing: str) -> Form:
    """The form in which a destination is sent an identifier; `hashing` is the setting of that name."""
    forms = STANDARD_FORMS if capabilities.identifiers is None else capabilities.identifiers
    form = forms.get(identifier, Form())
    return replace(form, hash="none") if hashing == "none" else form


class DestinationSettings(BaseModel):
    """The settings that every type of destination has; each adds its own."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    hashing: Literal["sha256", "none"] = Field(
        default="sha256", description="`none` sends e-mail addresses and phone numbers in clear text."
    )
    batch_size: int | None = Field(default=None, ge=1, description="Records in a batch.")
    mode: SyncMode = Field(
        default="mirror",
        description="`mirror`: the destination holds the members; `add_only`: who leaves stays there; "
        "`full`: everything is sent each time and replaces what was there.",
    )


class SyncOptions(BaseModel):
    """What one entry of an audience's `sync:` may say besides `to` and `match_on`; types add their own."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str | None = Field(
        default=None,
        min_length=1,
        description="What it is called there; without this, the audience's name.",
    )
    on_delete: Literal["keep", "empty", "delete"] = Field(
        default="keep",
        description="What becomes of it there when its spec, or this entry, is deleted: it is kept as it is, "
        "emptied, or emptied and deleted.",
    )

    def traits(self) -> Mapping[str, str]:
        """Traits whose values go along with each member, by what a record has them under."""
        return {}


class Delivery(ABC):
    """One run's delivery, open for sending."""

    @abstractmethod
    def send(self, batch: Batch) -> BatchResult:
        """Send one batch.

        Raises:
            RefusedError: nothing of it arrived; the next batch may be sent.
            StoppedError: nothing of it arrived, and no other would.
            UnknownOutcomeError: whether it arrived is not known.
        """

    def poll(self, job: str, batch: Batch) -> JobResult:
        """How the work stands that a batch became.

        Args:
            job: what `send` gave as `BatchResult.job`, perhaps in a process before this one.
            batch: the batch as it was sent.

        Raises:
            StoppedError, UnknownOutcomeError: it cannot be asked.
        """
        raise NotImplementedError("this destination makes no jobs")

    def finish(self) -> None:
        """Called once after every batch was sent without an error."""
        return


class Destination(ABC):
    """A place that holds audiences. Sending the same thing twice must leave it as sending it once does."""

    capabilities: ClassVar[Capabilities]
    settings_model: ClassVar[type[DestinationSettings]]
    options_model: ClassVar[type[SyncOptions]] = SyncOptions
    # Settings that are templates of the destination's own, so that they are not rendered when read.
    templates: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, name: str, settings: Any, *, root: Path) -> None:
        self.name = name
        self.settings = settings
        self.root = root

    @property
    def mode(self) -> Mode:
        """Whether a run sends what changed or everything."""
        return "full" if self.settings.mode == "full" else "delta"

    @property
    def acknowledges(self) -> Literal["batch", "run"]:
        """When something counts as taken: a run that replaces everything counts as a whole or not at all."""
        return "run" if self.mode == "full" else self.capabilities.acknowledges

    @property
    def batch_size(self) -> int:
        """How many records a batch has."""
        return int(self.settings.batch_size or self.capabilities.batch_size)

    def form(self, identifier: str) -> Form:
        """The form that an identifier is sent in."""
        return form_of(self.capabilities, identifier, self.settings.hashing)

    @abstractmethod
    def deliver(self, run: Run) -> AbstractContextManager[Delivery]:
        """Open one run's delivery; left by an exception, what can be undone is undone."""

    def settle(self, run: Run) -> bool | None:
        """Finish or undo what an interrupted run left.

        Returns:
            True where all of the run counts, False where nothing of it does, None where that is not known.
        """
        return None

    # --- the audience at the platform, where `capabilities.creates` -----------------------------------

    def ensure(self, audience: AudienceAtPlatform, known: str | None) -> str:
        """Make sure that the audience is there, and is called what it should be.

        Args:
            audience: as it should be shown.
            known: what the platform called it when it was made, where it was.

        Returns:
            What the platform calls it.

        Raises:
            AudienceGoneError: it was made and is no longer there.
            RefusedError, UnknownOutcomeError: it cannot be made or asked for.
        """
        raise NotImplementedError("this destination makes no audiences")

    def matched(self, remote: str) -> int | None:
        """How many people the platform has found of an audience, where it says."""
        return None

    def delete(self, remote: str) -> None:
        """Take an audience away from the platform; one that is not there is nothing."""
        raise NotImplementedError("this destination deletes no audiences")

    def make_lookalikes(self, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the lookalikes that a sync asks for, where they are not there yet; gives their names."""
        return []
