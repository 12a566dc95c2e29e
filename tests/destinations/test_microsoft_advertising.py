"""What is Microsoft Advertising's own: replacing, errors beside HTTP 200, terms, and parts of a thousand."""

from __future__ import annotations

import hashlib

import pytest

from dbt_muster.destinations import RefusedError, StoppedError
from tests.destinations.opened import AUDIENCE, opened, record, replaced, send
from tests.destinations.standins.base import Answer
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def holds(stand_in: MicrosoftAdvertisingStandIn, own: str) -> set[str]:
    return {value for _, value in stand_in.members[own]}


def test_a_run_that_replaces_holds_its_own_members_alone() -> None:
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        assert isinstance(microsoft, MicrosoftAdvertisingStandIn)
        destination = opened(microsoft, mode="full")
        own = destination.ensure(AUDIENCE, None)
        replaced(destination, own, {"1": hashed("a"), "2": hashed("b")}, {"3": hashed("c")})
        replaced(destination, own, {"2": hashed("b")}, {"4": hashed("d")})
        assert holds(microsoft, own) == {hashed("b"), hashed("d")}


def test_a_run_that_replaces_by_nobody_leaves_nobody() -> None:
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        assert isinstance(microsoft, MicrosoftAdvertisingStandIn)
        destination = opened(microsoft, mode="full")
        own = destination.ensure(AUDIENCE, None)
        replaced(destination, own, {"1": hashed("a")})
        replaced(destination, own)
        assert holds(microsoft, own) == set()
        assert microsoft.violations == []


def test_people_with_several_addresses_go_in_parts_of_a_thousand() -> None:
    people = [
        record("add", str(number), email=[hashed(f"{number}{side}") for side in "ab"])
        for number in range(600)
    ]
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        assert isinstance(microsoft, MicrosoftAdvertisingStandIn)
        destination = opened(microsoft)
        own = destination.ensure(AUDIENCE, None)
        microsoft.refuses = {hashed("599a"), hashed("599b"), hashed("7a")}
        result = send(destination, own, *people)
        assert [each.index for each in result.refusals] == [599]
        assert len(holds(microsoft, own)) == 1_197
        assert microsoft.violations == []


def test_terms_that_nobody_accepted_stop_the_run_and_say_what_to_do() -> None:
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        assert isinstance(microsoft, MicrosoftAdvertisingStandIn)
        microsoft.terms_accepted = False
        destination = opened(microsoft)
        own = destination.ensure(AUDIENCE, None)
        with pytest.raises(StoppedError, match="accept_customer_match_terms: true"):
            send(destination, own, record("add", "1", email=hashed("a")))
        send(opened(microsoft, accept_customer_match_terms=True), own, record("add", "1", email=hashed("a")))
        assert holds(microsoft, own) == {hashed("a")}


def test_a_code_says_more_than_the_status() -> None:
    fault = {"OperationErrors": [{"Code": "117", "ErrorCode": "CallRateExceeded", "Message": "wait"}]}
    left = [fault]
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        assert isinstance(microsoft, MicrosoftAdvertisingStandIn)
        destination = opened(microsoft)
        own = destination.ensure(AUDIENCE, None)
        microsoft.faults = [lambda *_: Answer(400, left.pop()) if left else None]
        send(destination, own, record("add", "1", email=hashed("a")))
        assert holds(microsoft, own) == {hashed("a")}


def test_an_error_about_no_item_is_about_all() -> None:
    errors = {"PartialErrors": [{"Index": -1, "Code": 1, "ErrorCode": "Odd", "Message": "no"}]}
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        destination = opened(microsoft)
        own = destination.ensure(AUDIENCE, None)
        microsoft.faults = [lambda *_: Answer(200, errors)]
        with pytest.raises(RefusedError, match="Odd"):
            send(destination, own, *(record("add", each, email=hashed(each)) for each in "ab"))


def test_a_list_that_was_not_made_says_why() -> None:
    errors = [{"Index": 0, "Code": 4806, "ErrorCode": "NameIsNotGood", "Message": "no"}]
    refusal = Answer(200, {"AudienceIds": [None], "PartialErrors": errors})
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        microsoft.faults = [lambda _, call: refusal if microsoft.is_creation(call) else None]
        with pytest.raises(RefusedError, match="NameIsNotGood"):
            opened(microsoft).ensure(AUDIENCE, None)
