"""LinkedIn: DMP segments (matched audiences) by the Marketing API, versioned by month.

Calls, fields and limits as LinkedIn's documentation has them ("DMP Segments", "DMP Segment Users", version
2026-08) and as Segment's and RudderStack's connectors use them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import httpx
from pydantic import Field

from dbt_muster.destinations.answers import Meaning, plain_words
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.records import BatchResult, Record, Refusal, RefusedError
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

# A new segment takes no users for 5 seconds ("DMP Segments"), or up to two minutes (Segment's connector).
_NOT_READY = 30.0

_IDS = {"email": "SHA256_EMAIL", "aaid": "GOOGLE_AID"}
_PROFILE = {
    "first_name": "firstName",
    "last_name": "lastName",
    "title": "title",
    "company": "company",
    "country": "country",
}


class LinkedInSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `linkedin`."""

    account: str = Field(pattern=r"^\d+$", description="The ad account's number.")
    source_platform: str = Field(
        min_length=1, description="The code that LinkedIn gave you as a partner for audiences."
    )
    version: str = Field(
        default="202608", pattern=r"^20\d{4}$", description="The API's version; each lasts about a year."
    )


class LinkedIn(TokenPlatform):
    """Keeps a segment of users; each element of a batch is answered by itself."""

    base_url = "https://api.linkedin.com/rest"
    token_url = "https://www.linkedin.com/oauth/v2/accessToken"  # noqa: S105 - an address
    audience_path = r"/dmpSegments/\d+$"
    error_text = ("message",)
    settings_model = LinkedInSettings
    # 5,000 elements a call: Segment's connector. The rate is published to partners alone.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={
            "email": Form("email_nospace", "sha256"),
            "aaid": Form("maid"),
            "first_name": Form("text", alone=False),
            "last_name": Form("text", alone=False),
            "title": Form("text", alone=False),
            "company": Form("text", alone=False),
            "country": Form("country_upper", alone=False),
        },
        batch_size=5_000,
        largest_batch=5_000,
        creates=True,
        smallest=300,
    )

    def headers(self) -> Mapping[str, str]:
        """The version of the API and of its protocol."""
        return {"linkedin-version": self.settings.version, "x-restli-protocol-version": "2.0.0"}

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add users to the segment."""
        return self._users(api, run, records, "ADD")

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Remove users from the segment."""
        return self._users(api, run, records, "REMOVE")

    def _users(self, api: Api, run: Run, records: Sequence[Record], action: str) -> BatchResult:
        answer = api.call(
            "POST",
            f"/dmpSegments/{run.remote}/users",
            {"elements": [_element(record, action) for record in records]},
            headers={"x-restli-method": "BATCH_CREATE"},
        )
        elements = answer.json().get("elements", [])
        if len(elements) != len(records):
            raise RefusedError(f"LinkedIn answered for {len(elements)} of {len(records)} users.")
        return BatchResult(
            [
                Refusal(place, _reason(element))
                for place, element in enumerate(elements)
                if not 200 <= int(element["status"]) < 300
            ]
        )

    def meaning(self, response: httpx.Response) -> Meaning:
        """A segment that was just made is not there yet for users; `check` sees one that is gone."""
        if response.status_code in (404, 409) and response.request.url.path.endswith("/users"):
            return Meaning("later", "the segment is not ready for users yet", _NOT_READY)
        return super().meaning(response)

    # --- the segment ----------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The segment whose id at its source is the marker."""
        params = {
            "q": "account",
            "account": self._account,
            "sourceSegmentId": audience.marker,
            "sourcePlatform": self.settings.source_platform,
        }
        elements = api.call("GET", "/dmpSegments", params=params).json().get("elements", [])
        own = (each for each in elements if each.get("sourceSegmentId") == audience.marker)
        return next((str(each["id"]) for each in own), None)

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a segment; its id comes in a header."""
        body = {
            "name": audience.name,
            "description": audience.description,
            "sourcePlatform": self.settings.source_platform,
            "sourceSegmentId": audience.marker,
            "account": self._account,
            "type": "USER",
            "destinations": [{"destination": "LINKEDIN"}],
        }
        answer = api.call("POST", "/dmpSegments", body, repeatable=False)
        return str(answer.headers.get("x-restli-id") or answer.headers["x-linkedin-id"])

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the segment is there; its name is brought up to date."""
        segment = api.call("GET", f"/dmpSegments/{remote}").json()
        if segment.get("name") != audience.name:
            patch = {"patch": {"$set": {"name": audience.name}}}
            api.call("POST", f"/dmpSegments/{remote}", patch, headers={"x-restli-method": "PARTIAL_UPDATE"})
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """The segment's size at LinkedIn."""
        segment = api.call("GET", f"/dmpSegments/{remote}").json()
        sizes = [each.get("audienceSize") for each in segment.get("destinations", [])]
        return next((int(size) for size in sizes if size is not None), None)

    def drop(self, api: Api, remote: str) -> None:
        """Delete the segment."""
        api.call("DELETE", f"/dmpSegments/{remote}")

    @property
    def _account(self) -> str:
        return f"urn:li:sponsoredAccount:{self.settings.account}"


def _element(record: Record, action: str) -> dict[str, Any]:
    ids = [{"idType": kind, "idValue": value} for name, kind in _IDS.items() for value in record.values(name)]
    known = {field: record.value(name) for name, field in _PROFILE.items()} | {"userIds": ids or None}
    return {"action": action, **{field: each for field, each in known.items() if each}}


def _reason(element: Mapping[str, Any]) -> str:
    words = (element.get("error") or {}).get("message", "")
    return plain_words(f"HTTP {element['status']} {words}")
