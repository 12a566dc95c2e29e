"""What goes along with a sync: who is told of its steps, how long it and its waits may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from dbt_muster.delivery.guards import in_words
from dbt_muster.errors import MusterError
from dbt_muster.warehouse import BusyError, Warehouse

EventName = Literal[
    "sync_started", "waiting", "started", "settled", "planned", "batch", "finished", "sync_finished"
]
Value = str | int | float | None

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 10.0

_MINUTE = 60


class DeadlineError(MusterError):
    """The time that the whole sync may take is over; nothing more is sent."""


@dataclass(frozen=True)
class Event:
    """One step of a sync. It holds no row and no identifier.

    Attributes:
        name: `sync_started` and `sync_finished` for the whole; for one audience and destination `waiting`
            (for another sync), `started`, `settled` (what a dead run left), `planned`, `batch` (one was
            sent, whatever became of it) and `finished`.
        audience: the audience's name; None where the event is about the whole sync.
        destination: the destination's name, or None.
        run_id: the run's, once there is one.
        values: counts and words, as docs/watching.md lists them.
        time: when it was, in UTC.
    """

    name: EventName
    audience: str | None = None
    destination: str | None = None
    run_id: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def to_dict(self) -> dict[str, object]:
        """As the event log has it."""
        where = {"run_id": self.run_id, "audience": self.audience, "destination": self.destination}
        return {
            "time": self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "event": self.name,
            **(where if self.audience is not None else {}),
            **self.values,
        }


class Deadline:
    """The instant after which no further batch is sent.

    Args:
        length: how long the sync may take from now on; None is for ever.
        clock: seconds that only ever grow.
    """

    def __init__(self, length: timedelta | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._length = length
        self._clock = clock
        self._end = None if length is None else clock() + length.total_seconds()

    @property
    def left(self) -> float | None:
        """Seconds until it is over; None where there is none."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    def check(self, what: str) -> None:
        """Go on, or say that it is over.

        Args:
            what: what has been done and what comes of the rest, as the end of the message.

        Raises:
            DeadlineError: it is over.
        """
        if self._length is not None and self.left == 0.0:
            raise DeadlineError(f"the deadline of {_to_the_second(self._length)} was reached: {what}")


def _to_the_second(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    return in_words(length) if seconds >= _MINUTE else f"{seconds} second{'s' * (seconds != 1)}"


def _nobody(_event: Event) -> None:
    return


@dataclass(frozen=True)
class Watch:
    """What goes along with a sync.

    Attributes:
        tell: called with every event.
        deadline: after which nothing more is sent.
        wait: how long another sync of the same audience and destination is waited for, and a warehouse that
            takes one process at a time.
    """

    tell: Callable[[Event], None] = _nobody
    deadline: Deadline = field(default_factory=Deadline)
    wait: timedelta = timedelta(0)

    def of(self, audience: str, destination: str) -> PairWatch:
        """The same for one audience and destination."""
        return PairWatch(self, audience, destination)

    def pauses(self) -> Iterator[float]:
        """Pauses while something is waited for, each a little longer, until no more may be waited.

        Gives the seconds of each, after it.
        """
        longest = self.wait.total_seconds()
        left = self.deadline.left
        until = time.monotonic() + (longest if left is None else min(longest, left))
        pause = _FIRST_PAUSE
        while (rest := until - time.monotonic()) > 0:
            time.sleep(min(pause, rest))
            yield pause
            pause = min(pause * 2, _LONGEST_PAUSE)


@dataclass
class PairWatch:
    """What goes along with the delivery of one audience to one destination."""

    watch: Watch
    audience: str
    destination: str
    run_id: str | None = None

    @property
    def deadline(self) -> Deadline:
        """The whole sync's."""
        return self.watch.deadline

    def pauses(self) -> Iterator[float]:
        """The pauses of `Watch.pauses`; told of before the first."""
        if self.watch.wait:
            self.tell("waiting", seconds=self.watch.wait.total_seconds())
        yield from self.watch.pauses()

    def tell(self, name: EventName, **values: Value) -> None:
        """Tell of a step."""
        self.watch.tell(Event(name, self.audience, self.destination, self.run_id, values))


@contextmanager
def opened_when_free(warehouse: Warehouse, watch: Watch) -> Iterator[Warehouse]:
    """A warehouse, opened; waited for where another process has it and it takes one at a time.

    Args:
        warehouse: not open yet.
        watch: how long may be waited.

    Raises:
        BusyError: another process has it still.
        WarehouseError: it cannot be reached.
    """
    pauses = watch.pauses()
    with ExitStack() as stack:
        waiting = False
        while True:
            try:
                stack.enter_context(warehouse)
                break
            except BusyError:
                if not waiting and watch.wait:
                    watch.tell(Event("waiting", values={"seconds": watch.wait.total_seconds()}))
                waiting = True
                if next(pauses, None) is None:
                    raise
        yield warehouse
