"""Braze: an audience is a custom attribute that is true for its members.

Written to the REST API as documented at braze.com/docs/api, read 2026-11: `POST /users/track` with the user
attributes object, and its API limits. An attribute that is set to false stays on the profile, so that a
campaign can still ask who was a member. Every attribute that is sent is a data point that Braze bills.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Named, Status
from dbt_muster.destinations.authoring.bases import PlatformSettings, TagPlatform
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form
from dbt_muster.destinations.authoring.helpers import Known, known_by

Instance = Literal[
    "US-01", "US-02", "US-03", "US-04", "US-05", "US-06", "US-07", "US-08", "US-10", "EU-01", "EU-02", "AU-01"
]  # fmt: skip

# braze.com/docs: Custom attributes.
_LONGEST_NAME = 255


class BrazeSettings(PlatformSettings):
    """Settings of a destination of type `braze`."""

    instance: Instance = Field(description="Where the workspace is, as in the dashboard's address: `EU-01`.")
    api_key: SecretStr = Field(description="A REST API key with the permission `users.track`.")
    prefix: str = Field(
        default="muster_",
        pattern=r"^([A-Za-z][A-Za-z0-9_ -]*)?$",
        description="What the names of attributes begin with, before the audience's.",
    )
    only_existing: bool = Field(
        default=False, description="`true`: people that Braze does not know stay out."
    )


class Braze(TagPlatform):
    """Sets a boolean custom attribute of user profiles."""

    headers: ClassVar[Mapping[str, str]] = {"authorization": "Bearer {api_key}"}
    statuses = (
        Status(401, "stopped", "did not accept the API key, or it belongs to another instance."),
        Status(403, "stopped", "says that the API key lacks the permission users.track."),
    )
    # When the window of calls ends, in seconds since 1970 (braze.com/docs: API limits).
    wait_header = "x-ratelimit-reset"
    error_text = "message"
    # Objects that were not taken are named in an answer that is good otherwise.
    failed = Named("errors", "index", words=("type",))
    tag_prefix = "{prefix}"
    longest_tag = _LONGEST_NAME
    verbs = (True, False)
    settings_model = BrazeSettings
    # braze.com/docs: API limits, /users/track: 75 objects a request, 3,000 requests in 3 seconds.
    capabilities = Capabilities(
        identifiers={"external_id": Form(), "email": Form("email"), "phone": Form("phone")},
        batch_size=75,
        rate=1_000,
        concurrency=8,
    )

    @property
    def url(self) -> str:
        """The instance's REST endpoint."""
        return self.settings.url or rest_endpoint(self.settings.instance)

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: bool) -> BatchResult:
        """Set the attribute: to true, or where there is a profile to false."""
        names = self.capabilities.identifiers or ()
        flags = {"_update_existing_only": True} if self.settings.only_existing or not verb else {}

        def track(people: Sequence[Known]) -> Response:
            objects = [{person.name: person.value, str(run.remote): verb, **flags} for person in people]
            return api.call("POST", "/users/track", {"attributes": objects})

        return self.in_calls(records, lambda record: known_by(record, names), track)


def rest_endpoint(instance: str) -> str:
    """The address of an instance's REST API (braze.com/docs: API and SDK endpoints)."""
    region, number = instance.split("-")
    if region == "EU":
        return f"https://rest.fra-{number}.braze.eu"
    return f"https://rest.{'iad' if number < '10' and region == 'US' else region.lower()}-{number}.braze.com"
