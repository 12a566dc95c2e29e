"""Runs and batches made by hand, for what advertising platforms have of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dbt_muster.destinations import (
    AudienceAtPlatform,
    Batch,
    BatchResult,
    Destination,
    Record,
    Run,
)

AUDIENCE = AudienceAtPlatform("VIPs", "Spent most.", "muster-0123456789ab")


def run_of(
    destination: Destination, remote: str, *, batches: int = 1, options: Mapping[str, Any] | None = None
) -> Run:
    """A run of one audience."""
    return Run(
        id="run_1",
        audience="vip",
        entity="customer",
        sequence=1,
        mode=destination.mode,
        started_at=datetime(2026, 11, 25, 12, tzinfo=UTC),
        batches=batches,
        remote=remote,
        options=destination.options_model.model_validate(dict(options or {})),
    )


def send(destination: Destination, run: Run, *batches: Sequence[Record]) -> list[BatchResult]:
    """Send batches and end the run."""
    with destination.deliver(run) as delivery:
        results = [delivery.send(Batch(number, list(records))) for number, records in enumerate(batches, 1)]
        delivery.finish()
    return results


def adding(**identifiers: str | list[str] | None) -> Record:
    """A member who comes."""
    return Record("add", "1", identifiers)


def removing(**identifiers: str | list[str] | None) -> Record:
    """A member who goes."""
    return Record("remove", "1", identifiers)
