"""Rows of a plan as the batches that destinations are sent, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from dbt_muster.delivery.ledger import Ledger
from dbt_muster.destinations import Batch, Record, Refusal, Run

Row = tuple[Any, ...]

_BATCH = itemgetter(0)

# One for all rows, because making one costs more than using it; not strict, because rare control characters
# stand in the text as they are.
_DECODER = json.JSONDecoder(strict=False)


def batches_of(rows: Iterator[Row]) -> Iterator[tuple[Batch, list[Row]]]:
    """Batches, in order, each with the plan's rows that it was made of."""
    for number, members in groupby(rows, key=_BATCH):
        own = list(members)
        records = [Record(action, key, _DECODER.decode(text)) for _, action, key, _, text in own]
        yield Batch(int(number), records), own


def read_batch(ledger: Ledger, run_id: str, number: int) -> tuple[Batch, list[Row]]:
    """One batch of a plan as it was sent."""
    return next(batches_of(ledger.read(run_id, number, number)))


def rejected_rows(
    run: Run, batch: Batch, rows: list[Row], refusals: Sequence[Refusal]
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
