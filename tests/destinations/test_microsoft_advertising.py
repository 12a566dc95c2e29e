"""What is Microsoft Advertising's own: replacing, errors beside HTTP 200, terms, and parts of a thousand."""

from __future__ import annotations

import hashlib

import pytest

from dbt_muster.destinations import RefusedError, StoppedError
from tests.destinations.standins.base import Answer
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.trying import AUDIENCE, Tried, opened, trying


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


A, B, C, D = map(hashed, "abcd")


def holds(tried: Tried[MicrosoftAdvertisingStandIn]) -> set[str]:
    return {value for _, value in tried.at.members[tried.remote]}


def test_a_run_that_replaces_holds_its_own_members_alone() -> None:
    with trying(MicrosoftAdvertisingStandIn, mode="full") as tried:
        tried.replace([A, B], [C])
        assert holds(tried) == {A, B, C}
        tried.replace([B], [D])
        assert holds(tried) == {B, D}


def test_a_run_that_replaces_by_nobody_leaves_nobody() -> None:
    with trying(MicrosoftAdvertisingStandIn, mode="full") as tried:
        tried.replace([A])
        tried.replace()
        assert holds(tried) == set()


def test_people_with_several_addresses_go_in_parts_of_a_thousand() -> None:
    with trying(MicrosoftAdvertisingStandIn) as tried:
        tried.at.refuses = {hashed("599a"), hashed("599b"), hashed("7a")}
        result = tried.add(*([hashed(f"{number}{side}") for side in "ab"] for number in range(600)))
        assert [each.index for each in result.refusals] == [599]
        assert len(holds(tried)) == 1_197


def test_terms_that_nobody_accepted_stop_the_run_and_say_what_to_do() -> None:
    with trying(MicrosoftAdvertisingStandIn) as tried:
        tried.at.terms_accepted = False
        with pytest.raises(StoppedError, match="accept_customer_match_terms: true"):
            tried.add(A)


def test_terms_are_accepted_where_the_settings_say_so() -> None:
    with trying(MicrosoftAdvertisingStandIn, accept_customer_match_terms=True) as tried:
        tried.at.terms_accepted = False
        tried.add(A)
        assert holds(tried) == {A}


def test_a_code_says_more_than_the_status() -> None:
    left = [{"OperationErrors": [{"Code": "117", "ErrorCode": "CallRateExceeded", "Message": "wait"}]}]
    with trying(MicrosoftAdvertisingStandIn) as tried:
        tried.at.faults = [lambda *_: Answer(400, left.pop()) if left else None]
        tried.add(A)
        assert holds(tried) == {A}


def test_an_error_about_no_item_is_about_all() -> None:
    errors = {"PartialErrors": [{"Index": -1, "Code": 1, "ErrorCode": "Odd", "Message": "no"}]}
    with trying(MicrosoftAdvertisingStandIn) as tried:
        tried.at.faults = [lambda *_: Answer(200, errors)]
        with pytest.raises(RefusedError, match="Odd"):
            tried.add(A, B)


def test_a_list_that_was_not_made_says_why() -> None:
    errors = [{"Index": 0, "Code": 4806, "ErrorCode": "NameIsNotGood", "Message": "no"}]
    refusal = Answer(200, {"AudienceIds": [None], "PartialErrors": errors})
    with MicrosoftAdvertisingStandIn().running() as at:
        at.faults = [lambda _, call: refusal if at.is_creation(call) else None]
        with pytest.raises(RefusedError, match="NameIsNotGood"):
            opened(at).ensure(AUDIENCE, None)


def test_a_list_that_may_not_be_deleted_says_why() -> None:
    errors = [{"Index": 0, "Code": 4851, "ErrorCode": "IsInUse", "Message": "no"}]
    with trying(MicrosoftAdvertisingStandIn) as tried:
        tried.at.faults = [
            lambda _, call: Answer(200, {"PartialErrors": errors}) if call.method == "DELETE" else None
        ]
        with pytest.raises(RefusedError, match="IsInUse"):
            tried.destination.delete(tried.remote)
