"""Sends requests for destinations that are HTTP interfaces: retries, waits, and what an answer means."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urlsplit

import httpx
import tenacity
from pydantic import BaseModel, ConfigDict, Field

from dbt_muster.destinations.base import RefusedError, StoppedError, UnknownOutcomeError

# httpx logs every URL it calls at INFO, and URLs may hold keys.
logging.getLogger("httpx").setLevel(logging.WARNING)

Prepare = Callable[[], tuple[bytes, Mapping[str, str]]]

# What these mean is the same wherever HTTP is spoken (RFC 9110); 423 and 425 are "not now" as well.
_LATER = frozenset({408, 423, 425, 429})
_STOP = {
    401: "the login was not accepted",
    403: "the login may not do this",
    404: "there is nothing at the address",
    405: "the address takes no POST",
    410: "the address is closed for good",
}


# Seconds after which a batch is not tried again: well within the time after which a run counts as dead.
_LONGEST_TRY = 15 * 60


class RetrySettings(BaseModel):
    """How often and how patiently a batch is tried."""

    model_config = ConfigDict(extra="forbid")

    attempts: int = Field(default=5, ge=1, le=20, description="How often a batch is sent at most.")
    first_wait: float = Field(
        default=1, ge=0, le=60, description="Seconds before the second attempt, at most."
    )
    longest_wait: float = Field(
        default=60, ge=0, le=120, description="Seconds between attempts at most, a Retry-After included."
    )


class _TryAgainError(Exception):
    """An attempt failed in a way that a later one may not."""

    def __init__(self, reason: str, *, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Sender:
    """Posts to one address over one kept connection. Use as a context manager.

    Args:
        url: where to; https, or http to this machine alone.
        timeout: seconds that one attempt may take.
        retry: how often, how patiently.
    """

    def __init__(self, url: str, *, timeout: float, retry: RetrySettings) -> None:
        self._url = url
        self._host = urlsplit(url).hostname or "the address"
        self._retry = retry
        self._client = httpx.Client(timeout=timeout, follow_redirects=False)

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def post(self, prepare: Prepare) -> tuple[httpx.Response, int]:
        """Post until it is taken or given up.

        Args:
            prepare: makes the body and headers of an attempt, so that a signature can carry its time.

        Returns:
            The answer, with a status of 2xx, and how many attempts it took.

        Raises:
            RefusedError, StoppedError, UnknownOutcomeError: as in `Delivery.send`. An attempt of unknown
            outcome makes the
                whole outcome unknown unless a later one is taken.
        """
        doubts: list[str] = []
        attempts = tenacity.Retrying(
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self._retry.attempts), tenacity.stop_after_delay(_LONGEST_TRY)
            ),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_TryAgainError),
            reraise=True,
        )
        try:
            for attempt in attempts:
                with attempt:
                    response = self._attempt(prepare, doubts)
                    return response, attempt.retry_state.attempt_number
        except _TryAgainError as given_up:
            message = f"{self._host} gave no good answer in {self._retry.attempts} attempts: {given_up}."
            raise (UnknownOutcomeError(message) if doubts else StoppedError(message)) from None
        except RefusedError as refused:
            if doubts:
                raise UnknownOutcomeError(f"{refused} An attempt before had {doubts[-1]}.") from None
            raise
        raise AssertionError("tenacity ends with a result or an exception")

    def _attempt(self, prepare: Prepare, doubts: list[str]) -> httpx.Response:
        body, headers = prepare()
        try:
            response = self._client.post(self._url, content=body, headers=dict(headers))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _TryAgainError(f"no connection ({type(error).__name__})") from None
        except httpx.HTTPError as error:
            doubts.append(f"no answer ({type(error).__name__})")
            raise _TryAgainError(doubts[-1]) from None
        status = response.status_code
        if response.is_success:
            return response
        if status >= 500:
            doubts.append(f"HTTP {status}")
        if status >= 500 or status in _LATER:
            raise _TryAgainError(f"HTTP {status}", wait=_retry_after(response))
        if response.is_redirect or status < 400:
            raise StoppedError(
                f"{self._host} answered HTTP {status}; redirects are not followed. Correct the url."
            )
        if status in _STOP:
            raise StoppedError(f"{self._host} answered HTTP {status}: {_STOP[status]}.")
        raise RefusedError(f"{self._host} refused the batch with HTTP {status}.")

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the other side asks for, else a random time up to a doubling bound."""
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.wait if isinstance(error, _TryAgainError) else None
        if asked is not None:
            return min(asked, self._retry.longest_wait)
        bound = tenacity.wait_random_exponential(self._retry.first_wait, self._retry.longest_wait)
        return float(bound(state))


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait, out of a Retry-After header in either of its forms (RFC 9110, 10.2.3)."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def is_safe_address(url: str) -> bool:
    """Whether an address is https, or http to this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
