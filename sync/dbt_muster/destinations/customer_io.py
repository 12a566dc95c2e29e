"""Customer.io: an audience is a manual segment.

Written to docs.customer.io, read 2026-11: segments are made by the App API, and people are put into them and
taken out by the Track API, each with keys of its own. A segment's description carries the marker. Customer.io
says nothing of single people: ids that it does not know are passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Meaning
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.login import Headers, basic
from dbt_muster.destinations.people import by_name, known_by, pieces
from dbt_muster.destinations.platform import (
    Platform,
    PlatformSettings,
    find_marked,
    marked_description,
    secret,
)
from dbt_muster.destinations.records import BatchResult, Record
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

_IDS = 1_000

# What the Track API calls the identifiers. All ids of a call are of one type.
_TYPES = {"external_id": "id", "cio_id": "cio_id", "email": "email"}


class CustomerIoSettings(PlatformSettings):
    """Settings of a destination of type `customer_io`."""

    region: Literal["us", "eu"] = Field(default="us", description="Where the workspace is: `us` or `eu`.")
    site_id: str = Field(description="The Track API's site id.")
    track_key: SecretStr = Field(description="The Track API's key.")
    app_key: SecretStr = Field(description="An App API key, which makes segments.")


class CustomerIo(Platform):
    """Keeps the people of a manual segment."""

    audience_path: ClassVar[str] = "/segments/."
    error_text: ClassVar[tuple[str, ...]] = ("meta", "error")
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"external_id": Form(), "cio_id": Form(), "email": Form("email")},
        batch_size=_IDS,
        largest_batch=_IDS,
        concurrency=2,
        creates=True,
    )
    settings_model: ClassVar[type[PlatformSettings]] = CustomerIoSettings

    @property
    def url(self) -> str:
        """The Track API's address."""
        return self.settings.url or f"https://track{self._region}.customer.io"

    def login(self) -> Headers:
        """The Track API's site id and key."""
        return basic(self.settings.site_id, secret(self.settings.track_key))

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The segment whose description carries the marker."""
        segments = self._app(api, "GET", "/segments").json()["segments"]
        return find_marked(audience, segments, text="description")

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a manual segment."""
        segment = {"name": audience.name, "description": marked_description(audience)}
        made = self._app(api, "POST", "/segments", {"segment": segment}, repeatable=False).json()
        return str(made["segment"]["id"])

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the segment is there. Segments cannot be renamed by a call."""
        self._app(api, "GET", f"/segments/{remote}")
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """How many people are in the segment."""
        return int(self._app(api, "GET", f"/segments/{remote}/customer_count").json()["count"])

    def drop(self, api: Api, remote: str) -> None:
        """Delete the segment; its people stay."""
        self._app(api, "DELETE", f"/segments/{remote}")

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Put people into the segment."""
        return self._move(api, run, records, "add_customers")

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take people out of the segment."""
        return self._move(api, run, records, "remove_customers")

    def _move(self, api: Api, run: Run, records: Sequence[Record], call: str) -> BatchResult:
        for name, people in by_name(known_by(records, _TYPES)).items():
            for part in pieces(people, _IDS):
                body = {"ids": [person.value for person in part]}
                params = {"id_type": _TYPES[name]}
                api.call("POST", f"/api/v1/segments/{run.remote}/{call}", body, params=params)
        return BatchResult()

    def meaning(self, response: httpx.Response) -> Meaning:
        """By its status; a segment that was deleted is 404 at both interfaces."""
        if response.status_code == 401:
            return Meaning("stopped", "did not accept the keys, or they belong to the other region.")
        return super().meaning(response)

    @property
    def _region(self) -> str:
        return "-eu" if self.settings.region == "eu" else ""

    def _app(
        self, api: Api, method: str, path: str, json: Mapping[str, Any] | None = None, **more: Any
    ) -> httpx.Response:
        """Call the App API, which is elsewhere and has a key of its own."""
        host = self.settings.url or f"https://api{self._region}.customer.io"
        headers = {"authorization": f"Bearer {secret(self.settings.app_key)}"}
        return api.call(method, f"{host}/v1{path}", json, headers=headers, **more)
