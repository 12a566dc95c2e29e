"""Members by one identifier out of several."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.destinations import Record, Refusal
from dbt_muster.destinations.people import by_name, known_by, pieces, refusals
from tests.destinations.standins.base import StandIn
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.standins.iterable import IterableStandIn
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.trying import trying

_VALUES = st.one_of(st.none(), st.text(min_size=1), st.lists(st.text(min_size=1), max_size=3))
_RECORDS = st.lists(
    st.fixed_dictionaries({"email": _VALUES, "external_id": _VALUES}).map(lambda own: Record("add", "k", own))
)


@given(_RECORDS)
def test_each_record_is_known_by_all_values_of_the_first_identifier_that_it_has(
    records: list[Record],
) -> None:
    people = list(known_by(records, ["external_id", "email"]))
    for place, record in enumerate(records):
        wanted = record.values("external_id") or record.values("email")
        assert [person.value for person in people if person.place == place] == wanted
        assert {person.name for person in people if person.place == place} <= {
            "external_id" if record.values("external_id") else "email"
        }


@given(_RECORDS)
def test_grouping_by_identifier_loses_nobody(records: list[Record]) -> None:
    people = list(known_by(records, ["email", "external_id"]))
    groups = by_name(people)
    assert sorted(person for group in groups.values() for person in group) == sorted(people)
    assert all(person.name == name for name, group in groups.items() for person in group)


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=7))
def test_pieces_are_the_whole_in_order_and_none_is_larger_than_asked(items: list[int], size: int) -> None:
    parts = list(pieces(items, size))
    assert [item for part in parts for item in part] == items
    assert all(0 < len(part) <= size for part in parts)
    assert all(len(part) == size for part in parts[:-1])


@given(st.lists(st.integers(min_value=0, max_value=4)), st.sets(st.integers(min_value=0, max_value=20)))
def test_a_record_is_refused_where_none_of_its_values_was_taken(places: list[int], bad: set[int]) -> None:
    failed = {number: f"reason {number}" for number in bad if number < len(places)}
    found = refusals(places, failed)
    wanted = {
        place
        for place in places
        if all(number in failed for number, own in enumerate(places) if own == place)
    }
    assert [refusal.index for refusal in found] == sorted(wanted)
    assert {refusal.reason for refusal in found} <= set(failed.values())


def test_who_is_to_be_removed_is_refused_where_one_of_their_values_was_not_taken() -> None:
    places, failed = [0, 0, 1, 2], {1: "busy"}
    assert refusals(places, failed) == []
    assert refusals(places, failed, removing=True) == [Refusal(0, "busy")]


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
