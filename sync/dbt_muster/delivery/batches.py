"""Rows of a plan as the batches that destinations are sent, and back."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import Any, overload

from pydantic_core import from_json

from dbt_muster.delivery.ledger import Ledger
from dbt_muster.destinations import Batch, Record, Refusal, Run
from dbt_muster.errors import MusterError

Row = tuple[int, str]
"""A batch's number, and what stands between the brackets of a JSON array: action, key and identifiers."""

_BATCH, _RECORD = itemgetter(0), itemgetter(1)

# Control characters, which are rare, stand in the text as they are, and only this decoder takes them.
_LENIENT = json.JSONDecoder(strict=False)


def batches_of(rows: Sequence[Row]) -> Iterator[Batch]:
    """Batches, in order, of the rows of a plan."""
    start = 0
    while start < len(rows):
        number = rows[start][0]
        end = bisect_right(rows, number, lo=start, key=_BATCH)
        parts = _decoded(map(_RECORD, rows[start:end]))
        given = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        # As `Record(*each)` makes them, without a call in Python for each of millions.
        records: list[Record] = list(map(tuple.__new__, repeat(Record), given))
        yield Batch(int(number), records)
        start = end


def _decoded(texts: Iterable[str]) -> list[Any]:
    """What all texts hold, one after another; all at once, which takes half the time of each by itself."""
    together = f"[{','.join(texts)}]"
    try:
        found: list[Any] = from_json(together, cache_strings="keys")
    except ValueError:
        found = _LENIENT.decode(together)
    return found


class PlanReader:
    """Reads a plan group by group, the next group while calls of the one before are under way.

    Args:
        ledger: the pair's tables.
        run_id: whose plan.
        groups: the first and the last batch of each, in the order in which they are read.
    """

    def __init__(self, ledger: Ledger, run_id: str, groups: Sequence[tuple[int, int]]) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._left = list(reversed(groups))
        self._next: Sequence[Row] | None = None

    def take(self) -> Iterator[Batch]:
        """The batches of the next group."""
        rows, self._next = self._next, None
        group = self._left.pop()
        return batches_of(self._ledger.read(self._run_id, *group) if rows is None else rows)

    def read_ahead(self) -> None:
        """Have the next group at hand. What fails is read again when it is taken, and fails there."""
        if self._left and self._next is None:
            with suppress(MusterError):
                self._next = self._ledger.read(self._run_id, *self._left[-1])


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
        return next(batches_of(self._ledger.read(self._run_id, self._number, self._number))).records


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
    fingerprints = ledger.fingerprints(run.id, batch.number)
    refused = [(each, batch.records[each.index]) for each in refusals]
    ledger.refuse(
        [
            {
                "run_id": run.id,
                "batch": batch.number,
                "action": record.action,
                "entity_key": record.key,
                "fingerprint": fingerprints[refusal.index],
                "reason": refusal.reason,
                "for_good": refusal.for_good,
            }
            for refusal, record in refused
        ]
    )
