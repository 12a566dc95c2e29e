"""TikTok custom audiences: the segment interface of the API for Business v1.3.

The `/dmp/` calls are as in tiktok-business-api-sdk @f809c396 (2026-02-28, `yml_files/`). The `/segment/`
calls, which that does not describe, are as in TikTok's pages on its streaming API and in Segment's and
RudderStack's connectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Kind, Meaning, by_status, plain_words
from dbt_muster.destinations.base import SyncOptions
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.lookalikes import OneOrMore, PlaceSize
from dbt_muster.destinations.oauth import HashedSettings
from dbt_muster.destinations.platform import Platform, find_marked, marked_name, secret
from dbt_muster.destinations.records import BatchResult, Record
from dbt_muster.destinations.rows import parts_of, rows_of, used_columns
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

# A name that is longer is cut off by TikTok, and the marker with it ("Create or delete an audience segment").
_LONGEST_NAME = 70
_LONGEST_LOOKALIKE = 128

_SCHEMA = {"email": "EMAIL_SHA256", "phone": "PHONE_SHA256", "idfa": "IDFA_SHA256", "aaid": "AAID_SHA256"}

# TikTok's return codes, which come with HTTP 200. All others are about the account or the call.
_CODES: dict[int, tuple[Kind, str]] = {
    40001: ("stopped", "the token may not do this for the advertiser"),
    40002: ("refused", ""),
    40100: ("later", "too many calls"),
    40105: ("stopped", "make a new access token and set its variable anew"),
}


class TikTokSettings(HashedSettings):
    """Settings of a destination of type `tiktok`."""

    advertiser: str = Field(pattern=r"^\d+$", description="The advertiser's number.")
    access_token: SecretStr = Field(description="The token that the advertiser gave to your app.")
    email_rule: Literal["email", "email_dotless"] = Field(
        default="email",
        description="`email_dotless` leaves out dots and what follows a `+` before hashing, as Segment does.",
    )


class TikTokOptions(SyncOptions):
    """What an entry of `sync:` may say besides."""

    lookalike: Annotated[tuple[PlaceSize, ...], OneOrMore] = Field(
        default=(), description="Lookalikes that TikTok makes of the audience."
    )


class TikTok(Platform):
    """Keeps an audience segment of an advertiser."""

    base_url = "https://business-api.tiktok.com/open_api/v1.3"
    settings_model = TikTokSettings
    options_model = TikTokOptions
    # TikTok publishes no limit of rows for this call: 1,000 is what Tealium's connector sends.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={
            "email": Form("email", "sha256"),
            "phone": Form("phone", "sha256"),
            "idfa": Form("maid", "sha256"),
            "aaid": Form("maid", "sha256"),
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

    def login(self) -> Headers:
        """A token that lasts, in a header of TikTok's own."""
        return Headers({"access-token": secret(self.settings.access_token)})

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Map people to the audience."""
        return self._map(api, "add", run, records)

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take people's mapping away."""
        return self._map(api, "delete", run, records)

    def _map(self, api: Api, action: str, run: Run, records: Sequence[Record]) -> BatchResult:
        """A row a person, with a cell for each kind of identifier, empty where the person has none."""
        columns = used_columns(records, _SCHEMA)
        audiences = [run.remote]
        for rows in parts_of(rows_of(records, columns), self.batch_size):
            body = {
                "advertiser_ids": [self.settings.advertiser],
                "action": action,
                "id_schema": [_SCHEMA[column] for column in columns],
                "batch_data": [
                    [{"id": cell, "audience_ids": audiences} if cell else {} for cell in row.cells]
                    for row in rows
                ],
            }
            api.call("POST", "/segment/mapping/", body)
        return BatchResult()

    def meaning(self, response: httpx.Response) -> Meaning:
        """Errors come with HTTP 200 and a code that is not 0."""
        if not response.is_success:
            return by_status(response)
        try:
            answer = response.json()
            code = int(answer["code"])
        except (ValueError, KeyError, TypeError):
            return Meaning("later", "no answer of TikTok's", doubtful=True)
        words = f"says: {plain_words(answer.get('message', ''))} (code {code})"
        if code == 0:
            return Meaning("taken")
        if code in _CODES:
            kind, advice = _CODES[code]
            return Meaning(kind, f"{words}{f'; {advice}' if advice else ''}.")
        # 50000 and above are TikTok's own trouble.
        return Meaning("later" if code >= 50_000 else "stopped", f"{words}.", doubtful=code >= 50_000)

    # --- the audience ----------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The audience whose name carries the marker, which TikTok has no other place for."""
        return find_marked(audience, self._all(api), key="audience_id")

    def _all(self, api: Api) -> Iterator[Mapping[str, Any]]:
        page, pages = 1, 1
        while page <= pages:
            params = {"advertiser_id": self.settings.advertiser, "page": page, "page_size": 100}
            data = api.call("GET", "/dmp/custom_audience/list/", params=params).json()["data"]
            yield from data["list"]
            page, pages = page + 1, int(data.get("page_info", {}).get("total_page", 1))

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make an audience that members are mapped to."""
        body = {
            "advertiser_id": self.settings.advertiser,
            "custom_audience_name": marked_name(audience, _LONGEST_NAME),
            "action": "create",
        }
        answer = api.call("POST", "/segment/audience/", body, repeatable=False)
        return str(answer.json()["data"]["audience_id"])

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the audience is there; its name is brought up to date."""
        found, name = self._details(api, remote), marked_name(audience, _LONGEST_NAME)
        if found is not None and found["name"] != name:
            body = {
                "advertiser_id": self.settings.advertiser,
                "custom_audience_id": remote,
                "custom_audience_name": name,
            }
            api.call("POST", "/dmp/custom_audience/update/", body)
        return found is not None

    def count(self, api: Api, remote: str) -> int | None:
        """How many people TikTok can reach of the audience."""
        found = self._details(api, remote)
        return int(found["cover_num"]) if found and found.get("cover_num") is not None else None

    def _details(self, api: Api, remote: str) -> dict[str, Any] | None:
        params = {
            "advertiser_id": self.settings.advertiser,
            "custom_audience_ids": json.dumps([remote]),
        }
        listed = api.call("GET", "/dmp/custom_audience/get/", params=params).json()["data"]["list"]
        return listed[0]["audience_details"] if listed else None

    def drop(self, api: Api, remote: str) -> None:
        """Delete the audience, where it is there."""
        if self._details(api, remote) is not None:
            body = {"advertiser_id": self.settings.advertiser, "custom_audience_ids": [remote]}
            api.call("POST", "/dmp/custom_audience/delete/", body)

    def create_lookalike(self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: Any) -> None:
        """Make a lookalike, whose name may be longer than an audience's."""
        body = {
            "advertiser_id": self.settings.advertiser,
            "custom_audience_name": marked_name(audience, _LONGEST_LOOKALIKE),
            "lookalike_spec": {
                "source_audience_id": remote,
                "audience_size": wanted.size.upper(),
                "include_source": wanted.include_source,
                "location_ids": list(wanted.locations),
                "mobile_os": wanted.os.upper(),
                "placements": list(wanted.placements),
            },
        }
        api.call("POST", "/dmp/custom_audience/lookalike/create/", body, repeatable=False)
