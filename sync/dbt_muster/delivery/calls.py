"""Batches that are sent side by side, with some more at hand for when one of them is through."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType

from dbt_muster.destinations import Batch, BatchResult, RefusedError, StoppedError


class NotBegunError(Exception):
    """A batch waited for its turn when the run stopped, so that nothing of it was sent."""


class Calls:
    """Batches under way, each in a thread, and as many again that wait. Use as a context manager.

    Where one fails in a way that stops a run, none that waits is begun.

    Args:
        send: sends a batch.
        at_once: how many may be under way.
        may_begin: whether another may be begun, which is asked before each.
    """

    def __init__(
        self, send: Callable[[Batch], BatchResult], at_once: int, may_begin: Callable[[], bool]
    ) -> None:
        self._send = send
        self._may_begin = may_begin
        self._most = 2 * at_once
        self._pool = ThreadPoolExecutor(at_once)
        self._under_way: dict[Future[BatchResult], Batch] = {}
        self._began: dict[int, float] = {}
        self._stopped = Event()

    def __enter__(self) -> Calls:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.stop()
        self._pool.shutdown()

    @property
    def free(self) -> int:
        """How many more batches may be given."""
        return 0 if self.stopped else self._most - len(self._under_way)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is begun."""
        return self._stopped.is_set()

    def give(self, batch: Batch) -> None:
        """Have a batch sent as soon as it is its turn."""
        self._under_way[self._pool.submit(self._attempt, batch)] = batch

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopped.set()

    def through(self) -> list[tuple[Batch, Future[BatchResult]]]:
        """Wait for batches that are through; none where none was left."""
        done = wait(self._under_way, return_when=FIRST_COMPLETED).done
        return [(self._under_way.pop(future), future) for future in done]

    def began(self, batch: Batch) -> float:
        """When the call with a batch began, by the clock that only goes forward; now, if it did not."""
        return self._began.pop(batch.number, time.monotonic())

    def _attempt(self, batch: Batch) -> BatchResult:
        if self.stopped or not self._may_begin():
            self.stop()
            raise NotBegunError
        self._began[batch.number] = time.monotonic()
        try:
            return self._send(batch)
        except Exception as error:
            if not isinstance(error, RefusedError) or isinstance(error, StoppedError):
                self.stop()
            raise
