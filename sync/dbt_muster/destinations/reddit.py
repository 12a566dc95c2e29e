"""Reddit Ads: customer lists by the Ads API v3.

Reddit publishes no machine-readable definition. Calls, fields and limits are those of Segment's connector
(`reddit-audiences`) and Census' documentation; how audiences are listed is what public clients of the API do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field

from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.platform import find_marked, marked_name
from dbt_muster.destinations.records import BatchResult, Record
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

_MOST_ROWS = 2_500  # a call: Segment's connector
_COLUMNS = {"email": "EMAIL_SHA256", "mobile_advertising_id": "MAID_SHA256"}


class RedditSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `reddit`."""

    ad_account: str = Field(pattern=r"^[at]2_\w+$", description="The ad account, such as `a2_…`.")


class Reddit(TokenPlatform):
    """Keeps a customer list of hashed addresses and advertising ids."""

    base_url = "https://ads-api.reddit.com/api/v3"
    token_url = "https://www.reddit.com/api/v1/access_token"  # noqa: S105 - an address
    basic = True
    audience_path = r"/custom_audiences/[^/]+"
    error_text = ("error", "message")
    settings_model = RedditSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={
            "email": Form("email_dotless", "sha256"),
            # Segment's connector hashes it as it is on the device.
            "mobile_advertising_id": Form("text", "sha256"),
        },
        batch_size=_MOST_ROWS,
        largest_batch=_MOST_ROWS,
        creates=True,
        smallest=1_000,
    )

    def headers(self) -> Mapping[str, str]:
        """Reddit wants callers to say who they are."""
        return {"user-agent": "muster"}

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add people to the list."""
        return self._users(api, run, records, "ADD")

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Remove people from the list."""
        return self._users(api, run, records, "REMOVE")

    def _users(self, api: Api, run: Run, records: Sequence[Record], action: str) -> BatchResult:
        for columns, rows in _tables(records):
            data = {"action_type": action, "column_order": list(columns), "user_data": rows}
            api.call("PATCH", f"/custom_audiences/{run.remote}/users", {"data": data})
        return BatchResult()

    # --- the audience -----------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The audience whose name carries the marker; Reddit keeps no other text of ours."""
        return find_marked(audience, self._all(api))

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a customer list."""
        data = {"name": marked_name(audience), "type": "CUSTOMER_LIST"}
        answer = api.call("POST", self._audiences, {"data": data}, repeatable=False)
        return str(answer.json()["data"]["id"])

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the audience is there; no call is known that renames it."""
        api.call("GET", f"/custom_audiences/{remote}")
        return True

    def drop(self, api: Api, remote: str) -> None:
        """Delete the audience."""
        api.call("DELETE", f"/custom_audiences/{remote}")

    @property
    def _audiences(self) -> str:
        return f"/ad_accounts/{self.settings.ad_account}/custom_audiences"

    def _all(self, api: Api) -> Iterator[dict[str, Any]]:
        params: dict[str, str] = {"page.size": "100"}
        while True:
            page = api.call("GET", self._audiences, params=params).json()
            yield from page["data"]
            following = (page.get("pagination") or {}).get("next_url")
            if not following:
                return
            params = dict(parse_qsl(urlsplit(following).query))


def _tables(records: Sequence[Record]) -> Iterator[tuple[tuple[str, ...], list[list[str]]]]:
    """The records as tables, one for each set of columns: every row of a call has to have all of them."""
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for record in records:
        for cells in zip_longest(*(record.values(name) for name in _COLUMNS)):
            row = {column: cell for column, cell in zip(_COLUMNS.values(), cells, strict=True) if cell}
            tables.setdefault(tuple(row), []).append(list(row.values()))
    for columns, rows in tables.items():
        for start in range(0, len(rows), _MOST_ROWS):
            yield columns, rows[start : start + _MOST_ROWS]
