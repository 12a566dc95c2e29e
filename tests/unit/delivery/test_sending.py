"""What becomes of batches that are under way when something else goes wrong."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dbt_muster.delivery.sending import Sender
from dbt_muster.destinations import Batch, BatchResult
from dbt_muster.errors import MusterError


class _Plan:
    """A ledger of which the first two batches can be read, and what is written down of batches."""

    has_keys = True

    def __init__(self) -> None:
        self.both_begun = Event()
        self.marks: list[tuple[int, int, str]] = []

    def read(self, _run_id: str, first: int, last: int) -> list[tuple[Any, ...]]:
        if first > 1:
            self.both_begun.wait()
            raise MusterError("The warehouse is away.")
        return [(number, f'"add","{number}",{{}}') for number in range(first, last + 1)]

    def mark(self, _run_id: str, first: int, last: int, status: str, **_values: object) -> None:
        self.marks.append((first, last, status))


def test_what_is_under_way_when_the_plan_cannot_be_read_counts_as_what_becomes_of_it() -> None:
    plan = _Plan()
    nothing = SimpleNamespace(
        keep=lambda: None, tell=lambda *_, **__: None, deadline=SimpleNamespace(check=lambda _: None)
    )
    destination = SimpleNamespace(
        batch_size=20_000, acknowledges="batch", capabilities=SimpleNamespace(concurrency=2)
    )
    begun: list[int] = []

    def send(batch: Batch) -> BatchResult:
        begun.append(batch.number)
        if len(begun) == 2:
            plan.both_begun.set()
        return BatchResult()

    delivery = SimpleNamespace(send=send)
    sender = Sender(cast("Any", plan), cast("Any", nothing), cast("Any", destination), cast("Any", nothing))
    with pytest.raises(MusterError, match="away"):
        sender.send_all(cast("Any", SimpleNamespace(id="run", batches=4)), cast("Any", delivery), range(1, 5))
    assert plan.marks == [(1, 4, "sending"), (1, 2, "acknowledged"), (3, 4, "planned")]
    assert sender.sent == 2
