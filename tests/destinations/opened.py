"""Opens a destination that uses a stand-in, and sends it what a test says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from dbt_muster.destinations import (
    AudienceAtPlatform,
    Batch,
    BatchResult,
    Destination,
    Record,
    Run,
    find_type,
)
from dbt_muster.destinations.base import Action, Mode, Value
from tests.destinations.standins.base import StandIn

AUDIENCE = AudienceAtPlatform("Fans", "People who buy often", "muster-3f2a")
QUICK = {"attempts": 3, "first_wait": 0, "longest_wait": 0}


def opened(stand_in: StandIn, **settings: Any) -> Destination:
    """A destination with the stand-in's settings, and those that a test gives; None leaves one out."""
    kind = find_type(stand_in.type)
    given = {"url": stand_in.url, "retry": QUICK, **stand_in.settings, **stand_in.secrets, **settings}
    given = {name: value for name, value in given.items() if value is not None}
    return kind("ads", kind.settings_model.model_validate(given), root=Path())


def record(action: Action, key: str, **identifiers: Value) -> Record:
    """One record."""
    return Record(action, key, identifiers)


def a_run(remote: str | None, mode: Mode = "delta", batches: int = 1, options: Any = None) -> Run:
    """One run of an audience that is at the platform."""
    moment = datetime(2026, 11, 25, 12)
    return Run("r1", "fans", "customer", 1, mode, moment, ("email",), None, batches, remote, options)


def send(destination: Destination, remote: str, *records: Record) -> BatchResult:
    """Send one batch in a run of its own."""
    with destination.deliver(a_run(remote)) as delivery:
        return delivery.send(Batch(1, list(records)))


def replaced(destination: Destination, remote: str, *batches: Mapping[str, str]) -> None:
    """Send a run in `mode: full`, one batch for each mapping of keys to hashes."""
    with destination.deliver(a_run(remote, "full", len(batches))) as delivery:
        for number, members in enumerate(batches, 1):
            records = [record("add", key, email=value) for key, value in members.items()]
            delivery.send(Batch(number, records))
        delivery.finish()
