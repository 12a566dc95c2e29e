"""What is LinkedIn's own: a segment that is not ready at once, and profiles beside the ids."""

from __future__ import annotations

import hashlib

import pytest

from dbt_muster.destinations import StoppedError
from tests.destinations.opened import AUDIENCE, opened, record, send
from tests.destinations.standins.linkedin import LinkedInStandIn

HASH = hashlib.sha256(b"a@example.com").hexdigest()
PHONE_ID = "aebe52e7-03ee-455a-b3c4-e57283966239"


def test_a_new_segment_is_waited_for_until_it_takes_users() -> None:
    with LinkedInStandIn().running() as linkedin:
        assert isinstance(linkedin, LinkedInStandIn)
        linkedin.not_ready = 2
        destination = opened(linkedin)
        own = destination.ensure(AUDIENCE, None)
        assert send(destination, own, record("add", "1", email=HASH)).refusals == []
        assert linkedin.held(own) == {frozenset({("email", HASH)})}


def test_a_segment_that_never_takes_users_is_given_up_with_words() -> None:
    with LinkedInStandIn().running() as linkedin:
        assert isinstance(linkedin, LinkedInStandIn)
        linkedin.not_ready = 99
        destination = opened(linkedin)
        own = destination.ensure(AUDIENCE, None)
        with pytest.raises(StoppedError, match="not ready for users yet"):
            send(destination, own, record("add", "1", email=HASH))


def test_a_user_brings_all_ids_and_what_else_is_known() -> None:
    with LinkedInStandIn().running() as linkedin:
        destination = opened(linkedin, version="202609")
        own = destination.ensure(AUDIENCE, None)
        emails = [HASH, HASH[::-1]]
        send(
            destination, own, record("add", "1", email=emails, aaid=PHONE_ID, first_name="Ada", country="GB")
        )
        assert linkedin.violations == []
        assert len(linkedin.held(own)) == 3
        assert linkedin.calls[-1].headers["linkedin-version"] == "202609"
        assert linkedin.calls[-1].json["elements"][0]["firstName"] == "Ada"


def test_a_segment_is_found_by_its_id_at_the_source_whatever_it_is_called() -> None:
    with LinkedInStandIn().running() as linkedin:
        assert isinstance(linkedin, LinkedInStandIn)
        own = opened(linkedin).ensure(AUDIENCE, None)
        linkedin.segments[own]["name"] = "Renamed by hand"
        assert opened(linkedin).ensure(AUDIENCE, None) == own
