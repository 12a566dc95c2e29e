"""Records that a refusal names as bad: the others are sent again, and what is told stays true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from dbt_muster.destinations import BatchResult, Record, Refusal, RefusedError
from dbt_muster.destinations.bisect import send_in_parts, without_named
from dbt_muster.destinations.people import items_of

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


def test_items_are_named_by_the_record_that_they_belong_to() -> None:
    _, send = naming({2: "a", 9: "b"})
    with pytest.raises(RefusedError) as caught, items_of([0, 0, 1]):
        send(RECORDS)
    assert caught.value.named == {1: "a"}
