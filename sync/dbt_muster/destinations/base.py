"""What a destination is: settings, an open delivery that takes one run's batches, and the audience at it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from dbt_muster.destinations.capabilities import Capabilities, Form, form_of
from dbt_muster.destinations.filling import fill
from dbt_muster.destinations.records import Batch, BatchResult, JobResult
from dbt_muster.destinations.runs import AudienceAtPlatform, Mode, Run

SyncMode = Literal["mirror", "add_only", "full"]


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

    # Whether they may ask for lookalikes, which the platform then makes.
    makes_lookalikes: ClassVar[bool] = False

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
        """The form that an identifier is sent in; the settings may choose its rule."""
        form = form_of(self.capabilities, identifier, self.settings.hashing)
        return replace(form, rule=fill(form.rule, self.settings))

    def connected(self) -> AbstractContextManager[None]:
        """Keep what connects to the destination over all that is done meanwhile, where something does."""
        return nullcontext()

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

    def look_up(self, audience: AudienceAtPlatform) -> str | None:
        """What the platform calls the audience, by its marker; None where it is not there."""
        raise NotImplementedError("this destination makes no audiences")

    def matched(self, remote: str) -> int | None:
        """How many people the platform has found of an audience, where it says."""
        return None

    def delete(self, remote: str) -> bool:
        """Take an audience away from the platform; False where the answer is that there was none."""
        raise NotImplementedError("this destination deletes no audiences")

    def make_lookalikes(self, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the lookalikes that a sync asks for, where they are not there yet; gives their names."""
        return []
