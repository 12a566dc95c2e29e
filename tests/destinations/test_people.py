"""Members by single identifiers: as items, in calls of a size."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.destinations import Form, Record, Refusal, RefusedError
from dbt_muster.destinations.people import (
    Known,
    by_name,
    called_of,
    in_calls,
    known_by,
    pieces,
    refusals,
)
from dbt_muster.destinations.records import Action
from tests.destinations.standins.base import StandIn
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.standins.iterable import IterableStandIn
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.trying import trying

_VALUES = st.one_of(st.none(), st.text(min_size=1), st.lists(st.text(min_size=1), max_size=3))
_RECORDS = st.lists(
    st.fixed_dictionaries({"email": _VALUES, "external_id": _VALUES}).map(lambda own: Record("add", "k", own))
)


def emails(*values: str | list[str] | None, action: Action = "add") -> list[Record]:
    return [Record(action, str(number), {"email": value}) for number, value in enumerate(values)]


def by_email(record: Record) -> list[str]:
    return record.values("email")


@given(_RECORDS)
def test_each_record_is_known_by_all_values_of_the_first_identifier_that_it_has(
    records: list[Record],
) -> None:
    for record in records:
        name = "external_id" if record.values("external_id") else "email"
        wanted = [Known(name, value) for value in record.values(name)]
        assert known_by(record, ["external_id", "email"]) == wanted


@given(_RECORDS)
def test_grouping_by_identifier_loses_nobody_and_names_nobody_twice(records: list[Record]) -> None:
    names = ["email", "external_id"]
    groups = by_name(records, names)
    grouped = [Known(name, value) for name, values in groups.items() for value in values]
    assert set(grouped) == {person for record in records for person in known_by(record, names)}
    assert len(grouped) == len(set(grouped))


def test_what_a_record_has_is_told_by_the_platforms_own_names() -> None:
    forms = {"email": Form(called="E"), "phone": Form(called="P"), "city": Form(called="C", alone=False)}
    record = Record("add", "1", {"city": ["Ulm", "Bonn"], "phone": ["1", "2"], "email": None, "other": "x"})
    assert called_of(record, forms) == ([("P", "1"), ("P", "2")], {"C": "Ulm"})


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=7))
def test_pieces_are_the_whole_in_order_and_none_is_larger_than_asked(items: list[int], size: int) -> None:
    parts = list(pieces(items, size))
    assert [item for part in parts for item in part] == items
    assert all(0 < len(part) <= size for part in parts)
    assert all(len(part) == size for part in parts[:-1])


@given(
    st.lists(st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=2)),
    st.sets(st.integers(min_value=0, max_value=20)),
)
def test_a_record_is_refused_where_none_of_its_items_was_taken(
    owners: list[list[int]], bad: set[int]
) -> None:
    failed = {number: Refusal(0, f"reason {number}") for number in bad if number < len(owners)}
    found = refusals(owners, failed)
    places = {place for own in owners for place in own}
    wanted = {
        place
        for place in places
        if all(number in failed for number, own in enumerate(owners) if place in own)
    }
    assert [refusal.index for refusal in found] == sorted(wanted)
    assert {refusal.reason for refusal in found} <= {each.reason for each in failed.values()}


def test_who_is_to_be_removed_is_refused_where_one_of_their_items_was_not_taken() -> None:
    owners, failed = [[0], [0], [1], [2]], {1: Refusal(1, "busy")}
    assert refusals(owners, failed) == []
    assert refusals(owners, failed, removing=True) == [Refusal(0, "busy")]


@pytest.mark.parametrize("forgotten", [0, 1])
def test_who_was_forgotten_by_one_value_is_so_for_good_and_is_out_only_by_all(forgotten: int) -> None:
    failed = {place: Refusal(place, "no", for_good=place == forgotten) for place in (0, 1)}
    assert [each.for_good for each in refusals([[0], [0]], failed)] == [True]
    assert [each.for_good for each in refusals([[0], [0]], failed, removing=True)] == [False]


def test_what_records_have_goes_in_calls_of_a_size_and_what_they_share_goes_once() -> None:
    calls: list[list[str]] = []

    def call(sent: Sequence[str]) -> list[Refusal]:
        calls.append(list(sent))
        return [Refusal(place, "bad", for_good=True) for place, each in enumerate(sent) if each == "b"]

    found = in_calls(emails(["a", "b"], "b", None, ["b", "c", "d"]), by_email, 3, call)
    assert calls == [["a", "b", "c"], ["d"]]
    assert found == [Refusal(1, "bad", for_good=True), Refusal(2, "nothing to match on")]
    removed = in_calls(emails(["a", "b"], "b", action="remove"), by_email, 3, call)
    assert [each.index for each in removed] == [0, 1]


def test_whom_a_refused_call_names_by_items_is_named_by_records() -> None:
    def call(sent: Sequence[str]) -> list[Refusal]:
        error = RefusedError("no")
        error.named = {1: "bad", 9: "nobody"} if "d" in sent else {}
        if error.named:
            raise error
        return []

    with pytest.raises(RefusedError) as caught:
        in_calls(emails(["a", "b"], "c", "d", "d"), by_email, 2, call)
    assert caught.value.named == {2: "bad", 3: "bad"}


@pytest.mark.parametrize("stand_in", [BrazeStandIn, IterableStandIn, MicrosoftAdvertisingStandIn])
def test_whoever_is_held_by_a_value_that_was_not_removed_is_removed_by_the_next_sync(
    stand_in: type[StandIn],
) -> None:
    *values, other = ["a@example.com", "b@example.com", "c@example.com"]
    if stand_in is MicrosoftAdvertisingStandIn:
        *values, other = [sha256(value.encode()).hexdigest() for value in (*values, other)]
    with trying(stand_in) as tried:
        tried.add(values)
        assert len(tried.held()) == 2
        tried.at.refuses = {values[1]}
        assert [refusal.index for refusal in tried.remove(values, other).refusals] == [0]
        assert len(tried.held()) == 1
        tried.at.refuses = set()
        assert tried.remove(values).refusals == []
        assert tried.held() == set()
