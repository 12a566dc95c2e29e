"""Streams a plan to a destination and writes down, before and after, what becomes of each batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from dbt_muster.collecting import without_collection
from dbt_muster.delivery.batches import PlanReader, refuse
from dbt_muster.delivery.calls import Calls, NotBegunError
from dbt_muster.delivery.ledger import Ledger
from dbt_muster.delivery.lock import Lock
from dbt_muster.delivery.watching import DeadlineError, PairWatch
from dbt_muster.destinations import (
    AudienceGoneError,
    Batch,
    BatchResult,
    Delivery,
    Destination,
    RefusedError,
    Run,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.destinations.undecoded import action_of
from dbt_muster.errors import MusterError

# Rows that are read in one go: few statements, flat memory.
ROWS_AT_ONCE = 20_000

# Batches that are at least written down as in flight in one go: large ones are seldom waited for.
_BATCHES_AT_ONCE = 12


@dataclass(frozen=True)
class _Outcome:
    """What became of one batch, as the ledger writes it. A status of None leaves it as in flight."""

    number: int
    status: str | None
    attempts: int = 0
    error: str | None = None
    job: str | None = None


class Sender:
    """Sends the batches of one run.

    Args:
        ledger: the pair's tables.
        lock: the run's, kept alive meanwhile.
        destination: says how large batches are, how many go at once, and when something counts as taken.
        watch: told of every batch, and asked before each whether there is time for it.
    """

    def __init__(self, ledger: Ledger, lock: Lock, destination: Destination, watch: PairWatch) -> None:
        self._ledger = ledger
        self._lock = lock
        self._batch_size = destination.batch_size
        self._whole_run = destination.acknowledges == "run"
        self._at_once = 1 if self._whole_run else destination.capabilities.concurrency
        self._watch = watch
        self._tried = 0
        self.sent = 0
        self.refused_batches = 0
        self.error: str | None = None

    def send_all(self, run: Run, delivery: Delivery, batches: range) -> None:
        """Send some of a run's batches, group by group.

        A refused batch is written down and the next one sent. Several batches may be under way at once, but
        never two of different actions: an addition must not overtake a removal.

        Raises:
            StoppedError, UnknownOutcomeError: no more can be sent; what was sent is written down.
            DeadlineError: there is no time for more.
        """
        read = max(self._at_once, ROWS_AT_ONCE // self._batch_size)
        reader = PlanReader(self._ledger, run.id, batches, read)
        size = read * max(1, _BATCHES_AT_ONCE // read)
        for start in range(0, len(batches), size):
            group = batches[start : start + size]
            self._lock.keep()
            self._check_time(run)
            self._ledger.mark(run.id, group[0], group[-1], "sending")
            # Records hold no circles, and are so many that Python would go through them, and through all that
            # dbt has loaded, again and again; that took two fifths of sending.
            with without_collection():
                self._send_group(run, delivery, reader, group)

    def keep_all(self, run: Run, rows: int) -> None:
        """Count every batch as taken: a destination in the warehouse holds what the state holds."""
        self._lock.keep()
        self._check_time(run)
        if run.batches:
            self._ledger.mark(run.id, 1, run.batches, "acknowledged", attempts=1)
        self.sent = rows

    def _send_group(self, run: Run, delivery: Delivery, reader: PlanReader, group: range) -> None:
        outcomes: dict[int, _Outcome] = {}
        try:
            for _, alike in groupby(reader.take(len(group)), key=lambda batch: action_of(batch.records)):
                if self._at_once == 1:
                    self._one_by_one(run, delivery, alike, outcomes)
                else:
                    self._side_by_side(run, delivery, alike, outcomes, reader.read_ahead)
        except Exception:
            # What was not tried is known not to have arrived.
            for number in group:
                outcomes.setdefault(number, _Outcome(number, "planned"))
            raise
        finally:
            # A killed process never comes here: then the whole group stays "sending", which is what it is.
            self._record(run, [outcomes[number] for number in sorted(outcomes)])

    def _one_by_one(
        self, run: Run, delivery: Delivery, batches: Iterator[Batch], outcomes: dict[int, _Outcome]
    ) -> None:
        for batch in batches:
            self._lock.keep()
            self._check_time(run)
            started = self._begin(batch)
            self._judge(run, batch, lambda batch=batch: delivery.send(batch), outcomes, started)  # type: ignore[misc]

    def _side_by_side(
        self,
        run: Run,
        delivery: Delivery,
        batches: Iterator[Batch],
        outcomes: dict[int, _Outcome],
        meanwhile: Callable[[], None],
    ) -> None:
        failure: Exception | None = None
        with Calls(delivery.send, self._at_once, lambda: self._out_of_time(run) is None) as calls:
            while True:
                try:
                    for batch in islice(batches, calls.free):
                        self._begin(batch)
                        calls.give(batch)
                except Exception as error:
                    # What is under way is waited for, and judged, before what cannot be read ends the run.
                    failure = failure or error
                    calls.stop()
                meanwhile()
                through = calls.through()
                if not through:
                    break
                for batch, future in through:
                    try:
                        self._judge(run, batch, future.result, outcomes, calls.began(batch))
                    except NotBegunError:
                        self._take_back(batch)
                    except Exception as error:
                        failure = failure or error
                failure = failure or self._lost_lock()
                if failure is not None:
                    calls.stop()
        if failure is not None:
            raise failure
        if calls.stopped:
            self._check_time(run)

    def _lost_lock(self) -> Exception | None:
        """Calls that are under way are waited for before the run stops."""
        try:
            self._lock.keep()
        except Exception as error:
            return error
        return None

    def _judge(
        self,
        run: Run,
        batch: Batch,
        result_of: Callable[[], BatchResult],
        outcomes: dict[int, _Outcome],
        started: float,
    ) -> None:
        number = batch.number
        rejected = 0
        try:
            rejected = self._decide(run, batch, result_of, outcomes)
        finally:
            if number in outcomes:
                self._tell(outcomes[number], len(batch.records), rejected, time.monotonic() - started)

    def _decide(
        self,
        run: Run,
        batch: Batch,
        result_of: Callable[[], BatchResult],
        outcomes: dict[int, _Outcome],
    ) -> int:
        """Put down what became of a batch; gives how many of its records were refused."""
        number = batch.number
        try:
            result = result_of()
        except NotBegunError:
            raise
        except AudienceGoneError as error:
            # Perhaps it is there after all, and an attempt or a call before this one was taken.
            outcomes[number] = _Outcome(number, "unknown", error.attempts, str(error))
            raise
        except StoppedError as error:
            outcomes[number] = _Outcome(number, "failed", error.attempts, str(error))
            raise
        except RefusedError as error:
            self.refused_batches += 1
            self.error = str(error)
            outcomes[number] = _Outcome(number, "failed", error.attempts, str(error))
            return 0
        except UnknownOutcomeError as error:
            outcomes[number] = _Outcome(number, "unknown", error.attempts, str(error))
            raise
        except Exception as error:
            # Only muster's own messages are known to hold nothing personal; of any other the kind has to do.
            outcomes[number] = _Outcome(number, "unknown", 1, type(error).__name__)
            raise
        if result.refusals:
            refuse(self._ledger, run, batch, result.refusals)
        # A job is followed to its end even where nothing counts before the end of the run.
        taken = "accepted" if result.job else None if self._whole_run else "acknowledged"
        outcomes[number] = _Outcome(number, taken, result.attempts, job=result.job)
        return len(result.refusals)

    def _begin(self, batch: Batch) -> float:
        self.sent += len(batch.records)
        self._tried += 1
        return time.monotonic()

    def _take_back(self, batch: Batch) -> None:
        self.sent -= len(batch.records)
        self._tried -= 1

    def _check_time(self, run: Run) -> None:
        self._watch.deadline.check(
            f"{self._tried} of {run.batches} batches were sent, and the next sync sends the rest."
        )

    def _out_of_time(self, run: Run) -> Exception | None:
        try:
            self._check_time(run)
        except DeadlineError as error:
            return error
        return None

    def _tell(self, outcome: _Outcome, rows: int, rejected: int, seconds: float) -> None:
        self._watch.tell(
            "batch",
            batch=outcome.number,
            status=outcome.status or "sent",
            rows=rows,
            rejected=rejected,
            attempts=outcome.attempts,
            seconds=round(seconds, 3),
            sent=self.sent,
            error=outcome.error,
        )

    def _record(self, run: Run, outcomes: Sequence[_Outcome]) -> None:
        """One statement for each stretch of batches that went the same way."""
        for stretch in _stretches(outcomes):
            one = stretch[0]
            if one.status is not None:
                values = {"attempts": one.attempts, "error": one.error, "job": one.job}
                self._ledger.mark(run.id, one.number, stretch[-1].number, one.status, **values)


def _stretches(outcomes: Iterable[_Outcome]) -> Iterator[list[_Outcome]]:
    """Outcomes with numbers in a row and all else alike."""
    stretch: list[_Outcome] = []
    for outcome in outcomes:
        last = stretch[-1] if stretch else None
        if last is not None and _alike(last) != _alike(outcome):
            yield stretch
            stretch = []
        stretch.append(outcome)
    if stretch:
        yield stretch


def _alike(outcome: _Outcome) -> tuple[object, ...]:
    return outcome.status, outcome.attempts, outcome.error, outcome.job


def describe(error: Exception) -> str:
    """An error for the report and the ledger: muster's own words, or else only its kind."""
    return str(error) if isinstance(error, MusterError) else f"unexpected {type(error).__name__}"
