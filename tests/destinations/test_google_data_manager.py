"""What is Google's own: consent, jobs, members that a refusal names, replacing by a moment, logging in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import ValidationError

from dbt_muster.destinations import Batch, JobResult, Refusal, Run, StoppedError, UnknownOutcomeError
from dbt_muster.destinations.types.google_data_manager import GoogleDataManager
from dbt_muster.errors import UsageError
from tests.destinations.standins.base import Answer
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn
from tests.destinations.trying import AUDIENCE, adding, opened, removing, run_of, send, standing_in

ANN, BOB, EVE, TEL = (hashlib.sha256(name.encode()).hexdigest() for name in ("ann", "bob", "eve", "tel"))


@pytest.fixture
def google() -> Iterator[GoogleDataManagerStandIn]:
    with standing_in(GoogleDataManagerStandIn) as stand_in:
        yield stand_in


def _opened(stand_in: GoogleDataManagerStandIn, **more: Any) -> tuple[GoogleDataManager, Run]:
    destination = opened(stand_in, **more)
    assert isinstance(destination, GoogleDataManager)
    return destination, run_of(destination, destination.ensure(AUDIENCE, None))


def _sent(stand_in: GoogleDataManagerStandIn) -> list[dict[str, Any]]:
    return [call.json for call in stand_in.calls if stand_in.is_write(call)]


def _poll(destination: GoogleDataManager, run: Run, job: str) -> JobResult:
    with destination.deliver(run) as delivery:
        return delivery.poll(job, Batch(1, []))


# --- members -------------------------------------------------------------------------------------------


def test_everybody_who_is_sent_is_said_to_have_agreed_where_agreement_was_asked_for(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    send(destination, replace(run, consent="advertising"), [adding(email=ANN), adding(email=BOB)])
    granted = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
    assert [member["consent"] for member in _sent(google)[0]["audienceMembers"]] == [granted, granted]


def test_nothing_is_said_of_consent_where_no_purpose_was_asked_for(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    send(destination, run, [adding(email=ANN)], [removing(email=BOB)])
    assert "consent" not in json.dumps(_sent(google))
    assert _sent(google)[0]["termsOfService"] == {"customerMatchTermsOfServiceStatus": "ACCEPTED"}
    assert "termsOfService" not in _sent(google)[1]


def test_an_address_is_sent_whole_or_not_at_all(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    whole = {"first_name": ANN, "last_name": BOB, "country": "GB", "postcode": "SW1A 1AA"}
    send(destination, run, [adding(email=EVE, **whole), adding(email=ANN, **{**whole, "country": None})])
    first, second = (member["userData"]["userIdentifiers"] for member in _sent(google)[0]["audienceMembers"])
    address = {"givenName": ANN, "familyName": BOB, "regionCode": "GB", "postalCode": "SW1A 1AA"}
    assert first == [{"emailAddress": EVE}, {"address": address}]
    assert second == [{"emailAddress": ANN}]


def test_who_has_a_part_of_an_address_alone_is_refused_and_keeps_nobody_back(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    results = send(destination, run, [adding(postcode="SW1A 1AA"), adding(email=ANN)])
    assert results[0].refusals == [Refusal(0, "nothing to match on")]
    assert len(_sent(google)[0]["audienceMembers"]) == 1


def test_more_identifiers_than_a_member_may_have_become_a_second_member(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    many = [hashlib.sha256(bytes([number])).hexdigest() for number in range(12)]
    send(destination, run, [adding(email=many)])
    sizes = [len(member["userData"]["userIdentifiers"]) for member in _sent(google)[0]["audienceMembers"]]
    assert sizes == [10, 2]


def test_members_that_a_refusal_names_are_left_out_and_the_others_sent(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    google.refuses = {BOB}
    results = send(destination, run, [adding(email=ANN), adding(email=[EVE, BOB]), adding(email=EVE)])
    assert results[0].refusals == [Refusal(1, "INVALID_SHA256_FORMAT")]
    assert len(_sent(google)) == 2
    google.work()
    assert google.held(str(run.remote)) == {frozenset({("email", ANN)}), frozenset({("email", EVE)})}


def test_a_batch_of_refused_members_alone_makes_no_job(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    google.refuses = {BOB}
    results = send(destination, run, [adding(email=BOB)])
    assert (results[0].job, len(results[0].refusals)) == (None, 1)


# --- jobs ----------------------------------------------------------------------------------------------


def test_a_request_counts_when_google_is_through_with_it(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    job = str(send(destination, run, [adding(email=ANN)])[0].job)
    assert _poll(destination, run, job) == JobResult("running")
    assert _poll(destination, run, job) == JobResult("done")
    assert google.held(str(run.remote)) == {frozenset({("email", ANN)})}


def test_records_that_google_could_not_use_are_counted_by_reason(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    google.unusable = {BOB: "PROCESSING_ERROR_REASON_NO_CONSENT"}
    job = str(send(destination, run, [adding(email=ANN), adding(email=BOB)])[0].job)
    google.work()
    assert _poll(destination, run, job) == JobResult("done", failed=1, words="no consent: 1")


def test_a_request_that_google_does_not_know_any_more_has_an_unknown_outcome(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    with pytest.raises(UnknownOutcomeError, match="cannot be asked any more"):
        _poll(destination, run, "request-of-last-year")


def test_a_request_that_cannot_be_asked_for_now_is_asked_for_by_the_next_sync(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    job = str(send(destination, run, [adding(email=ANN)])[0].job)
    google.faults = [lambda stand_in, call: stand_in.unauthorised()]
    with pytest.raises(StoppedError, match="No access token"):
        _poll(destination, run, job)
    google.faults = []
    google.work()
    assert _poll(destination, run, job) == JobResult("done")


# --- the list ------------------------------------------------------------------------------------------


def test_a_full_run_removes_whoever_was_there_before_it(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    send(destination, run, [adding(email=EVE), adding(email=ANN)])
    google.work()
    full, _ = _opened(google, mode="full")
    again = replace(run, mode="full", started_at=datetime.now(UTC))
    send(full, again, [adding(email=ANN)])
    google.work()
    assert google.held(str(run.remote)) == {frozenset({("email", ANN)})}
    assert _sent(google)[-1]["removeAsOfTime"] == again.started_at.isoformat().replace("+00:00", "Z")


def test_a_list_is_made_for_contact_data_with_the_days_that_members_stay(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google, membership_days=30)
    fields = google.lists[str(run.remote)].fields
    assert fields["membershipDuration"] == "2592000s"
    assert fields["ingestedUserListInfo"]["uploadKeyTypes"] == ["CONTACT_ID"]
    assert fields["integrationCode"] == AUDIENCE.marker
    assert destination.matched(str(run.remote)) == 0


def test_a_list_is_renamed_and_deleted(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google)
    destination.ensure(replace(AUDIENCE, name="Best customers"), run.remote)
    assert google.lists[str(run.remote)].fields["displayName"] == "Best customers"
    destination.delete(str(run.remote))
    destination.delete(str(run.remote))
    assert google.lists == {}


def test_a_list_whose_name_another_one_has_carries_its_marker_in_the_name(
    google: GoogleDataManagerStandIn,
) -> None:
    destination, run = _opened(google)
    other = replace(AUDIENCE, marker="muster-ffffffffffff")
    second = destination.ensure(other, None)
    assert google.lists[second].fields["displayName"] == f"{AUDIENCE.name} [muster-ffffffffffff]"
    destination.ensure(replace(AUDIENCE, name="Others"), run.remote)
    assert destination.ensure(replace(other, name="Others"), second) == second
    assert google.lists[second].fields["displayName"] == "Others [muster-ffffffffffff]"


# --- errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason", "quota", "kind"),
    [
        (400, "INVALID_DESTINATION", "", "stopped"),
        (400, "ENCODING_REQUIRED", "", "refused"),
        (401, "ACCESS_TOKEN_EXPIRED", "", "login"),
        (403, "PERMISSION_DENIED", "", "stopped"),
        (409, "ABORTED", "", "later"),
        (429, "RATE_LIMIT_EXCEEDED", "IngestionMutateRequestsPerMinutePerProject", "later"),
        (429, "RATE_LIMIT_EXCEEDED", "IngestionMutateRequestsPerDayPerProject", "stopped"),
        (503, "UNAVAILABLE", "", "later"),
    ],
)
def test_an_error_means_what_its_status_and_reason_say(
    google: GoogleDataManagerStandIn, status: int, reason: str, quota: str, kind: str
) -> None:
    details = [{"reason": reason, "metadata": {"quota_limit": quota}}]
    body = {"error": {"code": status, "message": "No.", "details": details}}
    request = httpx.Request("POST", "https://datamanager.googleapis.com/v1/audienceMembers:ingest")
    destination, _ = _opened(google)
    assert destination.meaning(httpx.Response(status, json=body, request=request)).kind == kind


# --- ways in -------------------------------------------------------------------------------------------


def _key(stand_in: GoogleDataManagerStandIn) -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "muster@a-project.iam.gserviceaccount.com",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "token_uri": stand_in.token_url,
        }
    )


_NO_TOKEN = {"refresh_token": None, "client_secret": None, "client_id": None}


def test_a_service_account_logs_in_with_its_key(google: GoogleDataManagerStandIn) -> None:
    destination, run = _opened(google, **_NO_TOKEN, service_account=_key(google))
    send(destination, run, [adding(email=ANN)])
    assert len(google.tokens) == 1
    google.tokens.append("google-canary-newer")
    send(destination, run, [adding(email=BOB)])
    google.work()
    assert len(google.held(str(run.remote))) == 2


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (Answer(503, b"<html>"), "in trouble; sync again later"),
        (Answer(400, b'{"error": "invalid_grant"}'), "See whether the service account is still there"),
    ],
)
def test_a_service_account_that_gets_no_token_stops_with_what_to_do(
    google: GoogleDataManagerStandIn, answer: Answer, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)
    google.faults.append(lambda _, call: answer if call.path == "/token" else None)
    destination = opened(google, **_NO_TOKEN, service_account=_key(google))
    with pytest.raises(StoppedError, match=f"No access token could be got from Google .*{advice}"):
        destination.ensure(AUDIENCE, None)


def test_without_a_key_or_a_token_the_machines_own_credentials_are_used(
    google: GoogleDataManagerStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.json").write_text(_key(google))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    destination, run = _opened(google, **_NO_TOKEN)
    send(destination, run, [adding(email=ANN)])
    assert len(google.tokens) == 1


def test_where_there_is_no_way_in_the_error_names_the_ways(
    google: GoogleDataManagerStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(UsageError, match="or `service_account`, or set GOOGLE_APPLICATION_CREDENTIALS"):
        opened(google, **_NO_TOKEN)


def test_a_key_that_is_none_is_refused_without_being_shown(google: GoogleDataManagerStandIn) -> None:
    with pytest.raises(UsageError, match="has to be the key of a service account") as caught:
        opened(google, **_NO_TOKEN, service_account='{"private_key": "canary-key"}')
    assert "canary-key" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"customer_match_terms": "no"}, "'accepted'"),
        ({"membership_days": 541}, "less than or equal to 540"),
        ({"client_id": None}, "`refresh_token` needs `client_id` as well"),
        ({"service_account": "{}"}, "give either .* or `service_account`"),
        ({"hashing": "none"}, "'sha256'"),
    ],
)
def test_settings_that_google_would_not_take_are_refused(
    google: GoogleDataManagerStandIn, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        opened(google, **settings)
