"""Pinterest: customer lists, and the audiences that campaigns target, by the API v5 (its OpenAPI, 5.23.0).

A customer list cannot be made empty, and what campaigns target is not the list but an audience over it. So
a list is made with one record that is nobody's, which is taken out again, and the audience comes last: an
audience that is there is whole. The list's name carries the marker, and so does the audience's description.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from dbt_muster.destinations.base import SyncOptions
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.lookalikes import Country, OneOrMore, WholePercent
from dbt_muster.destinations.nobody import NOBODY
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.platform import find_marked, marked_description, marked_name
from dbt_muster.destinations.records import BatchResult, Record
from dbt_muster.destinations.runs import AudienceAtPlatform, Run


class PinterestSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `pinterest`."""

    ad_account: str = Field(pattern=r"^\d{1,18}$", description="The ad account's number.")
    list_type: Literal["EMAIL", "MAID", "IDFA"] = Field(
        default="EMAIL", description="What new lists are said to hold; records of all kinds are taken."
    )


class Actalike(BaseModel):
    """People at Pinterest who resemble an audience (AudienceRule: country and percentage)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    countries: tuple[Country, ...] = Field(min_length=1, description="Where its people are.")
    ratio: WholePercent = Field(ge=1, le=10, description="How many of a country's people, 1% to 10%.")


class PinterestOptions(SyncOptions):
    """What a sync to Pinterest may say."""

    lookalike: Annotated[tuple[Actalike, ...], OneOrMore] = Field(
        default=(), description="Actalike audiences, one a country."
    )


class Pinterest(TokenPlatform):
    """Keeps a customer list and the audience over it."""

    base_url = "https://api.pinterest.com/v5"
    token_url = "https://api.pinterest.com/v5/oauth/token"  # noqa: S105 - an address
    basic = True
    audience_path = r"/(customer_lists|audiences)/\d+$"
    error_text = ("message",)
    settings_model = PinterestSettings
    options_model = PinterestOptions
    # Pinterest publishes no number of records a call; these are muster's own.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"email": Form("email", "sha256"), "mobile_advertising_id": Form("maid", "sha256")},
        batch_size=5_000,
        largest_batch=20_000,
        creates=True,
        lookalikes=True,
        smallest=100,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._lists: dict[str, str] = {}

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add records to the audience's list."""
        return self._change(api, self._list(api, str(run.remote)), "ADD", _values(records))

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Remove records from the audience's list."""
        return self._change(api, self._list(api, str(run.remote)), "REMOVE", _values(records))

    # --- the list and its audience ---------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The audience whose description carries the marker."""
        return find_marked(audience, self._all(api, "audiences"), text="description")

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make the audience, over a list that was made for it."""
        made = self._unused_list(api, audience) or self._make(
            api,
            "customer_lists",
            {"name": marked_name(audience), "list_type": self.settings.list_type, "records": NOBODY},
        )
        self._change(api, made, "REMOVE", [NOBODY])
        rule = {"customer_list_id": made}
        return self._make(
            api, "audiences", {**_shown(audience), "audience_type": "CUSTOMER_LIST", "rule": rule}
        )

    def _unused_list(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """A list that was made just before a crash; one that ever held more than nobody is left alone."""
        lists = self._all(api, "customer_lists")
        return find_marked(
            audience, (each for each in lists if each.get("num_uploaded_user_records", 2) <= 1)
        )

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the audience is there; its name and description are brought up to date."""
        found = api.call("GET", f"{self._account}/audiences/{remote}").json()
        shown = _shown(audience)
        if any(found.get(key) != text for key, text in shown.items()):
            api.call("PATCH", f"{self._account}/audiences/{remote}", {**shown, "operation_type": "UPDATE"})
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """The audience's size."""
        size = api.call("GET", f"{self._account}/audiences/{remote}").json().get("size")
        return None if size is None else int(size)

    def drop(self, api: Api, remote: str) -> None:
        """Remove the audience; a customer list cannot be removed by the API."""
        api.call("PATCH", f"{self._account}/audiences/{remote}", {"operation_type": "REMOVE"})

    def lookalikes(self, api: Api, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the actalike audiences that are not there yet, one a country."""
        there = list(self._all(api, "audiences"))
        wanted = [(country, each.ratio) for each in options.lookalike for country in each.countries]
        names = []
        for country, ratio in wanted:
            marker = f"{audience.marker} actalike of {remote}: {country} {ratio}%"
            own = AudienceAtPlatform(f"{audience.name}, actalike {country} {ratio}%", "", marker)
            names.append(own.name)
            if find_marked(own, there, text="description") is None:
                rule = {"seed_id": [remote], "country": country, "percentage": ratio}
                self._make(api, "audiences", {**_shown(own), "audience_type": "ACTALIKE", "rule": rule})
        return names

    # --- calls ------------------------------------------------------------------------------------------

    @property
    def _account(self) -> str:
        return f"/ad_accounts/{self.settings.ad_account}"

    def _list(self, api: Api, remote: str) -> str:
        if remote not in self._lists:
            found = api.call("GET", f"{self._account}/audiences/{remote}").json()
            self._lists[remote] = str(found["rule"]["customer_list_id"])
        return self._lists[remote]

    def _change(self, api: Api, list_id: str, operation: str, values: Sequence[str]) -> BatchResult:
        body = {"operation_type": operation, "records": ",".join(values)}
        api.call("PATCH", f"{self._account}/customer_lists/{list_id}", body)
        return BatchResult()

    def _make(self, api: Api, what: str, body: dict[str, Any]) -> str:
        return str(api.call("POST", f"{self._account}/{what}", body, repeatable=False).json()["id"])

    def _all(self, api: Api, what: str) -> Iterator[dict[str, Any]]:
        params: dict[str, Any] = {"page_size": 250}
        while True:
            page = api.call("GET", f"{self._account}/{what}", params=params).json()
            yield from page["items"]
            if not page.get("bookmark"):
                return
            params["bookmark"] = page["bookmark"]


def _values(records: Sequence[Record]) -> list[str]:
    """All identifiers of some records, each once."""
    names = ("email", "mobile_advertising_id")
    return list(dict.fromkeys(value for each in records for name in names for value in each.values(name)))


def _shown(audience: AudienceAtPlatform) -> dict[str, str]:
    return {"name": audience.name, "description": marked_description(audience)}
