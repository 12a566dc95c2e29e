"""Ways to be let in: a token in a header, or an OAuth refresh token that buys access tokens."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from dbt_muster.destinations.answers import Meaning, by_status, is_json, value_at
from dbt_muster.destinations.http import Api, RetrySettings
from dbt_muster.destinations.records import StoppedError
from dbt_muster.destinations.wire import Request

# Seconds before its end at which an access token is no longer used.
_MARGIN = 60

# What a token endpoint answers to a grant or a client that it does not accept (RFC 6749, section 5.2).
_NOT_ACCEPTED = frozenset({400, 401, 403})


class Headers:
    """Headers that stay the same."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)

    def headers(self) -> Mapping[str, str]:
        """The headers of the next attempt."""
        return self._headers

    def renew(self) -> bool:
        """There is nothing to renew."""
        return False


def basic(user: str, password: str, more: Mapping[str, str] | None = None) -> Headers:
    """HTTP Basic (RFC 7617), with headers that every call has besides."""
    return Headers({**(more or {}), **_basic(user, password)})


def _basic(user: str, password: str) -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


class RefreshToken:
    """Access tokens by OAuth 2.0's refresh token grant (RFC 6749, section 6), each used until it ends.

    Args:
        url: where tokens are given out.
        form: the fields of the request: the refresh token, and the client's id and secret or a scope.
        retry: how often it is asked where it is busy or fails, how patiently.
        basic: the client's id and secret, where the platform takes them as HTTP Basic.
        more: headers that every call has besides.
        timeout: seconds.
    """

    def __init__(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        retry: RetrySettings | None = None,
        basic: tuple[str, str] | None = None,
        more: Mapping[str, str] | None = None,
        timeout: float = 30,
    ) -> None:
        self._url = url
        self._form = {"grant_type": "refresh_token", **form}
        self._asks = {
            "content-type": "application/x-www-form-urlencoded",
            "user-agent": "muster",
            **(_basic(*basic) if basic else {}),
        }
        self._retry = retry or RetrySettings()
        self._more = dict(more or {})
        self._timeout = timeout
        self._token = ""
        self._ends = 0.0
        self._lock = threading.Lock()

    def headers(self) -> Mapping[str, str]:
        """The headers of the next attempt.

        Raises:
            StoppedError: no access token could be got.
        """
        with self._lock:
            if time.monotonic() >= self._ends:
                self._buy()
            return {"authorization": f"Bearer {self._token}", **self._more}

    def renew(self) -> bool:
        """Get a new access token in place of one that was not accepted; raises as `headers` does."""
        with self._lock:
            self._buy()
        return True

    def _buy(self) -> None:
        # Whether an earlier attempt arrived makes no difference: another token is as good.
        asked = Request("POST", content=urlencode(self._form).encode(), headers=self._asks, reads=True)
        api = Api(self._url, timeout=self._timeout, retry=self._retry, meaning=_of_token)
        try:
            with api:
                content = api.send(asked)[0].json()
        except StoppedError as error:
            raise StoppedError(f"No access token could be got: {error}") from None
        # Some platforms give a new refresh token with each access token; it is used from here on.
        self._form["refresh_token"] = str(content.get("refresh_token") or self._form["refresh_token"])
        self._token = str(content["access_token"])
        self._ends = time.monotonic() + float(content.get("expires_in") or 1800) - _MARGIN


def _of_token(response: httpx.Response) -> Meaning:
    """What an answer to asking for a token means (RFC 6749, sections 5.1 and 5.2)."""
    if response.is_success:
        there = is_json(response) and value_at(response.json(), "access_token")
        return Meaning("taken") if there else Meaning("stopped", "answered without an access token.")
    if response.status_code in _NOT_ACCEPTED:
        return Meaning(
            "stopped",
            f"answered HTTP {response.status_code}. The refresh token may have been revoked or have ended; "
            "log in again and set its variable anew.",
        )
    plain = by_status(response)
    return Meaning("stopped", f"answered HTTP {response.status_code}.") if plain.kind == "refused" else plain
