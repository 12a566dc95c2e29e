"""Mailchimp: static segments (what the interface shows as tags) of one list, by the Marketing API 3.0.

Calls and fields are those of mailchimp-marketing 3.0.80; the 500 members of a call are those of Mailchimp's
reference ("Batch subscribe or unsubscribe"). What a person agreed to by e-mail is never changed: a member
that is in the list keeps its status, and only one that is new gets `status_if_new`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Status, plain_words
from dbt_muster.destinations.authoring.bases import Platform, PlatformSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Refusal, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Offset
from dbt_muster.destinations.authoring.helpers import Login, basic, first_values, secret


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

    base_url = "https://{data_centre}.api.mailchimp.com/3.0"
    audience_path = r"/segments/\d+$"
    error_text = "detail"
    # With words it is a key that may not do this.
    statuses = (Status(403, "later", "HTTP 403 without a word: too many connections at once", json=False),)
    settings_model = MailchimpSettings
    # Mailchimp keeps no text of ours but the name. Deleting a segment keeps its members in the list.
    kept = Kept(
        all="/lists/{list}/segments",
        pages=Offset("segments", params={"type": "static"}, size=1_000, limit="count", skip="offset"),
        longest_name=100,
        fixed={"static_segment": []},
        update="PATCH",
        size=("member_count",),
    )
    # Ten connections at once are allowed; no rate is published.
    capabilities = Capabilities(identifiers={"email": Form("email", most=1)}, batch_size=500, concurrency=4)

    def login(self) -> Login:
        """The key, as the password of HTTP Basic."""
        return basic("muster", secret(self.settings.api_key))

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Have the people in the list, whatever their status there, and put them in the segment."""
        # A campaign would reach a person at each address.
        emails = first_values(records, "email")
        members = [{"email_address": email, "status_if_new": self.settings.status_if_new} for email in emails]
        body = {"members": members, "update_existing": True}
        # Who is in the list is not in the segment yet: where this is refused, nothing of the batch arrived.
        answer = api.call("POST", self.path("/lists/{list}"), body, reads=True).json()
        refused = _refused(answer)
        taken = [email for email in emails if email.lower() not in refused]
        if taken:
            refused |= _refused(api.call("POST", self._segment(run), {"members_to_add": taken}).json())
        return _result(records, refused)

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the people out of the segment; they stay in the list."""
        api.call("POST", self._segment(run), {"members_to_remove": first_values(records, "email")})
        return BatchResult()

    def _segment(self, run: Run) -> str:
        return self.path(self.one, str(run.remote))


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
