"""Members on their way to a platform: a run's batches, the calls that carry them, and jobs.

A platform writes the calls. Dividing what is sent over them, finding the bad records of a batch that was
refused, and reading whom an answer names, is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar, Literal

import httpx

from dbt_muster.destinations.answers import value_at
from dbt_muster.destinations.base import Delivery
from dbt_muster.destinations.bisect import poll_in_parts, send_in_parts, without_named
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.interface import Interface
from dbt_muster.destinations.jobs import Jobs
from dbt_muster.destinations.named import Names
from dbt_muster.destinations.nobody import NOBODY
from dbt_muster.destinations.people import (
    Item,
    are_removals,
    called_of,
    in_calls,
    name_records,
    refusals,
)
from dbt_muster.destinations.records import Batch, BatchResult, JobResult, Record, Refusal, RefusedError
from dbt_muster.destinations.rows import WORTH, Table, tables
from dbt_muster.destinations.runs import Run


class SendsMembers(Interface):
    """Sends members. What a method raises tells the engine what became of a call.

    Attributes:
        verbs: what `change` is told for adding, and for removing.
        lacking: what is said in a table's cell of what a person does not have.
        failed: how a good answer to a call that sends names items that were not taken, if it does.
        ending: when a run in `mode: full` ends with a batch of somebody who does not exist, because no call
            goes without members: `always`, where such a run has to be ended; `empty`, where there is nobody
            else to send, and that somebody is then taken out again.
        jobs: how the platform tells of work that it does later with what it was sent, if it does.
    """

    verbs: ClassVar[tuple[Any, Any]] = ("add", "remove")
    lacking: ClassVar[str | None] = ""
    failed: ClassVar[Names | None] = None
    ending: ClassVar[Literal["none", "always", "empty"]] = "none"
    jobs: ClassVar[Jobs | None] = None

    # --- what a platform writes ------------------------------------------------------------------------

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: Any) -> BatchResult:
        """Add or remove these members, as `verb` says, which is one of `verbs`."""
        raise NotImplementedError

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Have these members held, with exactly these identifiers; some or all may be held already."""
        return self.change(api, run, records, self.verbs[0])

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Have these members held no more; some or all may not be there."""
        return self.change(api, run, records, self.verbs[1])

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """Send one batch of a run in `mode: full`; where `capabilities.replaces`."""
        return self.add(api, run, batch.records)

    def finish(self, api: Api, run: Run) -> None:
        """Called once after every batch of a run in `mode: full` was sent without an error."""
        if self.ending == "always" or (self.ending == "empty" and not run.batches):
            nobody = Record("add", "", {"email": NOBODY})
            self.replace(api, run, Batch(run.batches + 1, [nobody], last=True))
            if self.ending == "empty":
                self.remove(api, run, [nobody._replace(action="remove")])

    # --- what calls are made of ------------------------------------------------------------------------

    def called(self, record: Record) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """What a record has, under the names that the platform has for it; as in `called_of`."""
        return called_of(record, self.capabilities.identifiers or {})

    def attributes(self, record: Record) -> dict[str, str]:
        """A record as an object, for a platform that has one value of each thing."""
        contacts, others = self.called(record)
        return {**others, **dict(contacts)}

    def in_calls(
        self,
        records: Sequence[Record],
        items: Callable[[Record], Iterable[Item]],
        call: Callable[[Sequence[Item]], httpx.Response],
        *,
        size: int = 0,
    ) -> BatchResult:
        """Send what records have, as single items, in as many calls as are needed.

        Args:
            records: a batch.
            items: what is sent of a record, as in `people.in_calls`.
            call: sends some of them.
            size: items that a call may have, where it is not the records of the largest batch.
        """
        made: list[str] = []

        def send(sent: Sequence[Item]) -> Iterable[Refusal]:
            answer = call(sent)
            if self.jobs is not None:
                made.append(self.jobs.made_by(answer.json()))
            return self._failed(answer, sent, records)

        refused = in_calls(records, items, size or self.capabilities.largest_batch, send)
        return BatchResult(refused, job=" ".join(made) or None)

    def in_tables(
        self,
        records: Sequence[Record],
        call: Callable[[Table], httpx.Response],
        *,
        size: int = 0,
    ) -> BatchResult:
        """Send records as rows, in as many calls as are needed. What a member is worth tells nobody apart.

        Args:
            records: a batch.
            call: sends some rows.
            size: rows that a call may have, where it is not the records of the largest batch.
        """
        removing, known = are_removals(records), self.capabilities.called
        if self.capabilities.worth and not removing:
            known |= {WORTH: self.capabilities.worth}
        owners: list[int] = []
        failed: dict[int, Refusal] = {}
        most = size or self.capabilities.largest_batch
        for table in tables(records, known, most, lacking=self.lacking):
            try:
                refused = self._failed(call(table), table.rows, records)
            except RefusedError as error:
                name_records(error, [(owner,) for owner in table.owners])
                raise
            failed |= {len(owners) + each.index: each for each in refused}
            owners += table.owners
        if not failed:
            return BatchResult()
        return BatchResult(refusals([(owner,) for owner in owners], failed, removing=removing))

    def _failed(
        self, answer: httpx.Response, sent: Sequence[Any], records: Sequence[Record]
    ) -> list[Refusal]:
        return (
            [] if self.failed is None else self.failed.refused(answer, sent, removing=are_removals(records))
        )

    # --- what is the same for all ----------------------------------------------------------------------

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        """Open one run's delivery."""
        with self.open() as api:
            yield _Sending(self, api, run)

    def settle(self, run: Run) -> bool | None:
        """A run that replaces everything and was interrupted is begun anew, so nothing of it counts."""
        return False if run.mode == "full" else None

    def poll(self, api: Api, job: str, batch: Batch) -> JobResult:
        """How a job stands that was made of these records, or of some of them."""
        if self.jobs is None:
            raise NotImplementedError("this platform makes no jobs")
        answer = api.call("GET", self.jobs.one.format(job=job)).json()
        found = self.jobs.standing(answer)
        if found.status != "done" or not found.failed or self.jobs.named is None:
            return found
        errors = self.jobs.pages.at(api, self.jobs.named_at.format(job=job))
        sent = [self.attributes(record) for record in batch.records]
        # Otherwise some of the batch went elsewhere, and the job's places are not the batch's.
        whole = value_at(answer, self.jobs.total) == len(sent)
        refused = self.jobs.named.refused(errors, sent, whole=whole)
        return replace(found, refusals=refused, failed=max(0, found.failed - len(refused)))


class _Sending(Delivery):
    """One run's delivery to a platform, over its open interface."""

    def __init__(self, platform: SendsMembers, api: Api, run: Run) -> None:
        self._platform = platform
        self._api = api
        self._run = run

    def send(self, batch: Batch) -> BatchResult:
        if self._run.mode == "full":
            return without_named(lambda part: self._replace(batch.number, part), batch.records)
        return send_in_parts(self._send, batch.records)

    def _replace(self, number: int, records: Sequence[Record]) -> BatchResult:
        batch = Batch(number, records)
        return self._api.together(lambda: self._platform.replace(self._api, self._run, batch))

    def _send(self, records: Sequence[Record]) -> BatchResult:
        call = self._platform.remove if are_removals(records) else self._platform.add
        return self._api.together(lambda: call(self._api, self._run, records))

    def poll(self, job: str, batch: Batch) -> JobResult:
        return poll_in_parts(lambda each: self._platform.poll(self._api, each, batch), job)

    def finish(self) -> None:
        if self._run.mode == "full":
            self._platform.finish(self._api, self._run)
