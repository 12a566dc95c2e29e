"""What Customer.io, OneSignal and Airship have of their own."""

from __future__ import annotations

import pytest

from dbt_muster.destinations import RefusedError
from dbt_muster.destinations.types.airship import Airship, AirshipSettings
from tests.destinations.standins.airship import AirshipStandIn
from tests.destinations.standins.customer_io import CustomerIoStandIn
from tests.destinations.standins.onesignal import OneSignalStandIn
from tests.destinations.trying import AUDIENCE, trying


def test_customer_io_gets_ids_of_one_type_a_call() -> None:
    with trying(CustomerIoStandIn) as tried:
        tried.send("add", [{"external_id": "u1", "email": "a@example.com"}, {"email": "b@example.com"}])
        calls = [call for call in tried.at.calls if call.path.endswith("/add_customers")]
        assert [(call.query["id_type"], call.json["ids"]) for call in calls] == [
            ("id", ["u1"]),
            ("email", ["b@example.com"]),
        ]


def test_customer_io_keeps_the_segments_name_clean_and_says_how_many_it_found() -> None:
    with trying(CustomerIoStandIn) as tried:
        segment = tried.at.segments[int(tried.remote)]
        assert (segment["name"], segment["description"]) == (
            AUDIENCE.name,
            "Who buys most. [muster-0123456789ab]",
        )
        tried.send("add", [{"external_id": "u1"}])
        assert tried.destination.matched(tried.remote) == 1


def test_a_user_of_onesignal_may_have_any_characters_in_its_id() -> None:
    with trying(OneSignalStandIn) as tried:
        tried.send("add", [{"external_id": "a/b?c#d é%20"}])
        assert tried.held() == {frozenset([("external_id", "a/b?c#d é%20")])}


def test_users_whom_onesignal_does_not_know_are_refused_and_leave_without_a_word() -> None:
    people = [{"external_id": "a"}, {"external_id": "b"}]
    with trying(OneSignalStandIn) as tried:
        tried.at.refuses = {"b"}
        result, _ = tried.send("add", people)
        assert [refusal.index for refusal in result.refusals] == [1]
        assert tried.send("remove", people)[0].refusals == []


def test_a_segment_of_onesignal_that_was_deleted_is_made_anew_and_loses_nobody() -> None:
    with trying(OneSignalStandIn) as tried:
        tried.send("add", [{"external_id": "a"}])
        tried.at.lose(tried.remote)
        assert tried.at.audience_ids() == []
        assert tried.destination.ensure(AUDIENCE, tried.remote) == tried.remote
        assert tried.at.audience_ids() == [tried.remote]
        assert tried.held() == {frozenset([("external_id", "a")])}


def test_a_segment_of_onesignal_is_found_on_a_later_page() -> None:
    with trying(OneSignalStandIn) as tried:
        own = tried.at.segments.popitem()
        others = {f"s{number}": {"name": "x", "filters": [{"key": "x"}]} for number in range(300)}
        tried.at.segments = {**others, own[0]: own[1]}
        assert tried.destination.ensure(AUDIENCE, None) == tried.remote
        assert len(tried.at.segments) == 301


def test_airship_says_that_the_tag_group_is_not_there() -> None:
    with trying(AirshipStandIn) as tried:
        tried.at.groups = set()
        with pytest.raises(RefusedError, match="Tag group does not exist"):
            tried.send("add", [{"external_id": "a"}, {"external_id": "b"}])


def test_whom_airship_passes_over_with_a_warning_is_searched_for() -> None:
    people = [{"external_id": f"u{number}"} for number in range(9)]
    with trying(AirshipStandIn) as tried:
        tried.at.refuses = {"u7"}
        result, _ = tried.send("add", people)
        assert [refusal.index for refusal in result.refusals] == [7]
        assert "warning" in result.refusals[0].reason
        assert len(tried.held()) == 8


def test_airship_takes_a_token_instead_of_the_master_secret_and_needs_one_of_them() -> None:
    with trying(AirshipStandIn) as tried:
        settings = {"app": "app-1", "tag_group": "segments", "token": "t0ken"}
        other = Airship("push", AirshipSettings.model_validate(settings), root=tried.destination.root)
        assert other.login().headers()["authorization"] == "Bearer t0ken"
    for wrong in ({}, {"token": "t", "master_secret": "m"}):
        with pytest.raises(ValueError, match="either master_secret or token"):
            AirshipSettings.model_validate({"app": "a", "tag_group": "g", **wrong})
