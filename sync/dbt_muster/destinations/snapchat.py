"""Snapchat customer lists: audience segments by the Marketing API v1.

Calls, fields and statuses as in Snap's pages "Customer Lists" and "Customer Lists Lookalikes" (Ads API); the
most identifiers a request as RudderStack's connector quotes them from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import httpx
from pydantic import Field

from dbt_muster.destinations.authoring.answers import Fields, Meaning, plain_words
from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Linked
from dbt_muster.destinations.authoring.helpers import tables
from dbt_muster.destinations.authoring.lookalikes import CountrySize, LookalikeOptions
from dbt_muster.destinations.authoring.results import BatchResult

# Identifiers that a request may have.
_MOST = 100_000

_SCHEMA = {"email": "EMAIL_SHA256", "phone": "PHONE_SHA256", "mobile_advertising_id": "MOBILE_AD_ID_SHA256"}


class SnapchatSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `snapchat`."""

    ad_account: str = Field(min_length=1, pattern=r"^[0-9a-fA-F-]+$", description="The ad account's id.")
    retention_days: int = Field(
        default=9999, ge=1, le=9999, description="Days that a member stays; 9999 is for good."
    )


class Snapchat(TokenPlatform):
    """Keeps an audience segment of an ad account; it holds identifiers, and does not know whose they are."""

    base_url = "https://adsapi.snapchat.com/v1"
    token_url = "https://accounts.snapchat.com/login/oauth2/access_token"  # noqa: S105 - an address
    audience_path = "/segments/"
    verbs = ("POST", "DELETE")
    settings_model = SnapchatSettings
    options_model = LookalikeOptions[CountrySize]
    kept = Kept(
        all="/adaccounts/{ad_account}/segments",
        one="/segments/{remote}",
        pages=Linked("segments", each="segment", link="paging.next_link"),
        inside="segments.0.segment",
        description="description",
        marker="description",
        longest_name=375,
        body=lambda segment: {"segments": [segment]},
        update="PUT",
        size=("approximate_number_users",),
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={
            "email": Form("email", "sha256"),
            "phone": Form("phone_digits", "sha256"),
            "mobile_advertising_id": Form("maid", "sha256"),
        },
        batch_size=10_000,
        largest_batch=_MOST,
        creates=True,
        lookalikes=True,
        smallest=1_000,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add or remove identifiers: a call for each kind of them, because one takes one kind."""
        for name, kind in _SCHEMA.items():
            for table in tables(records, {name: kind}, _MOST):
                body = {"users": [{"schema": table.columns, "data": table.rows}]}
                api.call(verb, f"/segments/{run.remote}/users", body)
        return BatchResult()

    def meaning(self, response: httpx.Response) -> Meaning:
        """Errors have a code and words in the body, sometimes of a part of the request alone."""
        plain, told = super().meaning(response), _failure(response)
        if told is None or plain.kind in ("later", "gone"):
            return plain
        return Meaning("refused" if plain.kind == "taken" else plain.kind, f"says: {told}.", plain.wait)

    def fields(self, audience: AudienceAtPlatform) -> Fields:
        """What makes a segment one of a customer list."""
        return {
            "ad_account_id": self.settings.ad_account,
            "source_type": "FIRST_PARTY",
            "retention_in_days": self.settings.retention_days,
        }

    def change_texts(self, api: Api, remote: str, found: Fields, wanted: Fields) -> None:
        """A segment is put whole, where all of them are."""
        api.call("PUT", self.path(self.kept.all), self.kept.body({**found, **wanted}))

    def create_lookalike(
        self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: CountrySize
    ) -> None:
        """Make a segment of people who are alike."""
        spec = {
            "seed_segment_id": remote,
            "countries": list(wanted.countries),
            "type": wanted.type.upper(),
        }
        own = {"source_type": "LOOKALIKE", "retention_in_days": wanted.retention_days, "creation_spec": spec}
        self.make(api, audience, {**self.fields(audience), **own})


def _failure(response: httpx.Response) -> str | None:
    """What an answer says went wrong, where it does."""
    try:
        answer = response.json()
    except ValueError:
        return None
    parts = answer.get("segments") or answer.get("users") or []
    failed = [each for each in parts if str(each.get("sub_request_status", "")).upper() == "ERROR"]
    if str(answer.get("request_status", "")).upper() != "ERROR" and not failed:
        return None
    told = failed[0] if failed else answer
    words = told.get("debug_message") or told.get("sub_request_error_reason") or told.get("display_message")
    return plain_words(f"{words} ({answer.get('error_code', 'no code')})")
