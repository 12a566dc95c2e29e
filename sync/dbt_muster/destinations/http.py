"""Calls HTTP interfaces for destinations: kept connections, a published rate, retries, and answers read."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit

import httpx
import tenacity
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dbt_muster.destinations.answers import Meaning, by_status
from dbt_muster.destinations.pace import Pace
from dbt_muster.destinations.records import (
    AudienceGoneError,
    BatchResult,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.destinations.wire import Http, Request, Wire

# Seconds after which a batch is not tried again: well within the time after which a run counts as dead.
_LONGEST_TRY = 15 * 60

# What a header may hold (RFC 9110, 5.5), without what httpx cannot write.
_WRITABLE = re.compile(r"(?:[!-~](?:[ -~\t]*[!-~])?)?")


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


class Login(Protocol):
    """What a call says to be let in."""

    def headers(self) -> Mapping[str, str]:
        """The headers of the next attempt."""

    def renew(self) -> bool:
        """Get a new token in place of one that was not accepted; False where there is no way to."""


class _TryAgainError(Exception):
    """An attempt failed in a way that a later one may not."""

    def __init__(self, reason: str, *, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Api:
    """One HTTP interface. Use as a context manager; calls may be made from several threads.

    Args:
        url: where to; https, or http to this machine alone.
        timeout: seconds that one attempt may take.
        retry: how often, how patiently.
        login: what lets a call in.
        meaning: what an answer means; by its status where the platform says no more.
        params: parameters that every call has.
        rate: calls a second.
        wire: what carries calls and is closed at the end, where it is not HTTP.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        retry: RetrySettings,
        login: Login | None = None,
        meaning: Callable[[httpx.Response], Meaning] = by_status,
        params: Mapping[str, Any] | None = None,
        rate: float | None = None,
        wire: Wire | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._host = urlsplit(url).hostname or "the address"
        self._retry = retry
        self._login = login
        self._meaning = meaning
        self._params = dict(params or {})
        self._pace = Pace(rate)
        self._wire = wire or Http(timeout)
        self._thread = threading.local()

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close()

    def together(self, calls: Callable[[], BatchResult]) -> BatchResult:
        """Make calls, in this thread, that make one batch: an error after one of them was taken is `partly`.

        What comes back, and what is raised, has the most attempts that any of them took.
        """
        self._thread.wrote, self._thread.attempts = False, 0
        try:
            return replace(calls(), attempts=max(1, self._attempts))
        except (RefusedError, UnknownOutcomeError) as error:
            error.attempts = max(error.attempts, self._attempts)
            if isinstance(error, RefusedError):
                error.partly = self._thread.wrote
            raise

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Call and get the answer; `more` are the other fields of `Request`. Raises as `send` does."""
        return self.send(Request(method, path, json, **more))[0]

    def send(
        self, request: Request, prepare: Callable[[Request], Request] = lambda request: request
    ) -> tuple[httpx.Response, int]:
        """Call until it is taken or given up.

        Args:
            request: what is asked.
            prepare: changes the request before each attempt, so that a signature can carry its time.

        Returns:
            The answer, and how many attempts it took.

        Raises:
            RefusedError, StoppedError, UnknownOutcomeError: as in `Delivery.send`, with how many attempts
                were made. One of unknown outcome makes the whole outcome unknown unless a later one is taken.
        """
        attempts = tenacity.Retrying(
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self._retry.attempts), tenacity.stop_after_delay(_LONGEST_TRY)
            ),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_TryAgainError),
            reraise=True,
        )
        try:
            return self._tried(attempts, request, prepare), attempts.statistics["attempt_number"]
        except (RefusedError, UnknownOutcomeError) as error:
            error.attempts = attempts.statistics["attempt_number"]
            raise
        finally:
            self._thread.attempts = max(self._attempts, attempts.statistics["attempt_number"])

    @property
    def _attempts(self) -> int:
        return int(getattr(self._thread, "attempts", 0))

    def _tried(
        self, attempts: tenacity.Retrying, request: Request, prepare: Callable[[Request], Request]
    ) -> httpx.Response:
        doubts: list[str] = []
        try:
            return attempts(lambda: self._attempt(prepare(request), doubts))
        except _TryAgainError as given_up:
            tries = attempts.statistics["attempt_number"]
            message = f"{self._host} gave no good answer in {tries} attempts: {given_up}."
            raise (UnknownOutcomeError(message) if doubts else StoppedError(message)) from None
        except RefusedError as refused:
            if doubts and not isinstance(refused, AudienceGoneError) and not refused.named:
                raise UnknownOutcomeError(f"{refused} An attempt before had {doubts[-1]}.") from None
            raise

    def _attempt(self, request: Request, doubts: list[str]) -> httpx.Response:
        response = self._ask(request, doubts)
        meaning = self._meaning(response)
        if meaning.kind == "login" and self._login is not None and self._login.renew():
            response = self._ask(request, doubts)
            meaning = self._meaning(response)
        if meaning.kind == "taken":
            if not request.only_asks and response.is_success:
                self._thread.wrote = True
            self._pace.hold(meaning.wait)
            return response
        if meaning.kind == "later":
            if response.status_code >= 500 or meaning.doubtful:
                self._doubt(request, doubts, meaning.words or f"HTTP {response.status_code}")
            raise _TryAgainError(meaning.words or f"HTTP {response.status_code}", wait=meaning.wait)
        message = f"{self._host} {meaning.words or f'answered HTTP {response.status_code}'}"
        error = _ERRORS[meaning.kind](message if message.endswith(".") else f"{message}.")
        error.named = meaning.named
        error.beside = response.is_success and not request.only_asks
        raise error

    def _ask(self, request: Request, doubts: list[str]) -> httpx.Response:
        self._pace.take()
        url = request.path if "://" in request.path else self._url + request.path
        here = "://" not in request.path
        own = self._login.headers() if self._login is not None and here else {}
        params = {**(self._params if here else {}), **request.params}
        headers = {**own, **request.headers}
        self._look_at(headers)
        try:
            return self._wire.carry(request, url, params, headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _TryAgainError(f"no connection ({type(error).__name__})") from None
        except httpx.HTTPError as error:
            what = f"no answer ({type(error).__name__})"
            self._doubt(request, doubts, what)
            raise _TryAgainError(what) from None

    def _look_at(self, headers: Mapping[str, str]) -> None:
        """A header that cannot be written would look like a call without an answer, and be tried again."""
        for name, value in headers.items():
            if not _WRITABLE.fullmatch(value):
                raise StoppedError(
                    f"{self._host} was not called: the header {name!r} cannot be written. See whether "
                    "the key, token or secret in it is empty, or has a line break or a space at its end."
                )

    def _doubt(self, request: Request, doubts: list[str], what: str) -> None:
        """Remember that an attempt may have done something; the end where a second would be one too many."""
        if request.only_asks:
            return
        doubts.append(what)
        if not request.repeatable:
            raise UnknownOutcomeError(f"{self._host}: whether the call arrived is not known, {what}.")

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the other side asks for, else a random time up to a doubling bound."""
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.wait if isinstance(error, _TryAgainError) else None
        if asked is not None:
            return min(asked, self._retry.longest_wait)
        bound = tenacity.wait_random_exponential(self._retry.first_wait, self._retry.longest_wait)
        return float(bound(state))


_ERRORS: Mapping[str, type[RefusedError]] = {
    "refused": RefusedError,
    "stopped": StoppedError,
    "login": StoppedError,
    "gone": AudienceGoneError,
}


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")


def _safe(url: str) -> str:
    if not _is_safe(url):
        raise ValueError("has to start with https:// (http:// is for localhost alone)")
    return url


SafeAddress = Annotated[str, AfterValidator(_safe)]
"""A setting that is an address: https, or http to this machine."""
