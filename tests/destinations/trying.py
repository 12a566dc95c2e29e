"""A destination opened against its stand-in, for what a platform has of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from dbt_muster.destinations import Batch, BatchResult, JobResult, Record, Run, find_type
from dbt_muster.destinations.platform import Platform
from dbt_muster.destinations.records import Action, Value
from dbt_muster.destinations.runs import AudienceAtPlatform
from tests.destinations.standins.base import Holding, StandIn

AUDIENCE = AudienceAtPlatform('Best "friends" \u00fc', "Who buys most.", "muster-0123456789ab")

Kind = TypeVar("Kind", bound=StandIn)


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
        with self.destination.deliver(replace(self.run, mode="full", batches=len(batches))) as delivery:
            for number, emails in enumerate(batches, 1):
                delivery.send(Batch(number, [Record("add", email, {"email": email}) for email in emails]))
            delivery.finish()

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
        run = Run("r1", "fans", "customer", 1, "delta", datetime(2026, 11, 25, tzinfo=UTC), at.match_on)
        yield Tried(at, destination, replace(run, remote=destination.ensure(AUDIENCE, None)))
