"""Microsoft Advertising: customer lists by the Campaign Management API v13, as JSON.

Names and types are those of the service's WSDL, version 13; limits are those of the pages
"CustomerListUserData" and "ApplyCustomerListUserData" (August 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Code, Codes, Fields, Named
from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, Batch, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept
from dbt_muster.destinations.authoring.helpers import NOBODY, in_calls, known_by, refusals
from dbt_muster.destinations.authoring.results import BatchResult, RefusedError

_MOST_ITEMS = 1_000  # a call: CustomerListUserData.CustomerListItems

# Items, or lists, that an answer that is good otherwise says were not taken.
_FAILED = Named("PartialErrors", "Index", words=("Message",), code=("ErrorCode", "Code"))


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

    @property
    def owner(self) -> str:
        """Whose a new list is."""
        return self.account if self.scope == "Account" else self.customer


class MicrosoftAdvertising(TokenPlatform):
    """Keeps a customer list of e-mail addresses."""

    base_url = "https://campaign.api.bingads.microsoft.com/CampaignManagement/v13"
    token_url = "https://login.microsoftonline.com/common/oauth2/v2.0/token"  # noqa: S105 - an address
    token_form: ClassVar[Mapping[str, str]] = {
        "scope": "https://ads.microsoft.com/msads.manage offline_access"
    }
    headers: ClassVar[Mapping[str, str]] = {
        "developertoken": "{developer_token}",
        "customeraccountid": "{account}",
        "customerid": "{customer}",
    }
    # The page "Campaign Management error codes", and for 8003 the page "CustomerListUserData" (August 2026).
    codes = Codes(
        known=(
            Code("105|109", "login", "log in again"),
            Code("106", "stopped", "ask for access to the account"),
            Code("117", "later", "too many calls", wait=60),
            Code(
                "8003",
                "stopped",
                "accept the terms for customer lists at Microsoft Advertising, or set "
                "`accept_customer_match_terms: true`",
            ),
        ),
        errors=("Errors", "OperationErrors", "BatchErrors", "PartialErrors"),
        code=("ErrorCode", "Code"),
        words=("Message",),
        one="Index",
    )
    verbs = ("Add", "Remove")
    settings_model = MicrosoftAdvertisingSettings
    kept = Kept(
        all="/Audiences",
        one="/Audiences",
        key="Id",
        made="AudienceIds.0",
        name="Name",
        description="Description",
        marker="Description",
        fixed={"MembershipDuration": "{membership_days}", "ParentId": "{owner}", "Scope": "{scope}"},
        update="PUT",
        body=lambda made: {"Audiences": [{"Type": "CustomerList", **made}]},
        updates=("Name", "Description"),
        update_with={"Id": "{remote}"},
        size=("SearchSize",),
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"email": Form("email", "sha256")},
        batch_size=_MOST_ITEMS,
        largest_batch=_MOST_ITEMS,
        creates=True,
        replaces=True,
        smallest=300,
    )

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """The first call of a run puts its addresses in the place of all others; the others add theirs."""
        return self.change(api, run, batch.records, "Replace" if batch.number == 1 else "Add")

    def finish(self, api: Api, run: Run) -> None:
        """A run that replaces all with nobody has no batch; nobody is put there, and taken out again."""
        if run.mode == "full" and run.batches == 0:
            for action in ("Replace", "Remove"):
                self._items(api, run, [NOBODY], action)

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add addresses to the list, remove them, or put them in the place of all others."""
        people = list(known_by(records, ["email"]))
        values = list(dict.fromkeys(person.value for person in people))
        verbs = chain([verb], repeat("Add" if verb == "Replace" else verb))

        def send(items: Sequence[str]) -> Mapping[int, str]:
            return self._items(api, run, items, next(verbs))

        refused = in_calls(range(len(values)), values, _MOST_ITEMS, send).refusals
        failed = {values[each.index]: each.reason for each in refused}
        reasons = {n: failed[person.value] for n, person in enumerate(people) if person.value in failed}
        places = [person.place for person in people]
        return BatchResult(refusals(places, reasons, removing=verb == "Remove"))

    def _items(self, api: Api, run: Run, items: Sequence[str], action: str) -> Mapping[int, str]:
        accepts = self.settings.accept_customer_match_terms
        data = {
            "AudienceId": run.remote,
            "ActionType": action,
            "CustomerListItemSubType": "Email",
            "CustomerListItems": list(items),
            **({} if accepts is None else {"AcceptCustomerMatchTerm": accepts}),
        }
        answer = api.call("POST", "/CustomerListUserData/Apply", {"CustomerListUserData": data})
        return _FAILED.items(answer)

    # --- the list ---------------------------------------------------------------------------------------

    def listed(self, api: Api, audience: AudienceAtPlatform) -> Iterator[Fields]:
        """All lists."""
        return iter(self._lists(api, None))

    def ask(self, api: Api, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """What is refused of one list comes in a good answer."""
        answer = api.call(method, path, json, **more)
        for reason in _FAILED.items(answer).values():
            raise RefusedError(f"The list was refused: {reason}")
        return answer

    def show(self, api: Api, remote: str, params: Fields | None = None) -> Fields | None:
        """A list; none is answered where it is not there."""
        return next(iter(self._lists(api, remote)), None)

    def drop(self, api: Api, remote: str) -> None:
        """Delete the list."""
        try:
            self.ask(api, "DELETE", "/Audiences", {"AudienceIds": [remote]})
        except RefusedError:
            if self._lists(api, remote):
                raise

    def _lists(self, api: Api, remote: str | None) -> list[dict[str, Any]]:
        body = {"AudienceIds": [remote] if remote else None, "Type": "CustomerList"}
        answer = api.call("POST", "/Audiences/QueryByIds", body, reads=True).json()
        return [each for each in answer.get("Audiences") or [] if each]
