"""Snapchat customer lists: audience segments by the Marketing API v1.

Calls, fields and statuses as in Snap's pages "Customer Lists" and "Customer Lists Lookalikes" (Ads API); the
most identifiers a request as RudderStack's connector quotes them from there.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from dbt_muster.destinations.authoring.answers import Codes, Fields
from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Linked
from dbt_muster.destinations.authoring.helpers import tables
from dbt_muster.destinations.authoring.lookalikes import CountrySize, LookalikeOptions

# Identifiers that a request may have.
_MOST = 100_000


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
    # Answers have a code and words, and sometimes these are of a part of the request alone.
    codes = Codes(
        known=(),
        errors=("segments", "users", ""),
        code=("error_code", "sub_request_status", "request_status"),
        words=("debug_message", "sub_request_error_reason", "display_message"),
        fine="(?i)success",
    )
    verbs = ("POST", "DELETE")
    settings_model = SnapchatSettings
    options_model = LookalikeOptions[CountrySize]
    kept = Kept(
        all="/adaccounts/{ad_account}/segments",
        one="/segments/{remote}",
        pages=Linked("segments", each="segment", link="paging.next_link"),
        inside="segments.0.segment",
        description="description",
        longest_name=375,
        body=lambda segment: {"segments": [segment]},
        update="PUT",
        fixed={
            "ad_account_id": "{ad_account}",
            "source_type": "FIRST_PARTY",
            "retention_in_days": "{retention_days}",
        },
        size=("approximate_number_users",),
    )
    capabilities = Capabilities(
        identifiers={
            "email": Form("email", "sha256", called="EMAIL_SHA256"),
            "phone": Form("phone_digits", "sha256", called="PHONE_SHA256"),
            "mobile_advertising_id": Form("maid", "sha256", called="MOBILE_AD_ID_SHA256"),
        },
        batch_size=10_000,
        largest_batch=_MOST,
        smallest=1_000,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add or remove identifiers: a call for each kind of them, because one takes one kind."""
        for name, kind in self.capabilities.called.items():
            for table in tables(records, {name: kind}, _MOST):
                api.call(verb, f"/segments/{run.remote}/users", {"users": [table.written]})
        return BatchResult()

    def change_texts(self, api: Api, remote: str, found: Fields, wanted: Fields) -> None:
        """A segment is put whole, where all of them are."""
        api.call("PUT", self.path(self.kept.all), self.kept.body({**found, **wanted}))

    def lookalike(self, seed: str, wanted: CountrySize) -> Fields:
        """A segment of people who are alike."""
        spec = {"seed_segment_id": seed, "countries": list(wanted.countries), "type": wanted.type.upper()}
        own = {"source_type": "LOOKALIKE", "retention_in_days": wanted.retention_days, "creation_spec": spec}
        return {**self.filled(self.kept.fixed), **own}
