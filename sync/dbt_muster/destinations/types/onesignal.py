"""OneSignal: an audience is a tag of users, and a segment of those who carry it.

Written to the REST API as onesignal-python-api 5.18.0 and documentation.onesignal.com describe it, read
2026-11. There is no call for many users: each is its own, so several are under way at once. The marker is the
tag, and stands in the segment's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Fields, Status, plain_words
from dbt_muster.destinations.authoring.bases import Platform, PlatformSettings
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, BatchResult, Record, Refusal, Run
from dbt_muster.destinations.authoring.errors import RefusedError, StoppedError
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Offset
from dbt_muster.destinations.authoring.helpers import in_calls

# documentation.onesignal.com: a segment's list comes in pages of at most 300; a name has at most 128
# characters; an app may update 1,000 tags in a second.
_PAGE = 300
_LONGEST_NAME = 128
_RATE = 1_000

_NO_ENTRY = "did not accept the API key for this app."
_UNKNOWN = "OneSignal does not know the user"


class OneSignalSettings(PlatformSettings):
    """Settings of a destination of type `onesignal`."""

    app_id: str = Field(pattern=r"^[0-9A-Fa-f-]{36}$", description="The app's id, a UUID.")
    api_key: SecretStr = Field(description="The app's REST API key.")


class OneSignal(Platform):
    """Tags users, one call each."""

    base_url = "https://api.onesignal.com"
    headers: ClassVar[Mapping[str, str]] = {"authorization": "Key {api_key}"}
    statuses = (
        *(Status(code, "stopped", _NO_ENTRY) for code in (401, 403)),
        Status(409, "later"),
        # A user may be missing as well as the segment, which only OneSignal itself can know.
        Status(404, "refused", f"{_UNKNOWN}.", path="/users/by/", json=True),
        Status(404, "later", path="/users/by/"),
    )
    wait_header = "retryafter"
    audience_path = "/segments"
    verbs = ("1", "")
    settings_model = OneSignalSettings
    kept = Kept(
        all="/apps/{app_id}/segments",
        pages=Offset("segments", size=_PAGE, limit="limit", skip="offset"),
        longest_name=_LONGEST_NAME,
    )
    capabilities = Capabilities(
        identifiers={"external_id": Form()},
        batch_size=50,
        largest_batch=500,
        rate=_RATE,
        concurrency=8,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Give users the tag, or take it from them, which an empty value does.

        Who is unknown to OneSignal is refused the tag, and has none that could be taken.
        """

        def tag(users: Sequence[str]) -> list[Refusal]:
            path = self.path(f"/apps/{{app_id}}/users/by/external_id/{quote(users[0], safe='')}")
            try:
                api.call("PATCH", path, {"properties": {"tags": {str(run.remote): verb}}})
            except StoppedError:
                raise
            except RefusedError as error:
                return [Refusal(0, plain_words(error))] if verb or _UNKNOWN not in str(error) else []
            return []

        return BatchResult(in_calls(records, lambda record: record.values("external_id"), 1, tag))

    # --- the segment of those who carry the tag, which is the marker -----------------------------------

    def fields(self, audience: AudienceAtPlatform) -> Fields:
        """Who is in the segment."""
        return {"filters": [{"field": "tag", "key": audience.marker, "relation": "=", "value": "1"}]}

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The marker, where a segment's name carries it."""
        return audience.marker if super().find(api, audience) else None

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make the segment; what holds members is the tag."""
        super().create(api, audience)
        return audience.marker

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Always there, because it is the tag that holds members; a segment that was deleted is made anew."""
        if not self.find(api, audience):
            self.create(api, audience)
        return True

    def drop(self, api: Api, remote: str) -> None:
        """Delete the segment; users whose tag was not taken away before keep it."""
        segment = super().find(api, AudienceAtPlatform("", "", remote))
        if segment is not None:
            super().drop(api, segment)
