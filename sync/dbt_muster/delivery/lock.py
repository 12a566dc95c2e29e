"""One run at a time for an audience and a destination, by the runs table alone."""

from __future__ import annotations

import random
import time
from datetime import datetime
from secrets import token_hex

from dbt_muster.delivery.ledger import Ledger, OpenRun, Previous, now
from dbt_muster.delivery.processes import HEARTBEAT, LEASE, is_alive, this_host, this_process
from dbt_muster.delivery.watching import PairWatch
from dbt_muster.errors import MusterError

_TRIES = 6
_LONGEST_PAUSE = 1.0


class LockedError(MusterError):
    """Another sync of the same audience and destination is running."""


class Lock:
    """The right to deliver one pair, held from `take` until the run is finished.

    Every taker writes its own row first and reads afterwards; who sees another's row takes its own back and
    tries again a little later. Of two that write at once at least one sees the other, so both never go on.
    """

    def __init__(self, ledger: Ledger, run: OpenRun, previous: Previous | None, dead: list[OpenRun]) -> None:
        self._ledger = ledger
        self._beaten_at = run.heartbeat_at
        self.run = run
        self.previous = previous
        self.dead = dead

    @classmethod
    def take(cls, ledger: Ledger, mode: str, override: str | None, watch: PairWatch | None = None) -> Lock:
        """Take the lock, at once or as soon as the run that holds it has ended.

        Args:
            ledger: the pair's.
            mode: how the run delivers.
            override: why guards are set aside, where they are.
            watch: how long to wait for a living run; without it not at all.

        Raises:
            LockedError: a living run holds it.
        """
        waits = watch.pauses() if watch is not None else iter(())
        while True:
            try:
                return cls._take_now(ledger, mode, override)
            except LockedError:
                if next(waits, None) is None:
                    raise

    @classmethod
    def _take_now(cls, ledger: Ledger, mode: str, override: str | None) -> Lock:
        for _ in range(_TRIES):
            alive = _alive(ledger.open_runs())
            if alive:
                raise LockedError(_held_by(alive[0]))
            last, previous = ledger.history()
            run = _new_run(last + 1, mode)
            ledger.insert_run({**_row(run), "override": override})
            others = [other for other in ledger.open_runs() if other.id != run.id]
            if not _alive(others):
                return cls(ledger, run, previous, others)
            ledger.delete_run(run.id)
            time.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311 - only to spread two takers out
        raise LockedError("other syncs are starting at this moment; try again in a minute.")

    def keep(self) -> None:
        """Show that this run lives, and make sure that no other took it for dead.

        Raises:
            LockedError: it was taken over; nothing more may be sent.
        """
        moment = now()
        if moment - self._beaten_at < HEARTBEAT:
            return
        if not self._ledger.is_open(self.run.id):
            raise LockedError(
                f"Run {self.run.id} was taken for dead and ended by another sync; it stops here."
            )
        self._ledger.update_run(self.run.id, heartbeat_at=moment)
        self._beaten_at = moment

    def release(self) -> None:
        """Leave the run open for the next sync to settle, at once, wherever that runs."""
        self._ledger.update_run(self.run.id, heartbeat_at=self.run.started_at - LEASE)


def _alive(runs: list[OpenRun]) -> list[OpenRun]:
    moment = now()
    return [run for run in runs if is_alive(run.host, run.process, run.heartbeat_at, moment)]


def _new_run(sequence: int, mode: str) -> OpenRun:
    started = now()
    return OpenRun(
        id=_run_id(started),
        sequence=sequence,
        mode=mode,
        status="running",
        host=this_host(),
        process=this_process(),
        started_at=started,
        heartbeat_at=started,
    )


def _row(run: OpenRun) -> dict[str, object]:
    return {
        "run_id": run.id,
        "sequence": run.sequence,
        "mode": run.mode,
        "status": run.status,
        "host": run.host,
        "process": run.process,
        "started_at": run.started_at,
        "heartbeat_at": run.heartbeat_at,
    }


def _run_id(moment: datetime) -> str:
    """Sorts by time, and is fit for the names of tables and files."""
    return f"{moment:%Y%m%dt%H%M%S}_{token_hex(4)}"


def _held_by(run: OpenRun) -> str:
    host = run.host.partition("/")[0]
    process = run.process.partition(":")[0]
    minutes = int(LEASE.total_seconds() // 60)
    return (
        f"another sync is running (process {process} on {host}, since "
        f"{run.started_at:%Y-%m-%d %H:%M} UTC). Wait for it, as `muster sync --wait 10m` does. If it died "
        f"on another machine, its lock ends {minutes} minutes after its last sign of life "
        f"({run.heartbeat_at:%H:%M} UTC)."
    )
