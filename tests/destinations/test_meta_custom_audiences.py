"""What is Meta's own: lookalikes, sessions that replace, rows for several values, usage headers, codes."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from dbt_muster.destinations import AudienceGoneError, Refusal, StoppedError
from dbt_muster.destinations.answers import Meaning
from dbt_muster.destinations.types.meta_custom_audiences import MetaCustomAudiences, MetaSettings
from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.faults import creations, first
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn
from tests.destinations.trying import AUDIENCE, adding, opened, removing, run_of, send, standing_in

OPTIONS = MetaCustomAudiences.options_model
_PROVING = {"app_secret": "hush"}
ANN, BOB, EVE = (hashlib.sha256(name.encode()).hexdigest() for name in ("ann", "bob", "eve"))


@pytest.fixture
def meta() -> Iterator[MetaCustomAudiencesStandIn]:
    with standing_in(MetaCustomAudiencesStandIn) as stand_in:
        yield stand_in


def test_a_person_with_several_addresses_is_a_row_for_each_and_leaves_with_all(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    destination = opened(meta)
    run = run_of(destination, destination.ensure(AUDIENCE, None))
    send(destination, run, [adding(email=[ANN, BOB], external_id="17")])
    assert meta.held(run.remote or "") == {
        frozenset({("email", ANN), ("external_id", "17")}),
        frozenset({("email", BOB), ("external_id", "17")}),
    }
    send(destination, run, [removing(email=[ANN, BOB], external_id="17")])
    assert meta.held(run.remote or "") == set()


def test_a_full_run_is_one_session_that_replaces_everybody_at_its_end(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    mirror, full = opened(meta), opened(meta, mode="full")
    remote = mirror.ensure(AUDIENCE, None)
    send(mirror, run_of(mirror, remote), [adding(email=EVE)])
    send(full, run_of(full, remote, batches=2), [adding(email=ANN)], [adding(email=BOB)])
    assert meta.held(remote) == {frozenset({("email", ANN)}), frozenset({("email", BOB)})}
    sessions = [call.json["session"] for call in meta.calls if call.path.endswith("/usersreplace")]
    assert len({session["session_id"] for session in sessions}) == 1
    assert [session["batch_seq"] for session in sessions] == [1, 2, 3]
    assert [session["last_batch_flag"] for session in sessions] == [False, False, True]


def test_a_full_run_of_nobody_empties_the_audience(meta: MetaCustomAudiencesStandIn) -> None:
    mirror, full = opened(meta), opened(meta, mode="full")
    remote = mirror.ensure(AUDIENCE, None)
    send(mirror, run_of(mirror, remote), [adding(email=EVE)])
    send(full, run_of(full, remote, batches=0))
    assert meta.held(remote) == set()


def test_each_batch_is_a_session_of_its_own_so_that_they_may_go_side_by_side(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    destination = opened(meta)
    send(
        destination,
        run_of(destination, destination.ensure(AUDIENCE, None)),
        [adding(email=ANN)],
        [adding(email=BOB)],
    )
    sessions = [call.json["session"] for call in meta.calls if call.path.endswith("/users")]
    assert len({session["session_id"] for session in sessions}) == 2
    assert all(session["last_batch_flag"] for session in sessions)


def test_lookalikes_are_made_once_for_each_share_that_is_asked_for(meta: MetaCustomAudiencesStandIn) -> None:
    destination = opened(meta)
    remote = destination.ensure(AUDIENCE, None)
    options = OPTIONS.model_validate(
        {
            "lookalike": [
                {"countries": ["GB"], "ratio": "1%"},
                {"countries": ["GB", "IE"], "ratio": "5%", "starting_ratio": "1%"},
            ]
        }
    )
    for _ in range(2):
        names = destination.make_lookalikes(remote, AUDIENCE, options)
        assert names == [f"{AUDIENCE.name}, lookalike 0-1% GB", f"{AUDIENCE.name}, lookalike 1-5% GB IE"]
    made = [each.fields for each in meta.audiences.values() if each.fields["subtype"] == "LOOKALIKE"]
    assert [json.loads(each["lookalike_spec"]) for each in made] == [
        {"ratio": 0.01, "location_spec": {"geo_locations": {"countries": ["GB"]}}},
        {
            "ratio": 0.05,
            "starting_ratio": 0.01,
            "location_spec": {"geo_locations": {"countries": ["GB", "IE"]}},
        },
    ]
    assert {each["origin_audience_id"] for each in made} == {remote}


def test_an_audience_is_deleted_after_its_own_lookalikes_and_no_others(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    destination = opened(meta)
    remote = destination.ensure(AUDIENCE, None)
    namesake = destination.ensure(replace(AUDIENCE, marker="muster-ffffffffffff"), None)
    options = OPTIONS.model_validate({"lookalike": {"countries": ["GB"], "ratio": "1%"}})
    for each in (remote, namesake):
        destination.make_lookalikes(each, AUDIENCE, options)
    destination.delete(remote)
    destination.delete(remote)
    left = {name: audience.fields.get("origin_audience_id") for name, audience in meta.audiences.items()}
    assert left.pop(namesake) is None
    assert list(left.values()) == [namesake]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"countries": ["GB"], "ratio": 0.01}, "has to be whole percents, such as 1%"),
        ({"countries": ["GB"], "ratio": "25%"}, "less than or equal to 20"),
        ({"countries": ["GB"], "ratio": "1%", "starting_ratio": "2%"}, "has to be smaller than `ratio`"),
        ({"countries": ["Britain"], "ratio": "1%"}, "two capital letters of ISO 3166-1, such as GB"),
        ({"countries": [], "ratio": "1%"}, "at least 1 item"),
    ],
)
def test_a_lookalike_that_meta_would_not_make_is_refused_before_anything_is_sent(
    written: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        OPTIONS.model_validate({"lookalike": written})


def test_what_members_are_worth_goes_along_and_makes_the_audience_a_value_based_one(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    destination = opened(meta)
    options = OPTIONS.model_validate({"value": "lifetime_value"})
    assert options.traits() == {"trait.value": "lifetime_value"}
    remote = destination.ensure(replace(AUDIENCE, options=options), None)
    assert meta.audiences[remote].fields["is_value_based"] is True
    run = run_of(destination, remote, options={"value": "lifetime_value"})
    worth = {ANN: "1200.50", BOB: None, EVE: "-3"}
    meta.refuses = {EVE}
    results = send(
        destination, run, [adding(**{"email": who, "trait.value": much}) for who, much in worth.items()]
    )
    assert results[0].refusals == [Refusal(2, "Invalid entry")]
    assert meta.audiences[remote].worth == {
        frozenset({("email", ANN)}): 1200.5,
        frozenset({("email", BOB)}): 0,
    }
    send(destination, run, [removing(**{"email": ANN, "trait.value": "1200.50"})])
    assert meta.held(remote) == {frozenset({("email", BOB)})}
    assert meta.calls[-1].json["payload"]["schema"] == ["EMAIL"]


def test_an_audience_that_was_made_without_values_stops_a_sync_that_has_them(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    destination = opened(meta)
    remote = destination.ensure(AUDIENCE, None)
    valued = replace(AUDIENCE, options=OPTIONS.model_validate({"value": "lifetime_value"}))
    with pytest.raises(StoppedError, match="made without `value`"):
        destination.ensure(valued, remote)
    meta.lose(remote)
    made = destination.ensure(valued, None)
    assert destination.ensure(valued, made) == made


def test_the_app_secret_proves_itself_on_every_call_and_is_never_sent(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    destination = opened(meta, **_PROVING)
    send(destination, run_of(destination, destination.ensure(AUDIENCE, None)), [adding(email=ANN)])
    token = meta.secrets["access_token"]
    proof = hmac.new(b"hush", token.encode(), "sha256").hexdigest()
    assert {call.query.get("appsecret_proof") for call in meta.calls} == {proof}


def _answer(status: int, body: object, path: str = "/238/users", **headers: str) -> httpx.Response:
    request = httpx.Request("POST", f"https://graph.facebook.com/v26.0{path}")
    return httpx.Response(status, json=body, headers=headers, request=request)


def meaning(answer: httpx.Response) -> Meaning:
    settings = MetaSettings(ad_account="1", access_token=SecretStr("token"))
    return MetaCustomAudiences("meta", settings, root=Path()).meaning(answer)


def _usage(**parts: float) -> str:
    return json.dumps(
        {"1": [{"type": "custom_audience", **parts}, {"type": "ads_management", "call_count": 100}]}
    )


@pytest.mark.parametrize(
    ("usage", "wait"),
    [
        ({"call_count": 74}, None),
        ({"call_count": 75}, 1.0),
        ({"call_count": 10, "total_time": 99}, 25.0),
        ({"call_count": 100}, 60.0),
        ({"call_count": 80, "estimated_time_to_regain_access": 5}, 300.0),
        ({"call_count": 100, "estimated_time_to_regain_access": 55}, 600.0),
    ],
)
def test_calls_slow_down_from_three_quarters_of_the_use_and_wait_at_all_of_it(
    usage: dict[str, float], wait: float | None
) -> None:
    answer = _answer(200, {"success": True}, **{"x-business-use-case-usage": _usage(**usage)})
    assert meaning(answer) == Meaning("taken", wait=wait)


@pytest.mark.parametrize(
    ("status", "code", "subcode", "kind"),
    [
        (400, 1, 99, "later"),
        (200, 2, 0, "later"),
        (400, 17, 2446079, "later"),
        (400, 80_003, 0, "later"),
        (400, 190, 460, "stopped"),
        (403, 200, 0, "stopped"),
        (400, 2655, 0, "stopped"),
        (400, 100, 33, "gone"),
        (400, 100, 1487366, "gone"),
        (400, 100, 1713230, "stopped"),
        (400, 100, 0, "refused"),
        (400, 105, 0, "refused"),
        (500, 100, 0, "later"),
    ],
)
def test_an_error_means_what_its_code_says_whatever_the_status(
    status: int, code: int, subcode: int, kind: str
) -> None:
    body = {"error": {"message": "No.", "code": code, "error_subcode": subcode}}
    assert meaning(_answer(status, body)).kind == kind


def test_an_audience_whose_making_met_trouble_is_looked_for_before_it_is_made_again(
    meta: MetaCustomAudiencesStandIn,
) -> None:
    def makes_and_denies_it(_: object, call: Call) -> Answer:
        meta.handle(call)
        return Answer(200, {"error": {"code": 2, "message": "Service temporarily unavailable"}})

    meta.faults.append(first(1, creations, makes_and_denies_it))
    remote = opened(meta).ensure(AUDIENCE, None)
    assert meta.audience_ids() == [remote]


@pytest.mark.parametrize("written", ["7", "act_7"])
def test_an_ad_account_is_its_number_with_or_without_what_meta_puts_before_it(written: str) -> None:
    assert MetaSettings(ad_account=written, access_token=SecretStr("token")).ad_account == "7"


@pytest.mark.parametrize("written", ["", "act_", "acc_7", "7-8", "act_7x"])
def test_nothing_else_is_an_ad_account(written: str) -> None:
    with pytest.raises(ValidationError, match="ad_account"):
        MetaSettings(ad_account=written, access_token=SecretStr("token"))


def test_a_page_in_place_of_json_is_a_gateways_and_passes() -> None:
    request = httpx.Request("POST", "https://graph.facebook.com/v26.0/238/users")
    assert meaning(httpx.Response(400, text="<html>Sorry</html>", request=request)).kind == "later"


def test_an_account_that_cannot_be_seen_is_no_lost_audience(meta: MetaCustomAudiencesStandIn) -> None:
    destination = opened(meta, ad_account="999")
    with pytest.raises(StoppedError, match="no access") as caught:
        destination.ensure(AUDIENCE, None)
    assert not isinstance(caught.value, AudienceGoneError)


def test_words_of_an_error_have_nothing_personal() -> None:
    body = {"error": {"message": f"Row ann@example.com {ANN} +44 20 7946 0958 is bad", "code": 100}}
    words = meaning(_answer(400, body)).words
    assert "ann@example.com" not in words
    assert ANN not in words
    assert "7946" not in words
