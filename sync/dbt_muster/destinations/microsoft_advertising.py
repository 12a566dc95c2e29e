"""Microsoft Advertising: customer lists by the Campaign Management API v13, as JSON.

Names and types are those of the service's WSDL, version 13; limits are those of the pages
"CustomerListUserData" and "ApplyCustomerListUserData" (August 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Meaning
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.microsoft_faults import by_codes, first_reason, place_of, reason
from dbt_muster.destinations.nobody import NOBODY
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.platform import find_marked, marked_description, secret
from dbt_muster.destinations.records import Batch, BatchResult, Record, Refusal, RefusedError
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

_MOST_ITEMS = 1_000  # a call: CustomerListUserData.CustomerListItems


class MicrosoftAdvertisingSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `microsoft_advertising`."""

    beside_refresh: ClassVar[tuple[str, ...]] = ("client_id",)

    developer_token: SecretStr = Field(description="The developer token.")
    account: str = Field(pattern=r"^\d+$", description="The account's number (not its code of letters).")
    customer: str = Field(pattern=r"^\d+$", description="The customer's (manager account's) number.")
    scope: Literal["Account", "Customer"] = Field(
        default="Account", description="Who may use the list: the account, or all of the customer's."
    )
    membership_days: int = Field(
        default=-1, ge=-1, le=390, description="Days after which a member leaves by itself; -1 is never."
    )
    accept_customer_match_terms: bool | None = Field(
        default=None, description="`true` accepts Microsoft's terms for customer lists with each call."
    )


class MicrosoftAdvertising(TokenPlatform):
    """Keeps a customer list of e-mail addresses."""

    base_url = "https://campaign.api.bingads.microsoft.com/CampaignManagement/v13"
    token_url = "https://login.microsoftonline.com/common/oauth2/v2.0/token"  # noqa: S105 - an address
    settings_model = MicrosoftAdvertisingSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"email": Form("email", "sha256")},
        batch_size=_MOST_ITEMS,
        largest_batch=_MOST_ITEMS,
        creates=True,
        replaces=True,
        smallest=300,
    )

    def headers(self) -> Mapping[str, str]:
        """Who calls, and for which account."""
        return {
            "developertoken": secret(self.settings.developer_token),
            "customeraccountid": self.settings.account,
            "customerid": self.settings.customer,
        }

    def token_form(self) -> Mapping[str, str]:
        """What the token is for."""
        return {"scope": "https://ads.microsoft.com/msads.manage offline_access"}

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add addresses to the list."""
        return self._apply(api, run, records, "Add")

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Remove addresses from the list."""
        return self._apply(api, run, records, "Remove")

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """The first call of a run puts its addresses in the place of all others; the others add theirs."""
        return self._apply(api, run, batch.records, "Replace" if batch.number == 1 else "Add")

    def finish(self, api: Api, run: Run) -> None:
        """A run that replaces all with nobody has no batch; nobody is put there, and taken out again."""
        if run.mode == "full" and run.batches == 0:
            for action in ("Replace", "Remove"):
                self._items(api, run, [NOBODY], action)

    def _apply(self, api: Api, run: Run, records: Sequence[Record], action: str) -> BatchResult:
        places: dict[str, list[int]] = {}
        for place, record in enumerate(records):
            for value in record.values("email"):
                places.setdefault(value, []).append(place)
        failed: dict[str, str] = {}
        for items in _parts(list(places)):
            errors = self._items(api, run, items, action)
            failed |= {items[place_of(error, len(items))]: reason(error) for error in errors}
            action = "Add" if action == "Replace" else action
        # Someone of whom another address was taken is held.
        held = {place for value, own in places.items() if value not in failed for place in own}
        refused = {place: words for value, words in failed.items() for place in places[value]}
        return BatchResult([Refusal(at, refused[at]) for at in sorted(refused) if at not in held])

    def _items(self, api: Api, run: Run, items: Sequence[str], action: str) -> list[dict[str, Any]]:
        accepts = self.settings.accept_customer_match_terms
        data = {
            "AudienceId": run.remote,
            "ActionType": action,
            "CustomerListItemSubType": "Email",
            "CustomerListItems": list(items),
            **({} if accepts is None else {"AcceptCustomerMatchTerm": accepts}),
        }
        answer = api.call("POST", "/CustomerListUserData/Apply", {"CustomerListUserData": data})
        return answer.json().get("PartialErrors") or []

    def meaning(self, response: httpx.Response) -> Meaning:
        """What an answer means by the codes of the errors in it, else by its status."""
        return by_codes(response)

    # --- the list ---------------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The list whose description carries the marker."""
        return find_marked(audience, self._lists(api, None), text="Description", key="Id")

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a list."""
        settings = self.settings
        body = {
            "Type": "CustomerList",
            **_shown(audience),
            "MembershipDuration": settings.membership_days,
            "ParentId": settings.account if settings.scope == "Account" else settings.customer,
            "Scope": settings.scope,
        }
        answer = api.call("POST", "/Audiences", {"Audiences": [body]}, repeatable=False).json()
        made = (answer.get("AudienceIds") or [None])[0]
        if made is None:
            raise RefusedError(f"The list was not made: {first_reason(answer)}")
        return str(made)

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the list is there; its name and description are brought up to date."""
        found = next(iter(self._lists(api, remote)), None)
        shown = _shown(audience)
        if found is not None and any(found.get(key) != text for key, text in shown.items()):
            body = {"Type": "CustomerList", "Id": remote, **shown}
            answer = api.call("PUT", "/Audiences", {"Audiences": [body]}).json()
            if answer.get("PartialErrors"):
                raise RefusedError(f"The list was not renamed: {first_reason(answer)}")
        return found is not None

    def count(self, api: Api, remote: str) -> int | None:
        """How many people the list reaches in search."""
        sizes = (each.get("SearchSize") for each in self._lists(api, remote))
        return next((int(size) for size in sizes if size is not None), None)

    def drop(self, api: Api, remote: str) -> None:
        """Delete the list."""
        answer = api.call("DELETE", "/Audiences", {"AudienceIds": [remote]}).json()
        if answer.get("PartialErrors") and self._lists(api, remote):
            raise RefusedError(f"The list was not deleted: {first_reason(answer)}")

    def _lists(self, api: Api, remote: str | None) -> list[dict[str, Any]]:
        body = {"AudienceIds": [remote] if remote else None, "Type": "CustomerList"}
        answer = api.call("POST", "/Audiences/QueryByIds", body, reads=True).json()
        return [each for each in answer.get("Audiences") or [] if each]


def _shown(audience: AudienceAtPlatform) -> dict[str, str]:
    return {"Name": audience.name, "Description": marked_description(audience)}


def _parts(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _MOST_ITEMS):
        yield items[start : start + _MOST_ITEMS]
