"""What is Mailchimp's own: what people agreed to stays as it is, and overload looks like a missing right."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dbt_muster.destinations import StoppedError
from dbt_muster.destinations.types.mailchimp import MailchimpSettings
from tests.destinations.standins.base import Answer
from tests.destinations.standins.mailchimp import MailchimpStandIn
from tests.destinations.trying import opened, trying

GONE, NEW = "gone@example.com", "new@example.com"


@pytest.mark.parametrize("status_if_new", ["transactional", "subscribed"])
def test_who_unsubscribed_stays_so_and_only_the_new_get_a_status(status_if_new: str) -> None:
    with trying(MailchimpStandIn, status_if_new=status_if_new) as tried:
        tried.at.statuses[GONE] = "unsubscribed"
        assert tried.add(GONE, NEW).refusals == []
        assert tried.at.statuses == {GONE: "unsubscribed", NEW: status_if_new}
        assert len(tried.held()) == 2


def test_who_leaves_the_segment_stays_in_the_list() -> None:
    with trying(MailchimpStandIn) as tried:
        tried.add(NEW)
        tried.remove(NEW)
        assert tried.held() == set()
        assert tried.at.statuses == {NEW: "transactional"}


def test_a_403_with_words_is_a_key_that_may_not_do_this() -> None:
    forbidden = Answer(403, {"title": "Forbidden"}, {"content-type": "application/problem+json"})
    with trying(MailchimpStandIn) as tried:
        before = len(tried.at.calls)
        tried.at.faults = [lambda *_: forbidden]
        with pytest.raises(StoppedError, match="may not do this"):
            tried.add(NEW)
        assert len(tried.at.calls) == before + 1


@pytest.mark.parametrize("centre", ["", "us21.example.com/?", "us21@evil.example", "US21"])
def test_a_data_centre_is_a_name_and_nothing_else(centre: str) -> None:
    with pytest.raises(ValidationError, match="data_centre"):
        MailchimpSettings.model_validate({"list": "a1", "data_centre": centre, "api_key": "k"})


def test_the_address_is_that_of_the_data_centre() -> None:
    assert opened(MailchimpStandIn(), url=None).url == "https://us21.api.mailchimp.com/3.0"
