"""Customer.io: an audience is a manual segment.

Written to docs.customer.io, read 2026-11: segments are made by the App API, and people are put into them and
taken out by the Track API, each with keys of its own. A segment's description carries the marker. Customer.io
says nothing of single people: ids that it does not know are passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Status
from dbt_muster.destinations.authoring.bases import Platform, RegionSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Call, Capabilities, Form, Kept, Pages
from dbt_muster.destinations.authoring.helpers import Headers, basic, by_name, pieces, secret

# Where segments are made; the platform's own address is where people are put into them.
_APP = {"us": "https://api.customer.io", "eu": "https://api-eu.customer.io"}

# What the Track API calls the identifiers. All ids of a call are of one type.
_TYPES = {"external_id": "id", "cio_id": "cio_id", "email": "email"}


class CustomerIoSettings(RegionSettings):
    """Settings of a destination of type `customer_io`."""

    site_id: str = Field(description="The Track API's site id.")
    track_key: SecretStr = Field(description="The Track API's key.")
    app_key: SecretStr = Field(description="An App API key, which makes segments.")


class CustomerIo(Platform):
    """Keeps the people of a manual segment."""

    mute = True
    base_url: ClassVar[Mapping[str, str]] = {
        "us": "https://track.customer.io",
        "eu": "https://track-eu.customer.io",
    }
    statuses = (Status(401, "stopped", "did not accept the keys, or they belong to the other region."),)
    # A segment that was deleted is 404 at both interfaces.
    audience_path = "/segments/."
    error_text = "meta.error"
    verbs = ("add_customers", "remove_customers")
    settings_model = CustomerIoSettings
    # Segments cannot be renamed by a call. Deleting one keeps its people.
    kept = Kept(
        all="/segments",
        pages=Pages("segments"),
        inside="segment",
        description="description",
        count_by=Call("GET", "/segments/{remote}/customer_count"),
        size=("count",),
        body=lambda segment: {"segment": segment},
    )
    capabilities = Capabilities(
        identifiers={"external_id": Form(), "cio_id": Form(), "email": Form("email")},
        batch_size=1_000,
        concurrency=2,
    )

    def login(self) -> Headers:
        """The Track API's site id and key."""
        return basic(self.settings.site_id, secret(self.settings.track_key))

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Put people into the segment, or take them out of it."""
        for name, ids in by_name(records, _TYPES).items():
            for part in pieces(ids, self.capabilities.largest_batch):
                params = {"id_type": _TYPES[name]}
                api.call("POST", f"/api/v1/segments/{run.remote}/{verb}", {"ids": part}, params=params)
        return BatchResult()

    def ask(self, api: Api, method: str, path: str, json: Any = None, **more: Any) -> Response:
        """Call the App API, which is elsewhere and has a key of its own."""
        host = self.settings.url or _APP[self.settings.region]
        headers = {"authorization": f"Bearer {secret(self.settings.app_key)}"}
        return api.call(method, f"{host}/v1{path}", json, headers=headers, **more)
