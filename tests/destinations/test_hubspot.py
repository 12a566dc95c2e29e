"""What is HubSpot's own: contacts come before lists."""

from __future__ import annotations

from tests.destinations.opened import AUDIENCE, opened, record, send
from tests.destinations.standins.hubspot import HubSpotStandIn


def test_people_who_are_no_contacts_are_made_contacts_and_stay_so() -> None:
    with HubSpotStandIn().running() as hubspot:
        assert isinstance(hubspot, HubSpotStandIn)
        destination = opened(hubspot)
        own = destination.ensure(AUDIENCE, None)
        send(destination, own, record("add", "1", email="a@example.com"))
        send(destination, own, record("remove", "1", email="a@example.com"))
        assert list(hubspot.contacts) == ["a@example.com"]
        assert hubspot.held(own) == set()


def test_without_create_contacts_people_who_are_none_are_refused_by_name_of_the_reason() -> None:
    with HubSpotStandIn().running() as hubspot:
        assert isinstance(hubspot, HubSpotStandIn)
        hubspot.contacts["known@example.com"] = "1"
        destination = opened(hubspot, create_contacts=False)
        own = destination.ensure(AUDIENCE, None)
        people = [record("add", each, email=f"{each}@example.com") for each in ("new", "known")]
        result = send(destination, own, *people)
        assert [(each.index, each.reason) for each in result.refusals] == [
            (0, "no contact has this e-mail address")
        ]
        assert hubspot.held(own) == {frozenset({("email", "known@example.com")})}


def test_a_person_is_one_contact_by_the_first_address() -> None:
    with HubSpotStandIn().running() as hubspot:
        destination = opened(hubspot)
        own = destination.ensure(AUDIENCE, None)
        send(destination, own, record("add", "1", email=["a@example.com", "b@example.com"]))
        assert hubspot.held(own) == {frozenset({("email", "a@example.com")})}


def test_a_removal_of_people_who_are_no_contacts_changes_no_list() -> None:
    with HubSpotStandIn().running() as hubspot:
        destination = opened(hubspot)
        own = destination.ensure(AUDIENCE, None)
        send(destination, own, record("remove", "1", email="a@example.com"))
        assert not any(hubspot.is_write(call) for call in hubspot.calls)


def test_a_contact_that_cannot_be_made_is_found_and_the_others_arrive() -> None:
    """HTTP 207, which says that some were made and not in a way to rely on which were not."""
    with HubSpotStandIn().running() as hubspot:
        assert isinstance(hubspot, HubSpotStandIn)
        destination = opened(hubspot)
        own = destination.ensure(AUDIENCE, None)
        hubspot.leaves_out = {"b@example.com"}
        result = send(destination, own, *(record("add", each, email=f"{each}@example.com") for each in "abc"))
        assert [each.index for each in result.refusals] == [1]
        assert len(hubspot.held(own)) == 2
