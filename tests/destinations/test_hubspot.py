"""What is HubSpot's own: contacts come before lists."""

from __future__ import annotations

from tests.destinations.standins.hubspot import HubSpotStandIn
from tests.destinations.trying import trying

ADA, BO, CEM = (f"{name}@example.com" for name in ("ada", "bo", "cem"))


def test_people_who_are_no_contacts_are_made_contacts_and_stay_so() -> None:
    with trying(HubSpotStandIn) as tried:
        tried.add(ADA)
        tried.remove(ADA)
        assert list(tried.at.contacts) == [ADA]
        assert tried.held() == set()


def test_without_create_contacts_people_who_are_none_are_refused_with_the_reason() -> None:
    with trying(HubSpotStandIn, create_contacts=False) as tried:
        tried.at.contacts[BO] = "1"
        result = tried.add(ADA, BO)
        reasons = [(each.index, each.reason) for each in result.refusals]
        assert reasons == [(0, "no contact has this e-mail address")]
        assert tried.held() == {frozenset({("email", BO)})}


def test_a_person_is_one_contact_by_the_first_address() -> None:
    with trying(HubSpotStandIn) as tried:
        tried.add([ADA, BO])
        assert tried.held() == {frozenset({("email", ADA)})}


def test_a_removal_of_people_who_are_no_contacts_changes_no_list() -> None:
    with trying(HubSpotStandIn) as tried:
        tried.remove(ADA)
        assert not any(tried.at.is_write(call) for call in tried.at.calls)


def test_a_contact_that_cannot_be_made_is_found_and_the_others_arrive() -> None:
    """HTTP 207 says that some were made, and not in a way to rely on which were not."""
    with trying(HubSpotStandIn) as tried:
        tried.at.leaves_out = {BO}
        result = tried.add(ADA, BO, CEM)
        assert [each.index for each in result.refusals] == [1]
        assert len(tried.held()) == 2
