"""Google customer match lists by the Data Manager API, v1.

Messages, fields and enums as in google-ads-datamanager 0.9.4, the official client, which makes the calls;
limits and formats as in the developer guide ("Limits and quotas", "Format user data", "Errors", 2026).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from dbt_muster.destinations.authoring.answers import Code, Fields, google_codes, violations
from dbt_muster.destinations.authoring.bases import Digits, GooglePlatform, GoogleTokenSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Jobs, Kept, Pages, Seconds, parts
from dbt_muster.destinations.authoring.helpers import pieces

_DESTINATION = {
    "operating_account": {"account_type": "{account_type}", "account_id": "{account}"},
    "login_account": {"account_type": "{account_type}", "account_id": "{login_account}"},
    "product_destination_id": "{remote}",
}
_ACCEPT = "accept the customer match terms in the account"
_CONSENT = {"consent": {"ad_user_data": "CONSENT_GRANTED", "ad_personalization": "CONSENT_GRANTED"}}
_TERMS = {"terms_of_service": {"customer_match_terms_of_service_status": "ACCEPTED"}}


class GoogleSettings(GoogleTokenSettings):
    """Settings of a destination of type `google_data_manager`."""

    account: Digits = Field(pattern=r"^[\d-]+$", description="The number of the account that holds the list.")
    account_type: Literal[
        "GOOGLE_ADS", "DISPLAY_VIDEO_ADVERTISER", "DISPLAY_VIDEO_PARTNER", "GOOGLE_AD_MANAGER_AUDIENCE_LINK"
    ] = Field(default="GOOGLE_ADS", description="What kind of account it is.")
    login_account: Digits | None = Field(
        default=None, pattern=r"^[\d-]+$", description="The manager account that the login belongs to."
    )
    customer_match_terms: Literal["accepted"] = Field(
        description="`accepted`: the account has accepted Google's customer match terms."
    )
    membership_days: int = Field(
        default=540, ge=1, le=540, description="Days that a member stays without being sent again."
    )


class GoogleDataManager(GooglePlatform):
    """Keeps a customer match list of an account; what is sent is worked on later, as a job."""

    base_url = "https://datamanager.googleapis.com"
    package = "google.ads.datamanager_v1"
    scope = "https://www.googleapis.com/auth/datamanager"
    headers: ClassVar[Fields] = {"login-account": "accountTypes/{account_type}/accounts/{login_account}"}
    verbs = ("ingest", "remove")
    audience_path = "/userLists/"
    # Reasons of the enum ErrorReason. Those that are not here are about members or what their status says.
    codes = google_codes(
        Code("INVALID_DESTINATION", "stopped", "see whether `account` and `login_account` are right"),
        Code("INVALID_USER_LIST_ID", "stopped", "the list is not there any more"),
        Code("INVALID_USER_LIST_TYPE", "stopped", "the list does not take contact data"),
        Code("DESTINATION_ACCOUNT_TYPE_MISMATCH", "stopped", "see whether `account_type` is right"),
        Code("TERMS_AND_CONDITIONS_NOT_SIGNED|ADVERTISER_TOS_NOT_ACCEPTED", "stopped", _ACCEPT),
        Code("DISPLAY_NAME_ALREADY_USED", "refused", "another list has the name"),
    )
    named = violations(r"(?i)audience_?members\[(\d+)\]")
    # Google counts the records that it could not use and names none. It can be asked for some 50 days.
    jobs = Jobs(
        made="request_id",
        one="/v1/requestStatus:retrieve?request_id={job}",
        states="request_status_per_destination.request_status",
        done="SUCCESS|PARTIAL_SUCCESS",
        failed="FAILED",
        errors="request_status_per_destination.error_info.error_counts",
        count="record_count",
        reason="reason",
        prefix="PROCESSING_ERROR_REASON_",
    )
    settings_model = GoogleSettings
    kept = Kept(
        all="/v1/accountTypes/{account_type}/accounts/{account}/userLists",
        pages=Pages("user_lists", params={"filter": 'integration_code = "{marker}"'}),
        name="display_name",
        description="description",
        marker="integration_code",
        names_differ=True,
        fixed={
            "ingested_user_list_info.upload_key_types": ["CONTACT_ID"],
            "ingested_user_list_info.contact_id_info.data_source_type": "DATA_SOURCE_TYPE_FIRST_PARTY",
            "membership_duration": Seconds(days="membership_days"),
        },
        update="PATCH",
        size=("size_info.display_network_members_count",),  # those that its display network knows
    )
    # 10,000 members a request, 300 ingestion calls a minute and project ("Limits and quotas").
    capabilities = Capabilities(
        identifiers={
            "email": Form("email_google", "sha256", called="email_address"),
            "phone": Form("phone", "sha256", called="phone_number"),
            **parts({"first_name": "given_name", "last_name": "family_name"}, "name_trimmed"),
            "country": Form("country_upper", alone=False, called="region_code"),
            "postcode": Form("postcode_trimmed", alone=False, called="postal_code"),
        },
        batch_size=10_000,
        rate=5,
        concurrency=4,
        replaces=True,
        consent=True,
        removes_later=True,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add members, each with the consent that was asked of whoever is sent, or remove them."""
        adds = verb == "ingest"
        of_each, of_all = _CONSENT if adds and run.consent else {}, _TERMS if adds else {}
        body = {"destinations": [self.filled(_DESTINATION, run.remote)], "encoding": "HEX", **of_all}

        def members(record: Record) -> list[Fields]:
            contacts, address = self.called(record)
            found: list[Fields] = [{name: value} for name, value in contacts]
            # No part of an address is taken, and no more than 10 identifiers ("Format user data").
            found += [{"address": address}] if len(address) == 4 else []
            return [{"user_data": {"user_identifiers": part}, **of_each} for part in pieces(found, 10)]

        def send(sent: Sequence[Fields]) -> Response:
            return api.call("POST", f"/v1/audienceMembers:{verb}", {**body, "audience_members": sent})

        return self.in_calls(records, members, send)

    def finish(self, api: Api, run: Run) -> None:
        """Remove who was last added before a run that replaces everybody: the list is never empty."""
        body = {"destinations": [self.filled(_DESTINATION, run.remote)], "remove_as_of_time": run.began}
        api.call("POST", "/v1/audienceMembers:removeAll", body)
