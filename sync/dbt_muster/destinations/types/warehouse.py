"""The warehouse itself: three views of who is delivered, for tools that read them and send on their own.

They are the three tables that Census reads as warehouse-managed audiences: audiences (id, name, description),
people (id, …) and memberships (person_id, audience_id). Nothing leaves the warehouse here: what the sync's
ledger holds is what the views show, so that consent, what is withheld, guards and erasure are those of every
delivery.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from pydantic import Field

from dbt_muster.destinations.authoring.bases import Delivery, Destination, DestinationSettings
from dbt_muster.destinations.authoring.calls import Batch, BatchResult, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form


class WarehouseSettings(DestinationSettings):
    """Settings of a destination of type `warehouse`."""

    hashing: Literal["sha256", "none"] = Field(
        default="none", description="`sha256` shows e-mail addresses and phone numbers as hashes."
    )
    prefix: str = Field(
        default="muster_export",
        pattern=r"^[a-z_][a-z0-9_]{0,49}$",
        description="What the names of the views begin with.",
    )


class Warehouse(Destination):
    """Views in the warehouse."""

    capabilities = Capabilities(keyed_by="entity_key", batch_size=1_000_000, creates=False, in_warehouse=True)
    settings_model = WarehouseSettings

    def form(self, identifier: str) -> Form:
        """As at every destination that takes any; a column has one value, so the first of several."""
        return replace(super().form(identifier), most=1)

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        """There is nothing to open."""
        yield _Kept()


class _Kept(Delivery):
    def send(self, batch: Batch) -> BatchResult:
        """What the ledger writes down of a batch is all there is to do."""
        return BatchResult()
