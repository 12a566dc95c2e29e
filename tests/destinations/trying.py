"""A destination opened against its stand-in, and runs made by hand: for what a platform has of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from dbt_muster.destinations import Batch, BatchResult, Destination, JobResult, Record, Run, find_type
from dbt_muster.destinations.platform import Platform
from dbt_muster.destinations.records import Action, Value
from dbt_muster.destinations.runs import AudienceAtPlatform
from tests.destinations.standins.base import Holding, StandIn

AUDIENCE = AudienceAtPlatform('Best "friends" \u00fc', "Who buys most.", "muster-0123456789ab")

Kind = TypeVar("Kind", bound=StandIn)


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


@dataclass
class Tried(Generic[Kind]):
    """A platform, its stand-in, and a run of an audience that is made there."""

    at: Kind
    destination: Platform
    run: Run

    @property
    def remote(self) -> str:
        """What the platform calls the audience."""
        return str(self.run.remote)

    def held(self) -> set[Holding]:
        """What the audience holds."""
        return self.at.held(self.remote)

    def send(self, action: Action, people: Iterable[dict[str, Any]]) -> tuple[BatchResult, JobResult | None]:
        """Send one batch, and follow its job to the end where there is one."""
        records = [Record(action, str(number), person) for number, person in enumerate(people)]
        batch = Batch(1, records)
        with self.destination.deliver(self.run) as delivery:
            result = delivery.send(batch)
            if result.job is None:
                return result, None
            while (found := delivery.poll(result.job, batch)).status == "running":
                continue
            return result, found

    def add(self, *people: Value) -> BatchResult:
        """Add people by their e-mail addresses, one or several each."""
        return self.send("add", [{"email": email} for email in people])[0]

    def remove(self, *people: Value) -> BatchResult:
        """Remove people by their e-mail addresses."""
        return self.send("remove", [{"email": email} for email in people])[0]

    def replace(self, *batches: Sequence[str]) -> None:
        """Send a run in `mode: full`, each batch of it as e-mail addresses."""
        run = replace(self.run, mode="full", batches=len(batches))
        send(self.destination, run, *([adding(email=email) for email in emails] for emails in batches))

    def bodies(self, path_ends: str) -> Sequence[Any]:
        """What was sent to an address."""
        return [call.json for call in self.at.calls if call.path.endswith(path_ends) and call.body]


@contextmanager
def standing_in(kind: type[Kind]) -> Iterator[Kind]:
    """Run a stand-in; at the end, no call may have broken the platform's definition."""
    at = kind()
    with at.running():
        yield at
    assert at.violations == []


def opened(at: StandIn, **settings: Any) -> Platform:
    """The platform of a stand-in, by its settings and those that are given; None leaves one out."""
    retry = {"first_wait": 0, "longest_wait": 0.05}
    given = {"url": at.url, "retry": retry, **at.settings, **at.secrets, **settings}
    kind = find_type(at.type)
    model = kind.settings_model.model_validate(
        {name: value for name, value in given.items() if value is not None}
    )
    destination = kind("tried", model, root=Path())
    assert isinstance(destination, Platform)
    return destination


@contextmanager
def trying(stand_in: type[Kind], **settings: Any) -> Iterator[Tried[Kind]]:
    """Run a stand-in and open its platform, with the audience made."""
    with standing_in(stand_in) as at:
        destination = opened(at, **settings)
        run = replace(run_of(destination, destination.ensure(AUDIENCE, None)), mode="delta")
        yield Tried(at, destination, run)
