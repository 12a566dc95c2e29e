"""Records that a refusal names as bad: the others are sent again, and what is told stays true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import pytest

from dbt_muster.destinations import BatchResult, Record, Refusal, RefusedError
from dbt_muster.destinations.bisect import poll_in_parts, send_in_parts, without_named
from dbt_muster.destinations.people import name_records
from dbt_muster.destinations.records import JobResult, UnknownOutcomeError

RECORDS = [Record("add", str(number), {"email": str(number)}) for number in range(6)]


def naming(
    *named: Mapping[int, str], partly: bool = False
) -> tuple[list[list[str]], Callable[..., BatchResult]]:
    """What is sent, and a sender that refuses once for each of these, naming items, and then takes all."""
    sent: list[list[str]] = []
    left = list(named)

    def send(records: Sequence[Record]) -> BatchResult:
        sent.append([record.key for record in records])
        if not left:
            return BatchResult([Refusal(len(records) - 1, "late")])
        error = RefusedError("no")
        error.named, error.partly = left.pop(0), partly and len(sent) == 1
        raise error

    return sent, send


def test_who_is_named_is_left_out_and_every_refusal_has_its_place_among_all() -> None:
    sent, send = naming({1: "a", 4: "b"}, {0: "c"})
    found = send_in_parts(send, RECORDS)
    assert found.refusals == [Refusal(0, "c"), Refusal(1, "a"), Refusal(4, "b"), Refusal(5, "late")]
    assert sent == [["0", "1", "2", "3", "4", "5"], ["0", "2", "3", "5"], ["2", "3", "5"]]


def test_nothing_more_is_sent_where_everybody_is_named() -> None:
    sent, send = naming({0: "a"})
    assert send_in_parts(send, RECORDS[:1]) == BatchResult([Refusal(0, "a")])
    assert sent == [["0"]]


def test_a_place_where_there_is_no_record_names_nobody() -> None:
    _, send = naming({6: "a"})
    with pytest.raises(RefusedError, match="no"):
        without_named(send, RECORDS)


def test_records_that_are_named_without_end_are_not_sent_for_ever() -> None:
    many = [Record("add", str(number), {}) for number in range(20)]
    sent, send = naming(*[{0: "a"}] * 20)
    with pytest.raises(RefusedError, match="one after another"):
        without_named(send, many)
    assert len(sent) == 8


def test_what_arrived_of_a_call_before_is_not_forgotten_over_those_that_were_named() -> None:
    _, send = naming({0: "a"}, {}, partly=True)
    with pytest.raises(RefusedError) as caught:
        without_named(send, RECORDS)
    assert caught.value.partly


def test_items_are_named_by_the_records_that_they_belong_to() -> None:
    error = RefusedError("no")
    error.named = {2: "a", 9: "b"}
    name_records(error, [[0], [0], [1, 4]])
    assert error.named == {1: "a", 4: "a"}


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (["done", "done"], "done"),
        (["done", "running"], "running"),
        (["running", "failed"], "failed"),
    ],
)
def test_the_jobs_of_a_batch_in_parts_stand_as_one(states: list[str], status: str) -> None:
    answers = {
        "a": JobResult(cast(Any, states[0]), [Refusal(3, "bad")], 1, "one"),
        "b": JobResult(cast(Any, states[1]), [Refusal(1, "bad")], 2),
    }
    found = poll_in_parts(lambda job: answers[job], "a b")
    assert found.status == status
    if status != "running":
        assert found == JobResult(found.status, [Refusal(1, "bad"), Refusal(3, "bad")], 3, "one")


def test_a_job_that_cannot_be_asked_for_any_more_has_an_unknown_outcome() -> None:
    def refuses(job: str) -> JobResult:
        raise RefusedError(f"There is no job {job}.")

    with pytest.raises(UnknownOutcomeError, match="no job old"):
        poll_in_parts(refuses, "old")
