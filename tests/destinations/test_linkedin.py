"""What is LinkedIn's own: a segment that is not ready at once, and profiles beside the ids."""

from __future__ import annotations

import hashlib

import pytest

from dbt_muster.destinations import StoppedError
from tests.destinations.standins.linkedin import LinkedInStandIn
from tests.destinations.trying import AUDIENCE, trying

HASH = hashlib.sha256(b"a@example.com").hexdigest()
PHONE_ID = "aebe52e7-03ee-455a-b3c4-e57283966239"


def test_a_new_segment_is_waited_for_until_it_takes_users() -> None:
    with trying(LinkedInStandIn) as tried:
        tried.at.not_ready = 2
        assert tried.add(HASH).refusals == []
        assert tried.held() == {frozenset({("email", HASH)})}


def test_a_segment_that_never_takes_users_is_given_up_with_words() -> None:
    with trying(LinkedInStandIn) as tried:
        tried.at.not_ready = 99
        with pytest.raises(StoppedError, match="not ready for users yet"):
            tried.add(HASH)


def test_a_user_brings_all_ids_and_what_else_is_known() -> None:
    person = {"email": [HASH, HASH[::-1]], "aaid": PHONE_ID, "first_name": "Ada", "country": "GB"}
    with trying(LinkedInStandIn, version="202609") as tried:
        tried.send("add", [person])
        assert len(tried.held()) == 3
        assert tried.at.calls[-1].headers["linkedin-version"] == "202609"
        [user] = tried.bodies("/users")[0]["elements"]
        assert (user["firstName"], user["country"]) == ("Ada", "GB")


def test_a_user_without_an_id_is_sent_by_name() -> None:
    with trying(LinkedInStandIn) as tried:
        tried.send("add", [{"email": None, "first_name": "Ada", "last_name": "King", "company": "Engines"}])
        [user] = tried.bodies("/users")[0]["elements"]
        assert user == {"action": "ADD", "firstName": "Ada", "lastName": "King", "company": "Engines"}


def test_a_segment_is_found_by_its_id_at_the_source_whatever_it_is_called() -> None:
    with trying(LinkedInStandIn) as tried:
        tried.at.segments[tried.remote]["name"] = "Renamed by hand"
        assert tried.destination.ensure(AUDIENCE, None) == tried.remote
