"""Microsoft Advertising: customer lists by the Campaign Management API v13, as JSON.

Names and types are those of the service's WSDL, version 13; limits are those of the pages
"CustomerListUserData" and "ApplyCustomerListUserData" (August 2026).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Code, Codes, Named
from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, Batch, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Call, Capabilities, Form, Kept, Pages

_LISTS = "/Audiences/QueryByIds"


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
    token_scope = "https://ads.microsoft.com/msads.manage offline_access"  # noqa: S105 - a scope
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
            Code("8003", "stopped", "accept the terms for lists, or set `accept_customer_match_terms: true`"),
        ),
        errors=("Errors", "OperationErrors", "BatchErrors", "PartialErrors"),
        code=("ErrorCode", "Code"),
        words=("Message",),
        one="Index",
        many="/(Apply|QueryByIds)$",
    )
    failed = Named("PartialErrors", "Index", words=("Message",), code=("ErrorCode", "Code"))
    verbs = ("Add", "Remove")
    ending = "empty"
    settings_model = MicrosoftAdvertisingSettings
    kept = Kept(
        all="/Audiences",
        one="/Audiences",
        pages=Pages("Audiences", may_lack=True),
        key="Id",
        inside="Audiences.0",
        made="AudienceIds.0",
        name="Name",
        description="Description",
        fixed={"MembershipDuration": "{membership_days}", "ParentId": "{owner}", "Scope": "{scope}"},
        update="PUT",
        body=lambda made: {"Audiences": [{"Type": "CustomerList", **made}]},
        updates=("Name", "Description"),
        update_with={"Id": "{remote}"},
        size=("SearchSize",),
        absent=True,
        list_by=Call("POST", _LISTS, {"AudienceIds": None, "Type": "CustomerList"}, reads=True),
        show_by=Call("POST", _LISTS, {"AudienceIds": ["{remote}"], "Type": "CustomerList"}, reads=True),
        drop_by=Call("DELETE", "/Audiences", {"AudienceIds": ["{remote}"]}),
    )
    # 1,000 items a call: CustomerListUserData.CustomerListItems.
    capabilities = Capabilities(
        identifiers={"email": Form("email", "sha256")},
        batch_size=1_000,
        replaces=True,
        smallest=300,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add addresses to the list, remove them, or put them in the place of all others."""
        verbs = chain([verb], repeat("Add" if verb == "Replace" else verb))

        def send(emails: Sequence[str]) -> Response:
            data = {
                "AudienceId": run.remote,
                "ActionType": next(verbs),
                "CustomerListItemSubType": "Email",
                "CustomerListItems": list(emails),
                **self.filled({"AcceptCustomerMatchTerm": "{accept_customer_match_terms}"}),
            }
            return api.call("POST", "/CustomerListUserData/Apply", {"CustomerListUserData": data})

        return self.in_calls(records, lambda record: record.values("email"), send)

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """The first call of a run puts its addresses in the place of all others; the others add theirs."""
        return self.change(api, run, batch.records, "Replace" if batch.number == 1 else "Add")
