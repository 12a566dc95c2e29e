"""Reddit Ads: customer lists by the Ads API v3.

Reddit publishes no machine-readable definition. Calls, fields and limits are those of Segment's connector
(`reddit-audiences`) and Census' documentation; how audiences are listed is what public clients of the API do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import ClassVar

from pydantic import Field

from dbt_muster.destinations.authoring.bases import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Linked

_MOST_ROWS = 2_500  # a call: Segment's connector


class RedditSettings(HashedSettings, TokenSettings):
    """Settings of a destination of type `reddit`."""

    ad_account: str = Field(pattern=r"^[at]2_\w+$", description="The ad account, such as `a2_…`.")


class Reddit(TokenPlatform):
    """Keeps a customer list of hashed addresses and advertising ids."""

    mute = True
    base_url = "https://ads-api.reddit.com/api/v3"
    token_url = "https://www.reddit.com/api/v1/access_token"  # noqa: S105 - an address
    basic = True
    audience_path = r"/custom_audiences/[^/]+"
    error_text = "error.message"
    # Reddit wants callers to say who they are.
    headers: ClassVar[Mapping[str, str]] = {"user-agent": "muster"}
    verbs = ("ADD", "REMOVE")
    settings_model = RedditSettings
    # No call is known that renames an audience, and Reddit keeps no text of ours but the name.
    kept = Kept(
        all="/ad_accounts/{ad_account}/custom_audiences",
        one="/custom_audiences/{remote}",
        pages=Linked("data", params={"page.size": "100"}, link="pagination.next_url"),
        inside="data",
        fixed={"type": "CUSTOMER_LIST"},
        body=lambda audience: {"data": audience},
    )
    capabilities = Capabilities(
        identifiers={
            "email": Form("email_dotless", "sha256", called="EMAIL_SHA256"),
            # Segment's connector hashes it as it is on the device.
            "mobile_advertising_id": Form("text", "sha256", called="MAID_SHA256"),
        },
        batch_size=_MOST_ROWS,
        smallest=1_000,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add people to the list, or remove them."""
        for columns, rows in _tables(records, self.capabilities.called):
            data = {"action_type": verb, "column_order": list(columns), "user_data": rows}
            api.call("PATCH", f"/custom_audiences/{run.remote}/users", {"data": data})
        return BatchResult()


def _tables(
    records: Sequence[Record], called: Mapping[str, str]
) -> Iterator[tuple[tuple[str, ...], list[list[str]]]]:
    """The records as tables, one for each set of columns: every row of a call has to have all of them."""
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for record in records:
        for cells in zip_longest(*(record.values(name) for name in called)):
            row = {column: cell for column, cell in zip(called.values(), cells, strict=True) if cell}
            tables.setdefault(tuple(row), []).append(list(row.values()))
    for columns, rows in tables.items():
        for start in range(0, len(rows), _MOST_ROWS):
            yield columns, rows[start : start + _MOST_ROWS]
