"""What is Mailchimp's own: what people agreed to stays as it is, and overload looks like a missing right."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dbt_muster.destinations import StoppedError
from dbt_muster.destinations.mailchimp import MailchimpSettings
from tests.destinations.opened import AUDIENCE, opened, record, send
from tests.destinations.standins.base import Answer
from tests.destinations.standins.mailchimp import MailchimpStandIn


@pytest.mark.parametrize("status_if_new", ["transactional", "subscribed"])
def test_who_unsubscribed_stays_so_and_only_the_new_get_a_status(status_if_new: str) -> None:
    with MailchimpStandIn().running() as mailchimp:
        assert isinstance(mailchimp, MailchimpStandIn)
        mailchimp.statuses["gone@example.com"] = "unsubscribed"
        destination = opened(mailchimp, status_if_new=status_if_new)
        own = destination.ensure(AUDIENCE, None)
        people = [record("add", each, email=f"{each}@example.com") for each in ("gone", "new")]
        assert send(destination, own, *people).refusals == []
        expected = {"gone@example.com": "unsubscribed", "new@example.com": status_if_new}
        assert mailchimp.statuses == expected
        assert len(mailchimp.held(own)) == 2


def test_who_leaves_the_segment_stays_in_the_list() -> None:
    with MailchimpStandIn().running() as mailchimp:
        assert isinstance(mailchimp, MailchimpStandIn)
        destination = opened(mailchimp)
        own = destination.ensure(AUDIENCE, None)
        send(destination, own, record("add", "1", email="a@example.com"))
        send(destination, own, record("remove", "1", email="a@example.com"))
        assert mailchimp.held(own) == set()
        assert mailchimp.statuses == {"a@example.com": "transactional"}


def test_a_403_with_words_is_a_key_that_may_not_do_this() -> None:
    forbidden = Answer(
        403, {"title": "Forbidden", "status": 403}, {"content-type": "application/problem+json"}
    )
    with MailchimpStandIn().running() as mailchimp:
        destination = opened(mailchimp)
        mailchimp.faults = [lambda *_: forbidden]
        with pytest.raises(StoppedError, match="may not do this"):
            destination.ensure(AUDIENCE, None)
        assert len(mailchimp.calls) == 1


@pytest.mark.parametrize("centre", ["", "us21.example.com/?", "us21@evil.example", "US21"])
def test_a_data_centre_is_a_name_and_nothing_else(centre: str) -> None:
    with pytest.raises(ValidationError, match="data_centre"):
        MailchimpSettings.model_validate({"list": "a1", "data_centre": centre, "api_key": "k"})


def test_the_address_is_that_of_the_data_centre() -> None:
    destination = opened(MailchimpStandIn(), url=None)
    assert getattr(destination, "url", "") == "https://us21.api.mailchimp.com/3.0"
