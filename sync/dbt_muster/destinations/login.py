"""Ways to be let in: a token in a header, or an OAuth refresh token that buys access tokens."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Mapping

import httpx

from dbt_muster.destinations.http import trusted
from dbt_muster.destinations.records import StoppedError

# Seconds before its end at which an access token is no longer used.
_MARGIN = 60


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
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Headers({**(more or {}), "authorization": f"Basic {pair}"})


class RefreshToken:
    """Access tokens by OAuth 2.0's refresh token grant (RFC 6749, section 6), each used until it ends.

    Args:
        url: where tokens are given out.
        form: the fields of the request: the refresh token, and the client's id and secret or a scope.
        basic: the client's id and secret, where the platform takes them as HTTP Basic.
        more: headers that every call has besides.
        timeout: seconds.
    """

    def __init__(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        basic: tuple[str, str] | None = None,
        more: Mapping[str, str] | None = None,
        timeout: float = 30,
    ) -> None:
        self._url = url
        self._form = {"grant_type": "refresh_token", **form}
        self._basic = basic
        self._more = dict(more or {})
        self._timeout = timeout
        self._token = ""
        self._ends = 0.0
        self._lock = threading.Lock()

    def headers(self) -> Mapping[str, str]:
        """The headers of the next attempt."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self._buy()
            return {"authorization": f"Bearer {self._token}", **self._more}

    def renew(self) -> bool:
        """Get a new access token in place of one that was not accepted."""
        with self._lock:
            self._buy()
        return True

    def _buy(self) -> None:
        try:
            answer = httpx.post(
                self._url,
                data=self._form,
                auth=self._basic,
                headers={"user-agent": "muster"},
                timeout=self._timeout,
                verify=trusted(),
            )
        except httpx.HTTPError as error:
            raise StoppedError(f"No access token could be got ({type(error).__name__}).") from None
        if not answer.is_success:
            raise StoppedError(
                f"No access token could be got: HTTP {answer.status_code}. The refresh token may have been "
                "revoked or have ended; log in again and set its variable anew."
            )
        content = answer.json()
        # Some platforms give a new refresh token with each access token; it is used from here on.
        self._form["refresh_token"] = str(content.get("refresh_token") or self._form["refresh_token"])
        self._token = str(content["access_token"])
        self._ends = time.monotonic() + float(content.get("expires_in", 1800)) - _MARGIN
