"""An HTTP interface: where it is, how it lets calls in, and what its answers mean, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

import httpx

from dbt_muster.destinations.answers import Meaning, Status, by_status, is_json, text_at, wait_of
from dbt_muster.destinations.base import Destination
from dbt_muster.destinations.codes import Codes
from dbt_muster.destinations.connection import Connection
from dbt_muster.destinations.filling import fill, filled
from dbt_muster.destinations.http import Api, Login
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.named import Named
from dbt_muster.destinations.usage import Usage
from dbt_muster.destinations.wire import Wire


class Interface(Destination):
    """A destination that is called by HTTP.

    What is called out as a class attribute below is data. In its texts `{name}` is the setting of that name.

    Attributes:
        mute: whether a good answer with HTTP 200 may have no body, or nothing says that it has one. On other
            platforms it has JSON, and one without comes from something on the way.
        base_url: the interface's public address, or one for each value of the setting `region`.
        headers: what every call has as headers; what lets it in is among them, or is `login`'s. One that
            names a setting which is not set is left out.
        params: what every call has as parameters, in the same way.
        statuses: what an HTTP status means here, where that is more than it means anywhere; the first that
            fits counts.
        wait_header: the header that says how long to wait after too many calls, where it is not Retry-After;
            as in `wait_of`.
        usage: the header that says with every answer how much may still be called, where there is one.
        audience_path: a regular expression for the paths at which HTTP 404, or a code that says `gone`, means
            that the audience is gone.
        codes: what errors mean that are told by codes in an answer, on platforms that tell them so.
        named: where an answer that refuses a call names the records of it that are at fault, if it does.
        error_text: where an answer that refuses a call has its words, as in `value_at`.
    """

    mute: ClassVar[bool] = False
    base_url: ClassVar[str | Mapping[str, str]] = ""
    headers: ClassVar[Mapping[str, str]] = {}
    params: ClassVar[Mapping[str, str]] = {}
    statuses: ClassVar[tuple[Status, ...]] = ()
    wait_header: ClassVar[str] = ""
    usage: ClassVar[Usage | None] = None
    audience_path: ClassVar[str] = ""
    error_text: ClassVar[str] = ""
    codes: ClassVar[Codes | None] = None
    named: ClassVar[Named | None] = None

    def __init__(self, name: str, settings: Any, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._connection = Connection(self._api)

    @property
    def url(self) -> str:
        """The interface's address."""
        own = self.base_url
        return str(self.settings.url or self.path(own if isinstance(own, str) else own[self.settings.region]))

    def own_headers(self) -> dict[str, str]:
        """The headers that every call has."""
        return {name: str(value) for name, value in self.filled(self.headers).items()}

    def login(self) -> Login:
        """What lets a call in."""
        return Headers(self.own_headers())

    def path(self, text: str, remote: str = "") -> str:
        """A path with the destination's settings in it, and what the platform calls an audience."""
        return fill(text, self.settings, remote=remote)

    def filled(self, facts: Mapping[str, Any], remote: str | None = "", **more: str) -> dict[str, Any]:
        """Facts with the settings in their places, and what the platform calls an audience."""
        return filled(facts, self.settings, remote=str(remote), **more)

    # --- what answers mean -----------------------------------------------------------------------------

    def meaning(self, response: httpx.Response) -> Meaning:
        """What an answer means, by its status, the codes of the errors in it, and what it says of its use."""
        found = self._by_codes(response)
        wait = self.usage.wait(response) if self.usage is not None else None
        return found if wait is None else found._replace(wait=wait)

    def _by_codes(self, response: httpx.Response) -> Meaning:
        found = self._by_status(response)
        if self.codes is not None:
            found = self.codes.meaning(response, found)
            if found.kind == "gone" and not self._is_audiences(response):
                # What is not there is something else, such as the account; no audience is to be made anew.
                return found._replace(kind="stopped")
        if self.named is not None and found.kind == "refused":
            return found._replace(named=self.named.items(response))
        return found

    def _by_status(self, response: httpx.Response) -> Meaning:
        """What an answer means by its status; nothing at an audience's own path means that it is gone."""
        status = response.status_code
        stated = next(filter(None, (each.meaning(response) for each in self.statuses)), None)
        plain = stated or by_status(response)
        if plain.kind == "taken" and self._is_from_elsewhere(response):
            return Meaning("later", f"HTTP {status} without JSON", doubtful=True)
        if plain.kind == "later" and status < 500 and self.wait_header:
            wait = wait_of(response, self.wait_header)
            return plain if wait is None else plain._replace(wait=wait)
        if stated:
            return plain
        if status == 404 and self._is_audiences(response):
            return Meaning("gone", "has no such audience any more.")
        words = text_at(response, self.error_text) if plain.kind == "refused" and self.error_text else ""
        return Meaning("refused", f"refused the call: {words}") if words else plain

    def _is_from_elsewhere(self, response: httpx.Response) -> bool:
        """Whether a 2xx is not the platform's own, so that the platform may never have heard of the call."""
        if response.content:
            return not is_json(response)
        return response.status_code == 200 and not self.mute

    def _is_audiences(self, response: httpx.Response) -> bool:
        path = self.audience_path
        return bool(path) and re.search(path, response.request.url.path) is not None

    # --- the connection --------------------------------------------------------------------------------

    def _api(self) -> Api:
        settings = self.settings
        return Api(
            self.url,
            timeout=settings.timeout,
            retry=settings.retry,
            login=self.login(),
            meaning=self.meaning,
            params=self.filled(self.params),
            rate=settings.rate or self.capabilities.rate,
            wire=self.wire(),
        )

    def wire(self) -> Wire | None:
        """What carries calls, where that is not HTTP."""
        return None

    def connected(self) -> AbstractContextManager[None]:
        """Keep the connection and the platform's rate over all that is done meanwhile."""
        return self._connection.kept()

    def open(self) -> AbstractContextManager[Api]:
        """The interface, ready to be called."""
        return self._connection.open()
