"""OneSignal: an audience is a tag of users, and a segment of those who carry it.

Written to the REST API as onesignal-python-api 5.18.0 and documentation.onesignal.com describe it, read
2026-11. There is no call for many users: each is its own, so several are under way at once. The marker is the
tag, and stands in the segment's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import quote

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Meaning, by_status, plain_words
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.people import known_by, refusals
from dbt_muster.destinations.platform import Platform, PlatformSettings, marked_name, secret
from dbt_muster.destinations.records import BatchResult, Record, RefusedError, StoppedError
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

# documentation.onesignal.com: a segment's list comes in pages of at most 300; a name has at most 128
# characters; an app may update 1,000 tags in a second.
_PAGE = 300
_LONGEST_NAME = 128
_RATE = 1_000

_UNKNOWN = "OneSignal does not know the user"


class OneSignalSettings(PlatformSettings):
    """Settings of a destination of type `onesignal`."""

    app_id: str = Field(pattern=r"^[0-9A-Fa-f-]{36}$", description="The app's id, a UUID.")
    api_key: SecretStr = Field(description="The app's REST API key.")


class OneSignal(Platform):
    """Tags users, one call each."""

    base_url: ClassVar[str] = "https://api.onesignal.com"
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"external_id": Form()},
        batch_size=50,
        largest_batch=500,
        rate=_RATE,
        concurrency=8,
        creates=True,
    )
    settings_model: ClassVar[type[PlatformSettings]] = OneSignalSettings

    def login(self) -> Headers:
        """The app's key."""
        return Headers({"authorization": f"Key {secret(self.settings.api_key)}"})

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The marker, where a segment's name carries it."""
        return audience.marker if self._segment(api, audience.marker) else None

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a segment of the users with the tag."""
        filters = [{"field": "tag", "key": audience.marker, "relation": "=", "value": "1"}]
        body = {"name": marked_name(audience, _LONGEST_NAME), "filters": filters}
        api.call("POST", self._path("/segments"), body, repeatable=False)
        return audience.marker

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Always there, because it is the tag that holds members; a segment that was deleted is made anew."""
        if not self._segment(api, remote):
            self.create(api, audience)
        return True

    def drop(self, api: Api, remote: str) -> None:
        """Delete the segment; users whose tag was not taken away before keep it."""
        segment = self._segment(api, remote)
        if segment is not None:
            api.call("DELETE", self._path(f"/segments/{segment}"))

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Give users the tag; one that OneSignal does not know is refused."""
        return self._tag(api, run, records, "1")

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the tag from users, which an empty value does; an unknown user has none."""
        return self._tag(api, run, records, "")

    def _tag(self, api: Api, run: Run, records: Sequence[Record], value: str) -> BatchResult:
        people = list(known_by(records, ["external_id"]))
        failed: dict[int, str] = {}
        for number, person in enumerate(people):
            path = self._path(f"/users/by/external_id/{quote(person.value, safe='')}")
            try:
                api.call("PATCH", path, {"properties": {"tags": {str(run.remote): value}}})
            except StoppedError:
                raise
            except RefusedError as error:
                if value or _UNKNOWN not in str(error):
                    failed[number] = plain_words(error)
        return BatchResult(refusals([person.place for person in people], failed))

    def meaning(self, response: httpx.Response) -> Meaning:
        """By its status; a wait may stand in a header without a hyphen."""
        status = response.status_code
        if status in (401, 403):
            return Meaning("stopped", "did not accept the API key for this app.")
        if status == 404:
            if "/users/by/" in response.request.url.path:
                return Meaning("refused", f"{_UNKNOWN}.")
            return Meaning("gone", "the segment is not there any more.")
        wait = response.headers.get("retryafter", "")
        if status in (409, 429):
            return Meaning(
                "later", f"HTTP {status}", float(wait) if wait.isdigit() else by_status(response).wait
            )
        return by_status(response)

    def _path(self, rest: str) -> str:
        return f"/apps/{self.settings.app_id}{rest}"

    def _segment(self, api: Api, marker: str) -> str | None:
        """The id of the segment whose name carries the marker."""
        seen = 0
        while True:
            params = {"offset": seen, "limit": _PAGE}
            page = api.call("GET", self._path("/segments"), params=params).json()["segments"]
            for each in page:
                if each["name"].endswith(f"[{marker}]"):
                    return str(each["id"])
            seen += len(page)
            if len(page) < _PAGE:
                return None
