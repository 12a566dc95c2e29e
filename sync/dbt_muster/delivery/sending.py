"""Streams a plan to a destination and writes down, before and after, what becomes of each batch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from dbt_muster.delivery.ledger import Ledger
from dbt_muster.delivery.lock import Lock
from dbt_muster.destinations import (
    Batch,
    BatchResult,
    Delivery,
    Record,
    RefusedError,
    Run,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.errors import MusterError

# Rows that are read, and batches that are written down as in flight, in one go: few statements, flat memory.
ROWS_AT_ONCE = 20_000

_BATCH = itemgetter(0)

# One for all rows, because making one costs more than using it; not strict, because rare control characters
# stand in the text as they are.
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class _Outcome:
    """What became of one batch, as the ledger writes it. A status of None leaves it as in flight."""

    number: int
    status: str | None
    attempts: int = 0
    error: str | None = None


class Sender:
    """Sends the batches of one run.

    Args:
        lock: the run's, kept alive meanwhile.
        acknowledges: `batch`, or `run` where nothing counts before the run's end.
        progress: called with how many rows were sent.
    """

    def __init__(
        self, ledger: Ledger, lock: Lock, acknowledges: str, progress: Callable[[int], None]
    ) -> None:
        self._ledger = ledger
        self._lock = lock
        self._taken = "acknowledged" if acknowledges == "batch" else None
        self._progress = progress
        self._read: dict[int, list[tuple[Any, ...]]] = {}
        self.sent = 0
        self.refused_batches = 0
        self.error: str | None = None

    def send_all(self, run: Run, delivery: Delivery, batch_size: int) -> None:
        """Send every batch, group by group.

        A refused batch is written down and the next one sent.

        Raises:
            StoppedError, UnknownOutcomeError: no more can be sent; what was sent is written down.
        """
        group = max(1, ROWS_AT_ONCE // batch_size)
        for first in range(1, run.batches + 1, group):
            last = min(first + group - 1, run.batches)
            self._lock.keep()
            self._ledger.mark(run.id, first, last, "sending")
            self._send_group(run, delivery, first, last)

    def _send_group(self, run: Run, delivery: Delivery, first: int, last: int) -> None:
        outcomes: list[_Outcome] = []
        try:
            for batch, rows in _batches(self._ledger.read(run.id, first, last)):
                self._lock.keep()
                self._send_batch(run, delivery, batch, rows, outcomes)
        except Exception:
            # What was not tried yet is known not to have arrived.
            done = outcomes[-1].number if outcomes else first - 1
            outcomes += [_Outcome(number, "planned") for number in range(done + 1, last + 1)]
            raise
        finally:
            # A killed process never comes here: then the whole group stays "sending", which is what it is.
            self._record(run, outcomes)

    def _send_batch(
        self,
        run: Run,
        delivery: Delivery,
        batch: Batch,
        rows: list[tuple[Any, ...]],
        outcomes: list[_Outcome],
    ) -> None:
        self.sent += len(rows)
        try:
            result = delivery.send(batch)
        except StoppedError as error:
            outcomes.append(_Outcome(batch.number, "failed", error=str(error)))
            raise
        except RefusedError as error:
            self.refused_batches += 1
            self.error = str(error)
            outcomes.append(_Outcome(batch.number, "failed", error=str(error)))
            return
        except Exception as error:
            # Only these messages are known to hold nothing personal; of any other error the kind has to do.
            message = str(error) if isinstance(error, UnknownOutcomeError) else type(error).__name__
            outcomes.append(_Outcome(batch.number, "unknown", error=message))
            raise
        self._ledger.refuse(_refused_rows(run, batch, rows, result))
        outcomes.append(_Outcome(batch.number, self._taken, result.attempts))
        self._progress(self.sent)

    def _record(self, run: Run, outcomes: Iterable[_Outcome]) -> None:
        """One statement for each stretch of batches that went the same way."""
        alike = groupby(outcomes, key=lambda outcome: (outcome.status, outcome.attempts, outcome.error))
        for (status, attempts, error), stretch in alike:
            numbers = [outcome.number for outcome in stretch]
            if status is not None:
                self._ledger.mark(run.id, numbers[0], numbers[-1], status, attempts=attempts, error=error)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Batch, list[tuple[Any, ...]]]]:
    for number, members in groupby(rows, key=_BATCH):
        own = list(members)
        records = [Record(action, key, _DECODER.decode(text)) for _, action, key, _, text in own]
        yield Batch(int(number), records), own


def _refused_rows(
    run: Run, batch: Batch, rows: list[tuple[Any, ...]], result: BatchResult
) -> list[dict[str, object]]:
    return [
        {
            "run_id": run.id,
            "batch": batch.number,
            "action": rows[refusal.index][1],
            "entity_key": rows[refusal.index][2],
            "fingerprint": rows[refusal.index][3],
            "reason": refusal.reason,
        }
        for refusal in result.refusals
    ]


def describe(error: Exception) -> str:
    """An error for the report and the ledger: muster's own words, or else only its kind."""
    return str(error) if isinstance(error, MusterError) else f"unexpected {type(error).__name__}"
