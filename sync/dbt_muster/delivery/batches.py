"""Rows of a plan as the batches that destinations are sent, and back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import groupby, repeat
from operator import itemgetter
from typing import overload

from dbt_muster.delivery.ledger import Ledger
from dbt_muster.destinations import Batch, Record, Refusal, Run
from dbt_muster.destinations.records import Action
from dbt_muster.destinations.undecoded import UndecodedRecords, decoded
from dbt_muster.errors import MusterError

Row = tuple[int, str]
"""A batch's number, and what stands between the brackets of a JSON array: action, key and identifiers."""

Texts = tuple[int, int, Action, int, str]
"""A batch's number, how many of its records these are, what is done with them, whether the text can be sent
as it stands (1) or not (0), and their identifiers, JSON objects with commas between."""

_BATCH, _RECORD = itemgetter(0), itemgetter(1)


def batches_of(rows: Sequence[Row]) -> Iterator[Batch]:
    """Batches, in order, of the rows of a plan."""
    for number, own in groupby(rows, key=_BATCH):
        parts = decoded(",".join(map(_RECORD, own)).encode())
        given = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        # As `Record(*each)` makes them, without a call in Python for each of millions.
        records: list[Record] = list(map(tuple.__new__, repeat(Record), given))
        yield Batch(int(number), records)


def undecoded_batches(rows: Sequence[Texts]) -> Iterator[Batch]:
    """Batches, in order, of which nothing is decoded yet."""
    for number, own in groupby(rows, key=_BATCH):
        _, sizes, actions, uniform, texts = zip(*own, strict=True)
        records = UndecodedRecords(
            actions[0], ",".join(texts), sum(map(int, sizes)), uniform=all(map(int, uniform))
        )
        yield Batch(int(number), records)


def _read(ledger: Ledger, run_id: str, first: int, last: int) -> Iterator[Batch]:
    """Read some batches, each of which is made when it is needed."""
    if ledger.has_keys:
        return batches_of(ledger.read(run_id, first, last))
    return undecoded_batches(ledger.read_identifiers(run_id, first, last))


class PlanReader:
    """Reads a plan in order, some batches at once, and the next while calls of those before are under way.

    Args:
        ledger: the pair's tables.
        run_id: whose plan.
        batches: which.
        at_once: how many are read in one go.
    """

    def __init__(self, ledger: Ledger, run_id: str, batches: range, at_once: int) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._unread = deque(batches[start : start + at_once] for start in range(0, len(batches), at_once))
        self._at_hand: Iterator[Batch] = iter(())
        self._left = 0

    def take(self, count: int) -> Iterator[Batch]:
        """The next batches, so many; some may be read while others of them are under way."""
        for _ in range(count):
            if not self._left:
                self._read()
            self._left -= 1
            yield next(self._at_hand)

    def read_ahead(self) -> None:
        """Have some batches at hand. What fails is read again when it is taken, and fails there."""
        if self._unread and not self._left:
            with suppress(MusterError):
                self._read()

    def _read(self) -> None:
        some = self._unread[0]
        self._at_hand = _read(self._ledger, self._run_id, some[0], some[-1])
        self._left = len(self._unread.popleft())


class PlannedBatch:
    """One batch of a plan as it was sent, which is read only when somebody looks at it.

    A platform that is asked again and again how its work stands would otherwise have everything that was sent
    read again each time.

    Args:
        ledger: the pair's tables.
        run_id: whose plan.
        number: the batch's.
    """

    def __init__(self, ledger: Ledger, run_id: str, number: int) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._number = number

    @property
    def batch(self) -> Batch:
        """The batch."""
        return Batch(self._number, _Unread(self))

    @cached_property
    def records(self) -> Sequence[Record]:
        """The batch's records, read the first time."""
        return next(_read(self._ledger, self._run_id, self._number, self._number)).records


class _Unread(Sequence[Record]):
    """The records of a batch that is read when they are looked at."""

    def __init__(self, planned: PlannedBatch) -> None:
        self._planned = planned

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        return self._planned.records[place]

    def __len__(self) -> int:
        return len(self._planned.records)


def refuse(ledger: Ledger, run: Run, batch: Batch, refusals: Sequence[Refusal]) -> None:
    """Write down the records of a batch that were refused one by one.

    Args:
        ledger: the pair's tables.
        run: the run.
        batch: as it was sent.
        refusals: whom the destination refused.
    """
    units = ledger.units(run.id, batch.number)
    ledger.refuse(
        [
            {
                "run_id": run.id,
                "batch": batch.number,
                "action": action,
                "entity_key": key,
                "fingerprint": fingerprint,
                "reason": refusal.reason,
                "for_good": refusal.for_good,
            }
            for refusal in refusals
            for action, key, fingerprint in (units[refusal.index],)
        ]
    )
