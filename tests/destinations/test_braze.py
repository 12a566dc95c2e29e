"""What Braze has of its own: where it is, when it is asked again, and profiles that are not made."""

from __future__ import annotations

import time

import httpx
import pytest

from dbt_muster.destinations.types.braze import Braze, rest_endpoint
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.trying import trying


@pytest.mark.parametrize(
    ("instance", "address"),
    [
        ("US-01", "https://rest.iad-01.braze.com"),
        ("US-08", "https://rest.iad-08.braze.com"),
        ("US-10", "https://rest.us-10.braze.com"),
        ("EU-02", "https://rest.fra-02.braze.eu"),
        ("AU-01", "https://rest.au-01.braze.com"),
    ],
)
def test_an_instance_has_the_address_that_braze_publishes(instance: str, address: str) -> None:
    assert rest_endpoint(instance) == address


def test_too_many_calls_are_waited_for_until_the_window_ends() -> None:
    with trying(BrazeStandIn) as tried:
        assert isinstance(tried.destination, Braze)
        headers = {"x-ratelimit-reset": str(int(time.time()) + 40)}
        meaning = tried.destination.meaning(httpx.Response(429, headers=headers))
    assert meaning.kind == "later"
    assert meaning.wait is not None
    assert 30 < meaning.wait <= 40


def test_who_leaves_gets_false_and_nobody_gets_a_profile_by_leaving() -> None:
    with trying(BrazeStandIn) as tried:
        tried.send("add", [{"external_id": "a"}])
        tried.send("remove", [{"external_id": "a"}, {"external_id": "never seen"}])
        assert tried.at.profiles == {("external_id", "a"): {tried.remote: False}}


def test_people_whom_braze_does_not_know_stay_out_where_that_is_asked() -> None:
    with trying(BrazeStandIn, only_existing=True) as tried:
        tried.send("add", [{"external_id": "new"}])
        assert tried.at.profiles == {}


def test_several_addresses_of_a_person_are_several_profiles_in_calls_of_75() -> None:
    people = [{"email": [f"{number}@example.com", f"{number}@example.org"]} for number in range(75)]
    with trying(BrazeStandIn) as tried:
        tried.at.refuses = {"3@example.com", "9@example.com", "9@example.org"}
        result, _ = tried.send("add", people)
        assert [len(body["attributes"]) for body in tried.bodies("/users/track")] == [75, 75]
        assert [refusal.index for refusal in result.refusals] == [9]
        assert len(tried.held()) == 147
