"""Platforms that work on a batch after they took it: each job is asked about until it is through."""

from __future__ import annotations

import time

from dbt_muster.delivery.batches import PlannedBatch, refuse
from dbt_muster.delivery.ledger import Ledger
from dbt_muster.delivery.lock import Lock
from dbt_muster.delivery.watching import Deadline
from dbt_muster.destinations import Delivery, Run, UnknownOutcomeError
from dbt_muster.errors import MusterError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
# Seconds after which a run no longer waits: the next sync asks again.
LONGEST_WAIT = 30 * 60.0


class StillWorkingError(MusterError):
    """The platform is not through with what it took."""


def finish_jobs(ledger: Ledger, lock: Lock, run: Run, delivery: Delivery, deadline: Deadline) -> str | None:
    """Ask about every open job of a run until all are through, and write down what became of their batches.

    A process that dies meanwhile leaves them open, and the next sync asks again.

    Args:
        ledger: the pair's tables.
        lock: kept alive meanwhile.
        run: whose jobs.
        delivery: open for the run's destination.
        deadline: after which nothing more is waited for.

    Returns:
        What became of a job that failed, or of which that cannot be known; the batches of others count.

    Raises:
        StillWorkingError: the platform takes longer than is waited for.
        DeadlineError: it takes longer than the sync may.
        MusterError: it cannot be asked.
    """
    pause, waited = FIRST_PAUSE, 0.0
    trouble: list[str] = []
    while left := [
        job for job in ledger.open_jobs(run.id) if not _is_through(ledger, run, delivery, trouble, *job)
    ]:
        if waited >= LONGEST_WAIT:
            raise StillWorkingError(
                f"The platform is still working on {len(left)} batches that it took. "
                "The next sync asks again."
            )
        lock.keep()
        deadline.check(
            f"the platform is still working on {len(left)} batches that it took. The next sync asks again."
        )
        time.sleep(pause)
        waited += pause
        pause = min(pause * 1.5, LONGEST_PAUSE)
    return trouble[0] if trouble else None


def _is_through(
    ledger: Ledger, run: Run, delivery: Delivery, trouble: list[str], number: int, job: str
) -> bool:
    planned = PlannedBatch(ledger, run.id, number)
    try:
        result = delivery.poll(job, planned.batch)
    except UnknownOutcomeError as error:
        trouble.append(str(error))
        ledger.mark(run.id, number, number, "unknown", error=trouble[-1])
        return True
    if result.status == "running":
        return False
    if result.status == "failed":
        trouble.append(result.words or "the platform's job failed")
        # Some of it may be done: a job that ends in the midst, or one of several that the batch became.
        ledger.mark(run.id, number, number, "unknown", error=trouble[-1])
        return True
    if result.refusals:
        refuse(ledger, run, planned.batch, result.refusals)
    words = f"{result.failed} records could not be used" if result.failed else None
    ledger.mark(run.id, number, number, "acknowledged", error=result.words or words)
    return True
