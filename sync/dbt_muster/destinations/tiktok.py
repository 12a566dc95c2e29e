"""TikTok custom audiences: the segment interface of the API for Business v1.3.

The `/dmp/` calls are as in tiktok-business-api-sdk @f809c396 (2026-02-28, `yml_files/`). The `/segment/`
calls, which that does not describe, are as in TikTok's pages on its streaming API and in Segment's and
RudderStack's connectors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Code, Codes, Fields, value_at
from dbt_muster.destinations.authoring.bases import HashedSettings, Platform
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Numbered
from dbt_muster.destinations.authoring.helpers import marked_name, tables
from dbt_muster.destinations.authoring.lookalikes import LookalikeOptions, PlaceSize
from dbt_muster.destinations.authoring.results import BatchResult

# Longer names are cut off by TikTok, and the marker with them ("Create or delete an audience segment").
_LONGEST_NAME = 70
_LONGEST_LOOKALIKE = 128


class TikTokSettings(HashedSettings):
    """Settings of a destination of type `tiktok`."""

    advertiser: str = Field(pattern=r"^\d+$", description="The advertiser's number.")
    access_token: SecretStr = Field(description="The token that the advertiser gave to your app.")
    email_rule: Literal["email", "email_dotless"] = Field(
        default="email",
        description="`email_dotless` leaves out dots and what follows a `+` before hashing, as Segment does.",
    )


class TikTok(Platform):
    """Keeps an audience segment of an advertiser."""

    base_url = "https://business-api.tiktok.com/open_api/v1.3"
    headers: ClassVar[Mapping[str, str]] = {"access-token": "{access_token}"}
    verbs = ("add", "delete")
    # Return codes come with HTTP 200. Those that are not here are about the account or the call.
    codes = Codes(
        known=(
            Code("40001", "stopped", "the token may not do this for the advertiser"),
            Code("40002", "refused"),
            Code("40100", "later", "too many calls"),
            Code("40105", "stopped", "make a new access token and set its variable anew"),
            # These are TikTok's own trouble.
            Code(r"[5-9]\d{4}|\d{6,}", "later", doubtful=True),
        ),
        other="stopped",
        fine="0",
        always=True,
    )
    settings_model = TikTokSettings
    options_model = LookalikeOptions[PlaceSize]
    # TikTok has no place for the marker but the name.
    kept = Kept(
        all="/dmp/custom_audience/list/",
        pages=Numbered(
            "data.list",
            params={"advertiser_id": "{advertiser}", "page_size": 100},
            last="data.page_info.total_page",
        ),
        key="audience_id",
        inside="data",
        longest_name=_LONGEST_NAME,
        update="POST",
        size=("cover_num",),
    )
    # TikTok publishes no limit of rows for this call: 1,000 is what Tealium's connector sends.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={
            "email": Form("email", "sha256", called="EMAIL_SHA256"),
            "phone": Form("phone", "sha256", called="PHONE_SHA256"),
            "idfa": Form("maid", "sha256", called="IDFA_SHA256"),
            "aaid": Form("maid", "sha256", called="AAID_SHA256"),
        },
        batch_size=1_000,
        largest_batch=10_000,
        creates=True,
        lookalikes=True,
        smallest=1_000,
    )

    def form(self, identifier: str) -> Form:
        """The form of an identifier; the rule for addresses can be chosen, because sources differ on it."""
        form = super().form(identifier)
        return replace(form, rule=self.settings.email_rule) if identifier == "email" else form

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Map people to the audience, or take the mapping away.

        A row is a person, with a cell for each kind of identifier, empty where the person has none.
        """
        audiences = [run.remote]
        for table in tables(records, self.capabilities.called, self.batch_size):
            body = {
                "advertiser_ids": [self.settings.advertiser],
                "action": verb,
                "id_schema": table.columns,
                "batch_data": [
                    [{"id": cell, "audience_ids": audiences} if cell else {} for cell in cells]
                    for cells in table.rows
                ],
            }
            api.call("POST", "/segment/mapping/", body)
        return BatchResult()

    # --- the audience ----------------------------------------------------------------------------------

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make an audience that members are mapped to."""
        name = self.kept.shown(audience)["name"]
        fields = {"custom_audience_name": name, "action": "create"}
        return self.id_of(self._post(api, "/segment/audience/", fields, repeatable=False))

    def show(self, api: Api, remote: str, params: Fields | None = None) -> Fields | None:
        """An audience's details; none are listed of one that is not there."""
        asked = {"advertiser_id": self.settings.advertiser, "custom_audience_ids": json.dumps([remote])}
        answer = api.call("GET", "/dmp/custom_audience/get/", params=asked).json()
        found: Fields | None = value_at(answer, "data.list.0.audience_details")
        return found

    def change_texts(self, api: Api, remote: str, found: Fields, wanted: Fields) -> None:
        """Give the audience another name."""
        fields = {"custom_audience_id": remote, "custom_audience_name": wanted["name"]}
        self._post(api, "/dmp/custom_audience/update/", fields)

    def drop(self, api: Api, remote: str) -> None:
        """Delete the audience, where it is there."""
        if self.show(api, remote) is not None:
            self._post(api, "/dmp/custom_audience/delete/", {"custom_audience_ids": [remote]})

    def create_lookalike(
        self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: PlaceSize
    ) -> None:
        """Make a lookalike, whose name may be longer than an audience's."""
        spec = {
            "source_audience_id": remote,
            "audience_size": wanted.size.upper(),
            "include_source": wanted.include_source,
            "location_ids": list(wanted.locations),
            "mobile_os": wanted.os.upper(),
            "placements": list(wanted.placements),
        }
        fields = {
            "custom_audience_name": marked_name(audience, _LONGEST_LOOKALIKE),
            "lookalike_spec": spec,
        }
        self._post(api, "/dmp/custom_audience/lookalike/create/", fields, repeatable=False)

    def _post(self, api: Api, path: str, fields: Fields, **more: Any) -> httpx.Response:
        return api.call("POST", path, {"advertiser_id": self.settings.advertiser, **fields}, **more)
