"""Mailchimp: static segments (what the interface shows as tags) of one list, by the Marketing API 3.0.

Calls and fields are those of mailchimp-marketing 3.0.80; the 500 members of a call are those of Mailchimp's
reference ("Batch subscribe or unsubscribe"). What a person agreed to by e-mail is never changed: a member
that is in the list keeps its status, and only one that is new gets `status_if_new`.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Meaning, plain_words
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api, Login
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.platform import Platform, PlatformSettings, find_marked, marked_name, secret
from dbt_muster.destinations.records import BatchResult, Record, Refusal
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

_LONGEST_NAME = 100
_PAGE = 1_000


class MailchimpSettings(PlatformSettings):
    """Settings of a destination of type `mailchimp`."""

    list: str = Field(pattern=r"^\w+$", description='The id of the list (Mailchimp\'s "audience").')
    data_centre: str = Field(
        pattern=r"^[a-z]{2,4}\d{1,3}$",
        description="Where the account is: what a key ends with, such as `us21`.",
    )
    api_key: SecretStr = Field(description="A key of the API.")
    status_if_new: Literal["transactional", "unsubscribed", "pending", "subscribed"] = Field(
        default="transactional",
        description="What someone becomes who was not in the list. `subscribed` only with their consent; "
        "`pending` sends them a mail that asks.",
    )


class Mailchimp(Platform):
    """Keeps a static segment of a list."""

    audience_path = r"/segments/\d+$"
    error_text = ("detail",)
    settings_model = MailchimpSettings
    # Ten connections at once are allowed; no rate is published.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"email": Form("email", most=1)},
        batch_size=500,
        largest_batch=500,
        concurrency=4,
        creates=True,
    )

    @property
    def url(self) -> str:
        """The address at the account's data centre."""
        return str(self.settings.url or f"https://{self.settings.data_centre}.api.mailchimp.com/3.0")

    def login(self) -> Login:
        """The key, as the password of HTTP Basic."""
        pair = base64.b64encode(f"muster:{secret(self.settings.api_key)}".encode()).decode()
        return Headers({"authorization": f"Basic {pair}"})

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Have the people in the list, whatever their status there, and put them in the segment."""
        emails = _emails(records)
        members = [{"email_address": email, "status_if_new": self.settings.status_if_new} for email in emails]
        body = {"members": members, "update_existing": True}
        # Who is in the list is not in the segment yet: where this is refused, nothing of the batch arrived.
        answer = api.call("POST", self._list, body, reads=True).json()
        refused = _refused(answer)
        taken = [email for email in emails if email.lower() not in refused]
        if taken:
            refused |= _refused(api.call("POST", self._segment(run), {"members_to_add": taken}).json())
        return _result(records, refused)

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the people out of the segment; they stay in the list."""
        api.call("POST", self._segment(run), {"members_to_remove": _emails(records)})
        return BatchResult()

    def meaning(self, response: httpx.Response) -> Meaning:
        """A bare 403 is too many connections, and one with words is a key that may not do this."""
        if response.status_code == 403 and "json" not in response.headers.get("content-type", ""):
            return Meaning("later", "HTTP 403 without a word: too many connections at once")
        return super().meaning(response)

    # --- the segment ------------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The segment whose name carries the marker; Mailchimp keeps no other text of ours."""
        return find_marked(audience, self._all(api))

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make an empty static segment."""
        body = {"name": marked_name(audience, _LONGEST_NAME), "static_segment": []}
        return str(api.call("POST", f"{self._list}/segments", body, repeatable=False).json()["id"])

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the segment is there; its name is brought up to date."""
        name, path = marked_name(audience, _LONGEST_NAME), f"{self._list}/segments/{remote}"
        if api.call("GET", path).json().get("name") != name:
            api.call("PATCH", path, {"name": name})
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """The segment's members."""
        count = api.call("GET", f"{self._list}/segments/{remote}").json().get("member_count")
        return None if count is None else int(count)

    def drop(self, api: Api, remote: str) -> None:
        """Delete the segment; its members stay in the list."""
        api.call("DELETE", f"{self._list}/segments/{remote}")

    @property
    def _list(self) -> str:
        return f"/lists/{self.settings.list}"

    def _segment(self, run: Run) -> str:
        return f"{self._list}/segments/{run.remote}"

    def _all(self, api: Api) -> Iterator[dict[str, Any]]:
        for offset in itertools.count(0, _PAGE):
            params = {"type": "static", "count": _PAGE, "offset": offset}
            segments = api.call("GET", f"{self._list}/segments", params=params).json()["segments"]
            yield from segments
            if len(segments) < _PAGE:
                return


def _emails(records: Sequence[Record]) -> list[str]:
    """The first address of each person, since a campaign would reach them at each."""
    return list(dict.fromkeys(email for each in records if (email := each.value("email"))))


def _refused(answer: Mapping[str, Any]) -> dict[str, str]:
    """The addresses that an answer names as refused, in lower case, each with the reason."""
    return {
        str(email).lower(): plain_words(each.get("error") or "refused")
        for each in answer.get("errors") or []
        for email in each.get("email_addresses") or [each.get("email_address")]
    }


def _result(records: Sequence[Record], refused: Mapping[str, str]) -> BatchResult:
    places = ((place, (each.value("email") or "").lower()) for place, each in enumerate(records))
    return BatchResult([Refusal(place, refused[email]) for place, email in places if email in refused])
