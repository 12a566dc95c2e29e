"""Pinterest: customer lists, and the audiences that campaigns target, by the API v5 (its OpenAPI, 5.23.0).

A customer list cannot be made empty, and what campaigns target is not the list but an audience over it. So
a list is made with one record that is nobody's, which is taken out again, and the audience comes last: an
audience that is there is whole. The list's name carries the marker, and so does the audience's description.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from dbt_muster.destinations.authoring.answers import Fields
from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, BatchResult, Record, Run
from dbt_muster.destinations.authoring.facts import Bookmarked, Call, Capabilities, Form, Kept
from dbt_muster.destinations.authoring.helpers import NOBODY, find_marked, marked_name
from dbt_muster.destinations.authoring.lookalikes import CountryRatio, LookalikeOptions

_PAGES = Bookmarked("items", params={"page_size": 250}, bookmark="bookmark", param="bookmark")


class PinterestSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `pinterest`."""

    ad_account: str = Field(pattern=r"^\d{1,18}$", description="The ad account's number.")
    list_type: Literal["EMAIL", "MAID", "IDFA"] = Field(
        default="EMAIL", description="What new lists are said to hold; records of all kinds are taken."
    )


class Pinterest(TokenPlatform):
    """Keeps a customer list and the audience over it."""

    base_url = "https://api.pinterest.com/v5"
    token_url = "https://api.pinterest.com/v5/oauth/token"  # noqa: S105 - an address
    basic = True
    audience_path = r"/(customer_lists|audiences)/\d+$"
    error_text = "message"
    verbs = ("ADD", "REMOVE")
    settings_model = PinterestSettings
    options_model = LookalikeOptions[CountryRatio]
    kept = Kept(
        all="/ad_accounts/{ad_account}/audiences",
        pages=_PAGES,
        description="description",
        update="PATCH",
        updates=("name", "description"),
        update_with={"operation_type": "UPDATE"},
        size=("size",),
        # A customer list cannot be removed by the API.
        drop_by=Call("PATCH", "/ad_accounts/{ad_account}/audiences/{remote}", {"operation_type": "REMOVE"}),
    )
    # Pinterest publishes no number of records a call; these are muster's own.
    capabilities = Capabilities(
        identifiers={"email": Form("email", "sha256"), "mobile_advertising_id": Form("maid", "sha256")},
        batch_size=5_000,
        largest_batch=20_000,
        smallest=100,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._lists: dict[str, str] = {}

    # --- the list, which holds members ----------------------------------------------------------------

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add or remove all identifiers of some records, each once."""
        names = self.capabilities.identifiers or ()
        values = dict.fromkeys(value for each in records for name in names for value in each.values(name))
        self._change(api, self._list(api, str(run.remote)), verb, list(values))
        return BatchResult()

    def _change(self, api: Api, list_id: str, operation: str, values: Sequence[str]) -> None:
        body = {"operation_type": operation, "records": ",".join(values)}
        api.call("PATCH", f"{self._all_lists}/{list_id}", body)

    def _list(self, api: Api, remote: str) -> str:
        if remote not in self._lists:
            found = self.show(api, remote) or {}
            self._lists[remote] = str(found["rule"]["customer_list_id"])
        return self._lists[remote]

    def _new_list(self, api: Api, audience: AudienceAtPlatform) -> str:
        body = {"name": marked_name(audience), "list_type": self.settings.list_type, "records": NOBODY}
        return str(api.call("POST", self._all_lists, body, repeatable=False).json()["id"])

    def _unused_list(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """A list that was made just before a crash; one that ever held more than nobody is left alone."""
        lists = _PAGES.at(api, self._all_lists)
        return find_marked(
            audience, (each for each in lists if each.get("num_uploaded_user_records", 2) <= 1)
        )

    @property
    def _all_lists(self) -> str:
        return f"/ad_accounts/{self.settings.ad_account}/customer_lists"

    # --- the audience over it -------------------------------------------------------------------------

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make the audience, over a list that was made for it."""
        made = self._unused_list(api, audience) or self._new_list(api, audience)
        self._change(api, made, "REMOVE", [NOBODY])
        rule = {"customer_list_id": made}
        return self.make(api, audience, {"audience_type": "CUSTOMER_LIST", "rule": rule})

    def lookalike(self, seed: str, wanted: CountryRatio) -> Fields:
        """An actalike audience, which is of one country."""
        rule = {"seed_id": [seed], "country": wanted.countries[0], "percentage": wanted.ratio}
        return {"audience_type": "ACTALIKE", "rule": rule}
