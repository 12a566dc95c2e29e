"""Rows of a plan as the batches that destinations are sent, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, overload

from dbt_muster.delivery.ledger import Ledger
from dbt_muster.destinations import Batch, Record, Refusal, Run

Row = tuple[Any, ...]

_BATCH = itemgetter(0)

# Not strict, because rare control characters stand in the text as they are.
_DECODER = json.JSONDecoder(strict=False)


def batches_of(rows: Iterator[Row]) -> Iterator[tuple[Batch, list[Row]]]:
    """Batches, in order, each with the plan's rows that it was made of."""
    for number, members in groupby(rows, key=_BATCH):
        own = list(members)
        # Decoding all of them at once takes half the time of decoding each.
        identifiers = _DECODER.decode(f"[{','.join([row[4] for row in own])}]")
        records = [Record(row[1], row[2], each) for row, each in zip(own, identifiers, strict=True)]
        yield Batch(int(number), records), own


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

    @property
    def rows(self) -> list[Row]:
        """The plan's rows that it was made of."""
        return self.both[1]

    @cached_property
    def both(self) -> tuple[Batch, list[Row]]:
        """The batch with its records, and its rows."""
        return next(batches_of(self._ledger.read(self._run_id, self._number, self._number)))


class _Unread(Sequence[Record]):
    """The records of a batch that is read when they are looked at."""

    def __init__(self, planned: PlannedBatch) -> None:
        self._planned = planned

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        return self._planned.both[0].records[place]

    def __len__(self) -> int:
        return len(self._planned.both[0].records)


def rejected_rows(
    run: Run, batch: Batch, rows: Sequence[Row], refusals: Sequence[Refusal]
) -> list[dict[str, object]]:
    """What the ledger keeps of records that were refused one by one."""
    return [
        {
            "run_id": run.id,
            "batch": batch.number,
            "action": rows[refusal.index][1],
            "entity_key": rows[refusal.index][2],
            "fingerprint": rows[refusal.index][3],
            "reason": refusal.reason,
            "for_good": refusal.for_good,
        }
        for refusal in refusals
    ]
