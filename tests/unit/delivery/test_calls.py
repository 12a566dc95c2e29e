"""Batches under way and batches that wait: what is begun, and what is not any more."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import sleep

import pytest

from dbt_muster.delivery.calls import Calls, NotBegunError
from dbt_muster.destinations import Batch, BatchResult, RefusedError, StoppedError, UnknownOutcomeError


def outcomes(send: Callable[[Batch], BatchResult], may_begin: Callable[[], bool] = lambda: True) -> list[str]:
    """What became of four batches that were given at once, two of which may be under way."""
    found: dict[int, str] = {}
    with Calls(send, 2, may_begin) as calls:
        assert calls.free == 4
        for number in range(4):
            calls.give(Batch(number, []))
        while through := calls.through():
            for batch, future in through:
                error = future.exception()
                found[batch.number] = type(error).__name__ if error else "sent"
    return [found[number] for number in range(4)]


def test_all_that_is_given_is_sent() -> None:
    assert outcomes(lambda batch: BatchResult()) == ["sent"] * 4


def test_others_are_sent_beside_one_that_is_refused() -> None:
    def send(batch: Batch) -> BatchResult:
        if batch.number == 0:
            raise RefusedError("no")
        return BatchResult()

    assert outcomes(send) == ["RefusedError", "sent", "sent", "sent"]


@pytest.mark.parametrize("error", [StoppedError("no"), UnknownOutcomeError("perhaps"), ValueError()])
def test_nothing_that_waits_is_begun_once_a_call_stops_the_run(error: Exception) -> None:
    beside = Event()

    def send(batch: Batch) -> BatchResult:
        if batch.number == 0:
            beside.wait()
            raise error
        beside.set()
        while not calls.stopped:
            sleep(0.001)
        return BatchResult()

    found: dict[int, str] = {}
    with Calls(send, 2, lambda: True) as calls:
        for number in range(4):
            calls.give(Batch(number, []))
        while through := calls.through():
            found |= {batch.number: type(future.exception()).__name__ for batch, future in through}
    # The call beside it goes on to its end.
    assert found == {0: type(error).__name__, 1: "NoneType", 2: "NotBegunError", 3: "NotBegunError"}


def test_nothing_is_begun_when_time_is_over() -> None:
    asked: list[bool] = []

    def may_begin() -> bool:
        asked.append(True)
        return len(asked) == 1

    assert sorted(outcomes(lambda batch: BatchResult(), may_begin)) == ["NotBegunError"] * 3 + ["sent"]


def test_nothing_more_is_taken_once_calls_were_stopped() -> None:
    with Calls(lambda batch: BatchResult(), 2, lambda: True) as calls:
        calls.stop()
        calls.give(Batch(1, []))
        assert calls.free == 0
        ((_, future),) = calls.through()
        with pytest.raises(NotBegunError):
            future.result()
        assert calls.through() == []
