"""What is Snapchat's own: a call for each kind of identifier, access tokens, parts that fail, lookalikes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dbt_muster.destinations import StoppedError
from dbt_muster.destinations.types.snapchat import Snapchat
from tests.destinations.standins.snapchat import SnapchatStandIn
from tests.destinations.trying import AUDIENCE, adding, opened, removing, run_of, send, standing_in

_REVOKED = {"refresh_token": "revoked"}
ANN, BOB, TEL, AAID = (hashlib.sha256(name.encode()).hexdigest() for name in ("ann", "bob", "tel", "aaid"))


@pytest.fixture
def snapchat() -> Iterator[SnapchatStandIn]:
    with standing_in(SnapchatStandIn) as stand_in:
        yield stand_in


def _opened(stand_in: SnapchatStandIn, **more: Any) -> Snapchat:
    settings = {"token_url": f"{stand_in.url}/login/oauth2/access_token", **more}
    found = opened(stand_in, **settings)
    assert isinstance(found, Snapchat)
    return found


def test_each_kind_of_identifier_is_a_call_of_its_own(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat)
    run = run_of(destination, destination.ensure(AUDIENCE, None))
    people: dict[str, str | list[str] | None] = {
        "email": [ANN, BOB],
        "phone": TEL,
        "mobile_advertising_id": AAID,
    }
    send(destination, run, [adding(**people), adding(email=BOB, phone=None)])
    schemas = [call.json["users"][0]["schema"] for call in snapchat.calls if snapchat.is_write(call)]
    assert schemas == [["EMAIL_SHA256"], ["PHONE_SHA256"], ["MOBILE_AD_ID_SHA256"]]
    assert snapchat.identifiers[run.remote or ""] == {
        ("email", ANN),
        ("email", BOB),
        ("phone", TEL),
        ("mobile_advertising_id", AAID),
    }
    send(destination, run, [removing(**people)])
    assert snapchat.held(run.remote or "") == set()


def test_an_access_token_is_bought_once_and_again_when_it_is_not_accepted(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat)
    run = run_of(destination, destination.ensure(AUDIENCE, None))
    assert len(snapchat.tokens) == 1
    snapchat.tokens.append("snap-canary-newer")
    send(destination, run, [adding(email=ANN)])
    assert len(snapchat.tokens) == 3
    assert snapchat.held(run.remote or "") == {frozenset({("email", ANN)})}


def test_a_refresh_token_that_was_revoked_stops_with_what_to_do(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat, **_REVOKED)
    with pytest.raises(StoppedError, match="log in again"):
        destination.ensure(AUDIENCE, None)


def test_a_segment_on_a_later_page_is_found_and_not_made_again(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat)
    for number in range(4):
        destination.ensure(replace(AUDIENCE, marker=f"muster-{number:012d}"), None)
    made = destination.ensure(AUDIENCE, None)
    assert destination.ensure(AUDIENCE, None) == made
    assert len(snapchat.audience_ids()) == 5


def test_a_segment_is_renamed_and_keeps_everything_else(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat, retention_days=400)
    remote = destination.ensure(AUDIENCE, None)
    destination.ensure(replace(AUDIENCE, name="Best customers"), remote)
    shown = snapchat.segments[remote]
    assert (shown["name"], shown["retention_in_days"]) == ("Best customers", 400)
    assert shown["description"] == "Who buys most. [muster-0123456789ab]"


def test_a_segment_is_deleted_and_one_that_is_not_there_is_nothing(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat)
    remote = destination.ensure(AUDIENCE, None)
    destination.delete(remote)
    destination.delete(remote)
    assert snapchat.segments == {}


def test_lookalikes_are_made_once_for_each_that_is_asked_for(snapchat: SnapchatStandIn) -> None:
    destination = _opened(snapchat)
    remote = destination.ensure(AUDIENCE, None)
    options = Snapchat.options_model.model_validate(
        {
            "lookalike": [
                {"countries": ["GB"]},
                {"countries": ["GB", "IE"], "type": "reach", "retention_days": 30},
            ]
        }
    )
    for _ in range(2):
        names = destination.make_lookalikes(remote, AUDIENCE, options)
        assert names == [f"{AUDIENCE.name}, lookalike balance GB", f"{AUDIENCE.name}, lookalike reach GB IE"]
    made = [each for each in snapchat.segments.values() if each["source_type"] == "LOOKALIKE"]
    assert [(each["creation_spec"], each["retention_in_days"]) for each in made] == [
        ({"seed_segment_id": remote, "countries": ["GB"], "type": "BALANCE"}, 180),
        ({"seed_segment_id": remote, "countries": ["GB", "IE"], "type": "REACH"}, 30),
    ]


def test_a_lookalike_waits_until_enough_people_were_found(snapchat: SnapchatStandIn) -> None:
    snapchat.size = 99
    destination = _opened(snapchat)
    remote = destination.ensure(AUDIENCE, None)
    options = Snapchat.options_model.model_validate({"lookalike": {"countries": ["GB"]}})
    names = [f"{AUDIENCE.name}, lookalike balance GB"]
    assert destination.make_lookalikes(remote, AUDIENCE, options) == []
    snapchat.segments[remote]["approximate_number_users"] = 100
    assert destination.make_lookalikes(remote, AUDIENCE, options) == names
    snapchat.segments[remote]["approximate_number_users"] = 50
    assert destination.make_lookalikes(remote, AUDIENCE, options) == names
    assert len(snapchat.segments) == 2


def test_a_part_that_failed_under_http_200_is_a_refusal_in_snapchats_words(snapchat: SnapchatStandIn) -> None:
    body = {
        "request_status": "SUCCESS",
        "users": [{"sub_request_status": "ERROR", "sub_request_error_reason": "Invalid schema"}],
    }
    request = httpx.Request("POST", "https://adsapi.snapchat.com/v1/segments/1/users")
    meaning = _opened(snapchat).meaning(httpx.Response(200, json=body, request=request))
    assert (meaning.kind, meaning.words) == ("refused", "says: Invalid schema (code ERROR)")
