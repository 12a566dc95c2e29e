"""Platforms that are logged in to with tokens: which settings are enough, and tokens that are bought."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from dbt_muster.destinations import StoppedError
from dbt_muster.destinations.types.microsoft_advertising import MicrosoftAdvertisingSettings
from dbt_muster.destinations.types.reddit import RedditSettings
from tests.destinations.standins import faults
from tests.destinations.standins.base import Answer, Call, Fault, StandIn
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.standins.reddit import RedditStandIn
from tests.destinations.trying import AUDIENCE, opened

REFRESH = {
    "access_token": None,
    "refresh_token": "canary-refresh",
    "client_id": "app",
    "client_secret": "hush",
}


class Tokens:
    """Answers at /token in a stand-in's place, and keeps what it was asked."""

    def __init__(self, stand_in: StandIn, **answer: Any) -> None:
        self.asked: list[Call] = []
        self._answer = {"access_token": stand_in.secrets["access_token"], "expires_in": 3600, **answer}
        stand_in.faults.append(self)

    def __call__(self, _stand_in: StandIn, call: Call) -> Answer | None:
        if call.path != "/token":
            return None
        self.asked.append(call)
        return Answer(200, self._answer)

    def form(self, number: int) -> dict[str, str]:
        """The fields of one request."""
        return {name: values[0] for name, values in parse_qs(self.asked[number].body.decode()).items()}


def test_a_refresh_token_buys_one_access_token_for_all_calls() -> None:
    with RedditStandIn().running() as reddit:
        tokens = Tokens(reddit)
        destination = opened(reddit, token_url=f"{reddit.url}/token", **REFRESH)
        destination.ensure(AUDIENCE, None)
        assert destination.matched(destination.ensure(AUDIENCE, None)) is None
        assert len(tokens.asked) == 1
        pair = tokens.asked[0].headers["authorization"].removeprefix("Basic ")
        assert base64.b64decode(pair) == b"app:hush"
        assert tokens.form(0) == {"grant_type": "refresh_token", "refresh_token": "canary-refresh"}


def test_a_token_that_ended_early_is_bought_anew_once() -> None:
    with MicrosoftAdvertisingStandIn().running() as microsoft:
        tokens = Tokens(microsoft, refresh_token="canary-newer")  # noqa: S106 - nobody's
        ended = [microsoft.unauthorised()]
        microsoft.faults.append(lambda _, call: ended.pop() if ended and call.path != "/token" else None)
        settings = {**REFRESH, "client_secret": None}
        destination = opened(microsoft, token_url=f"{microsoft.url}/token", **settings)
        destination.ensure(AUDIENCE, None)
        assert [tokens.form(number)["refresh_token"] for number in (0, 1)] == [
            "canary-refresh",
            "canary-newer",
        ]
        assert "client_secret" not in tokens.form(0)
        assert "msads.manage" in tokens.form(0)["scope"]


def test_a_refresh_token_that_is_not_accepted_stops_and_is_not_shown() -> None:
    with RedditStandIn().running() as reddit:
        reddit.faults = [lambda *_: Answer(400, json.dumps({"error": "invalid_grant"}).encode())]
        destination = opened(reddit, token_url=f"{reddit.url}/token", **REFRESH)
        with pytest.raises(StoppedError, match="log in again") as caught:
            destination.ensure(AUDIENCE, None)
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "trouble",
    [
        lambda *_: Answer(429, b"", {"retry-after": "0"}),
        faults.server_error,
        faults.hangs_up,
        lambda *_: Answer(503, b"<html>"),
    ],
)
def test_a_token_endpoint_in_trouble_is_asked_again(trouble: Fault) -> None:
    with RedditStandIn().running() as reddit:
        tokens = Tokens(reddit)
        reddit.faults.insert(0, faults.first(2, lambda _, call: call.path == "/token", trouble))
        destination = opened(reddit, token_url=f"{reddit.url}/token", **REFRESH)
        destination.ensure(AUDIENCE, None)
        assert len(tokens.asked) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(500, b""), "gave no good answer in"),
        (Answer(404, b"<html>"), "there is nothing at the address"),
        (Answer(200, b"<html>"), "without an access token"),
        (Answer(200, b"[]"), "without an access token"),
        (Answer(200, b'{"error": "canary"}'), "without an access token"),
        (Answer(422, b'{"error": "canary"}'), "HTTP 422"),
    ],
)
def test_an_endpoint_that_gives_no_token_stops_with_what_it_answered(answer: Answer, said: str) -> None:
    with RedditStandIn().running() as reddit:
        reddit.faults = [lambda *_: answer]
        destination = opened(reddit, token_url=f"{reddit.url}/token", **REFRESH)
        with pytest.raises(StoppedError, match=f"No access token could be got: .*{said}") as caught:
            destination.ensure(AUDIENCE, None)
        assert "log in again" not in str(caught.value)
        assert "canary" not in str(caught.value)


ACCOUNT = {"ad_account": "a2_x"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "either `access_token` or `refresh_token`"),
        ({"access_token": ""}, "either `access_token` or `refresh_token`"),
        ({"access_token": "a", "refresh_token": "b"}, "either"),
        ({"refresh_token": "b", "client_id": "c"}, "needs `client_secret` as well"),
        ({"access_token": "a", "token_url": "http://example.com"}, "https"),
        ({"access_token": "a", "hashing": "none"}, "sha256"),
    ],
)
def test_settings_that_let_nobody_in_are_refused_with_words(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        RedditSettings.model_validate({**ACCOUNT, **given})


def test_microsoft_needs_no_secret_of_a_desktop_app() -> None:
    given = {"developer_token": "d", "account": "1", "customer": "2", "refresh_token": "r", "client_id": "c"}
    assert MicrosoftAdvertisingSettings.model_validate(given).client_id == "c"
