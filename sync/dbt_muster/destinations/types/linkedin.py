"""LinkedIn: DMP segments (matched audiences) by the Marketing API, versioned by month.

Calls, fields and limits as LinkedIn's documentation has them ("DMP Segments", "DMP Segment Users", version
2026-08) and as Segment's and RudderStack's connectors use them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from dbt_muster.destinations.authoring.answers import Answered, Fields, Status
from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Call, Capabilities, Form, Kept, Pages

# A new segment takes no users for 5 seconds ("DMP Segments"), or up to two minutes (Segment's connector).
_NOT_READY = 30.0

_SOURCE = {"account": "urn:li:sponsoredAccount:{account}", "sourcePlatform": "{source_platform}"}


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
    error_text = "message"
    headers: ClassVar[Mapping[str, str]] = {
        "linkedin-version": "{version}",
        "x-restli-protocol-version": "2.0.0",
    }
    # A segment that was just made is not there yet for users; `check` sees one that is gone.
    statuses = tuple(
        Status(code, "later", "the segment is not ready for users yet", _NOT_READY, path="/users$")
        for code in (404, 409)
    )
    failed = Answered("elements", words="error.message")
    verbs = ("ADD", "REMOVE")
    settings_model = LinkedInSettings
    kept = Kept(
        all="/dmpSegments",
        pages=Pages(
            "elements",
            params={"q": "account", "sourceSegmentId": "{marker}", **_SOURCE},
            may_lack=True,
        ),
        description="description",
        marker="sourceSegmentId",
        fixed={"type": "USER", "destinations": [{"destination": "LINKEDIN"}], **_SOURCE},
        change_by=Call(
            "POST",
            "/dmpSegments/{remote}",
            {"patch": {"$set": {"name": "{audience}"}}},
            headers={"x-restli-method": "PARTIAL_UPDATE"},
        ),
        size=("destinations.0.audienceSize",),
    )
    # 5,000 elements a call: Segment's connector. The rate is published to partners alone.
    capabilities = Capabilities(
        identifiers={
            "email": Form("email_nospace", "sha256", called="SHA256_EMAIL"),
            "aaid": Form("maid", called="GOOGLE_AID"),
            "first_name": Form("text", alone=False, called="firstName"),
            "last_name": Form("text", alone=False, called="lastName"),
            "title": Form("text", alone=False, called="title"),
            "company": Form("text", alone=False, called="company"),
            "country": Form("country_upper", alone=False, called="country"),
        },
        batch_size=5_000,
        smallest=300,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add users to the segment, or remove them; each is answered by itself."""

        def send(elements: Sequence[Fields]) -> Response:
            body, headers = {"elements": elements}, {"x-restli-method": "BATCH_CREATE"}
            return api.call("POST", f"/dmpSegments/{run.remote}/users", body, headers=headers)

        return self.in_calls(records, lambda record: [self._element(record, verb)], send)

    def _element(self, record: Record, action: str) -> Fields:
        ids, profile = self.called(record)
        users = [{"idType": kind, "idValue": value} for kind, value in ids]
        return {"action": action, **profile, **({"userIds": users} if users else {})}

    def id_of(self, answer: Response) -> str:
        """The id comes in a header."""
        return str(answer.headers.get("x-restli-id") or answer.headers["x-linkedin-id"])
