"""Snapchat customer lists: audience segments by the Marketing API v1.

Calls, fields and statuses as in Snap's pages "Customer Lists" and "Customer Lists Lookalikes" (Ads API); the
most identifiers a request as RudderStack's connector quotes them from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import httpx
from pydantic import Field

from dbt_muster.destinations.answers import Meaning, by_status, plain_words
from dbt_muster.destinations.base import SyncOptions
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.lookalikes import CountrySize, OneOrMore
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.platform import find_marked, marked_description
from dbt_muster.destinations.records import BatchResult, Record
from dbt_muster.destinations.rows import parts_of, rows_of
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

# Identifiers that a request may have.
_MOST = 100_000

_SCHEMA = {"email": "EMAIL_SHA256", "phone": "PHONE_SHA256", "mobile_advertising_id": "MOBILE_AD_ID_SHA256"}


class SnapchatSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `snapchat`."""

    ad_account: str = Field(min_length=1, pattern=r"^[0-9a-fA-F-]+$", description="The ad account's id.")
    retention_days: int = Field(
        default=9999, ge=1, le=9999, description="Days that a member stays; 9999 is for good."
    )


class SnapchatOptions(SyncOptions):
    """What an entry of `sync:` may say besides."""

    lookalike: Annotated[tuple[CountrySize, ...], OneOrMore] = Field(
        default=(), description="Lookalikes that Snapchat makes of the audience."
    )


class Snapchat(TokenPlatform):
    """Keeps an audience segment of an ad account; it holds identifiers, and does not know whose they are."""

    base_url = "https://adsapi.snapchat.com/v1"
    token_url = "https://accounts.snapchat.com/login/oauth2/access_token"  # noqa: S105 - an address
    settings_model = SnapchatSettings
    options_model = SnapchatOptions
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

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add identifiers."""
        return self._users(api, "POST", run, records)

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Remove identifiers."""
        return self._users(api, "DELETE", run, records)

    def _users(self, api: Api, method: str, run: Run, records: Sequence[Record]) -> BatchResult:
        """A call for each kind of identifier, because one takes one kind."""
        for name, kind in _SCHEMA.items():
            for rows in parts_of(rows_of(records, [name]), _MOST):
                body = {"users": [{"schema": [kind], "data": [row.cells for row in rows]}]}
                api.call(method, f"/segments/{run.remote}/users", body)
        return BatchResult()

    def meaning(self, response: httpx.Response) -> Meaning:
        """Errors have a code and words in the body, sometimes of a part of the request alone."""
        plain = by_status(response)
        told = _failure(response)
        if response.status_code == 404 and "/segments/" in response.request.url.path:
            return Meaning("gone", "has no such segment any more.")
        if told is None or plain.kind == "later":
            return plain
        return Meaning("refused" if plain.kind == "taken" else plain.kind, f"says: {told}.", plain.wait)

    # --- the segment -----------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The segment whose description carries the marker."""
        return find_marked(audience, self._all(api), text="description")

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a segment for a customer list."""
        fields = {"source_type": "FIRST_PARTY", "retention_in_days": self.settings.retention_days}
        return self._create(api, audience, fields)

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the segment is there; its name is brought up to date."""
        found = self._read(api, remote)
        if found["name"] != _name(audience):
            changed = {**found, "name": _name(audience)}
            api.call("PUT", f"{self._account}/segments", {"segments": [changed]})
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """Roughly how many people Snapchat found."""
        size = self._read(api, remote).get("approximate_number_users")
        return int(size) if size is not None else None

    def drop(self, api: Api, remote: str) -> None:
        """Delete the segment."""
        api.call("DELETE", f"/segments/{remote}")

    def create_lookalike(self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: Any) -> None:
        """Make a segment of people who are alike."""
        spec = {
            "seed_segment_id": remote,
            "countries": list(wanted.countries),
            "type": wanted.type.upper(),
        }
        days = wanted.retention_days
        fields = {"source_type": "LOOKALIKE", "retention_in_days": days, "creation_spec": spec}
        self._create(api, audience, fields)

    def _create(self, api: Api, audience: AudienceAtPlatform, fields: Mapping[str, Any]) -> str:
        segment = {
            "name": _name(audience),
            "description": marked_description(audience),
            "ad_account_id": self.settings.ad_account,
            **fields,
        }
        answer = api.call("POST", f"{self._account}/segments", {"segments": [segment]}, repeatable=False)
        return str(answer.json()["segments"][0]["segment"]["id"])

    def _read(self, api: Api, remote: str) -> dict[str, Any]:
        return dict(api.call("GET", f"/segments/{remote}").json()["segments"][0]["segment"])

    def _all(self, api: Api) -> Iterator[Mapping[str, Any]]:
        """All segments; a page names the address of the next."""
        path = f"{self._account}/segments"
        while path:
            page = api.call("GET", path).json()
            yield from (each["segment"] for each in page["segments"])
            link = page.get("paging", {}).get("next_link")
            path = f"{self._account}/segments?{httpx.URL(link).query.decode()}" if link else ""

    @property
    def _account(self) -> str:
        return f"/adaccounts/{self.settings.ad_account}"


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


def _name(audience: AudienceAtPlatform) -> str:
    """A name of a segment has at most 375 characters."""
    return audience.name[:375]
