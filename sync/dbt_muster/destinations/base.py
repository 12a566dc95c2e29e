"""What a destination is: capabilities as data, and a delivery that takes one run's batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from dbt_muster.errors import MusterError

Form = Literal["sha256", "plain"]
Action = Literal["add", "change", "remove", "keep"]
Mode = Literal["delta", "full"]


class RefusedError(MusterError):
    """The destination said no to a batch, so nothing of it arrived; the run goes on with the next batch."""


class StoppedError(RefusedError):
    """The destination said no to a batch and would to all others: a login or an address is wrong."""


class UnknownOutcomeError(MusterError):
    """A batch was sent and its outcome is not known (a timeout, a server's failure); the run stops here."""


class Record(NamedTuple):
    """One member, and what the destination should do with it.

    `add` and `change` both mean "hold this member with exactly these identifiers", whatever was held before,
    and may come twice; `remove` of a member that is not held is nothing. `keep` comes in snapshots alone.
    """

    action: Action
    key: str
    identifiers: Mapping[str, str | None]


@dataclass(frozen=True)
class Batch:
    """Records that are sent at once. Numbers count from 1 within a run."""

    number: int
    records: list[Record]


@dataclass(frozen=True)
class Refusal:
    """A record of a batch, by its place from 0, that was refused, and why (without its values)."""

    index: int
    reason: str


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch that arrived. Records that are not refused were taken."""

    refusals: list[Refusal] = field(default_factory=list)
    attempts: int = 1


@dataclass(frozen=True)
class Run:
    """One delivery of one audience to one destination.

    Attributes:
        id: unique; letters, digits and underscores.
        sequence: counts up over the runs of this audience and destination, with gaps.
        previous: the id of the last run that went through, or None.
        batches: how many batches there are to send.
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


@dataclass(frozen=True)
class Capabilities:
    """What a type of destination takes, as data that the sync engine reads.

    Attributes:
        keyed_by: what the destination recognises a member by. Keyed by `entity_key` it is sent the key, and a
            member whose identifiers changed is one `change`; keyed by `fingerprint` it knows only
            identifiers, and the old ones are removed before the new ones are added.
        identifiers: the identifier names it can match on; None is any.
        forms: the form that each identifier is sent in unless `hashing: none` is set; others are plain.
        batch_size: records in a batch unless the settings say otherwise.
        largest_batch: the most that the settings may say.
        acknowledges: `batch` where each batch counts as soon as it is sent; `run` where nothing counts before
            the end of the run.
    """

    keyed_by: Literal["entity_key", "fingerprint"] = "entity_key"
    identifiers: frozenset[str] | None = None
    forms: Mapping[str, Form] = field(default_factory=lambda: {"email": "sha256", "phone": "sha256"})
    batch_size: int = 1_000
    largest_batch: int = 10_000
    acknowledges: Literal["batch", "run"] = "batch"


class DestinationSettings(BaseModel):
    """The settings that every type of destination has; each adds its own."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    hashing: Literal["sha256", "none"] = Field(
        default="sha256", description="`none` sends e-mail addresses and phone numbers in clear text."
    )
    batch_size: int | None = Field(default=None, ge=1, description="Records in a batch.")

    @property
    def mode(self) -> Mode:
        """Whether a run sends what changed or everything."""
        return "delta"


class SyncOptions(BaseModel):
    """What one entry of an audience's `sync:` may say besides `to` and `match_on`; most types add nothing."""

    model_config = ConfigDict(extra="forbid")


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
        mode: Mode = self.settings.mode
        return mode

    @property
    def batch_size(self) -> int:
        """How many records a batch has."""
        return int(self.settings.batch_size or self.capabilities.batch_size)

    def form(self, identifier: str) -> Form:
        """The form that an identifier is sent in."""
        if self.settings.hashing == "none":
            return "plain"
        return self.capabilities.forms.get(identifier, "plain")

    @abstractmethod
    def deliver(self, run: Run) -> AbstractContextManager[Delivery]:
        """Open one run's delivery; left by an exception, what can be undone is undone."""

    def settle(self, run: Run) -> bool | None:
        """Finish or undo what an interrupted run left.

        Returns:
            True where all of the run counts, False where nothing of it does, None where that is not known.
        """
        return None
