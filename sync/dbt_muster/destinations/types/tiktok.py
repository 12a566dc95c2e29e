"""TikTok custom audiences: the segment interface of the API for Business v1.3.

The `/dmp/` calls are as in tiktok-business-api-sdk @f809c396 (2026-02-28, `yml_files/`). The `/segment/`
calls, which that does not describe, are as in TikTok's pages on its streaming API and in Segment's and
RudderStack's connectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Code, Codes, Fields
from dbt_muster.destinations.authoring.bases import HashedSettings, Platform
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run, Table
from dbt_muster.destinations.authoring.facts import Call, Capabilities, Form, Kept, Numbered
from dbt_muster.destinations.authoring.lookalikes import LookalikeOptions, PlaceSize

_OWN = {"advertiser_id": "{advertiser}"}
_NAMED = {**_OWN, "custom_audience_name": "{audience}"}


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
    # TikTok has no place for the marker but the name. Longer ones than these are cut off by TikTok, and the
    # marker with them ("Create or delete an audience segment").
    kept = Kept(
        all="/dmp/custom_audience/list/",
        pages=Numbered("data.list", params={**_OWN, "page_size": 100}, last="data.page_info.total_page"),
        key="audience_id",
        inside="data.list.0.audience_details",
        made="data.audience_id",
        longest_name=70,
        longest_lookalike=128,
        size=("cover_num",),
        absent=True,
        make_by=Call("POST", "/segment/audience/", {**_NAMED, "action": "create"}),
        show_by=Call(
            "GET", "/dmp/custom_audience/get/", params={**_OWN, "custom_audience_ids": '["{remote}"]'}
        ),
        change_by=Call("POST", "/dmp/custom_audience/update/", {**_NAMED, "custom_audience_id": "{remote}"}),
        drop_by=Call("POST", "/dmp/custom_audience/delete/", {**_OWN, "custom_audience_ids": ["{remote}"]}),
        liken_by=Call("POST", "/dmp/custom_audience/lookalike/create/", _NAMED),
    )
    # TikTok publishes no limit of rows for this call: 1,000 is what Tealium's connector sends.
    capabilities = Capabilities(
        identifiers={
            "email": Form("{email_rule}", "sha256", called="EMAIL_SHA256"),
            "phone": Form("phone", "sha256", called="PHONE_SHA256"),
            "idfa": Form("maid", "sha256", called="IDFA_SHA256"),
            "aaid": Form("maid", "sha256", called="AAID_SHA256"),
        },
        batch_size=1_000,
        largest_batch=10_000,
        smallest=1_000,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Map people to the audience, or take the mapping away.

        A row is a person, with a cell for each kind of identifier, empty where the person has none.
        """

        def send(table: Table) -> Response:
            body = {
                "advertiser_ids": [self.settings.advertiser],
                "action": verb,
                "id_schema": table.columns,
                "batch_data": [
                    [{"id": cell, "audience_ids": [run.remote]} if cell else {} for cell in cells]
                    for cells in table.rows
                ],
            }
            return api.call("POST", "/segment/mapping/", body)

        return self.in_tables(records, send, size=self.batch_size)

    def lookalike(self, seed: str, wanted: PlaceSize) -> Fields:
        """A lookalike's specification."""
        spec = {
            "source_audience_id": seed,
            "audience_size": wanted.size.upper(),
            "include_source": wanted.include_source,
            "location_ids": list(wanted.locations),
            "mobile_os": wanted.os.upper(),
            "placements": list(wanted.placements),
        }
        return {"lookalike_spec": spec}
