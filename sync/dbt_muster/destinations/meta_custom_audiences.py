"""Meta custom audiences: customer lists by the Marketing API, Graph v26.0 (2026-07-29).

Calls and fields as in facebook-business-sdk-codegen v25.0 (CustomAudience, AdAccount, LookalikeSpec) and
Meta's guides "Customer File Custom Audiences" (April 2026) and "Lookalike Audiences" (June 2026).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations import meta_graph
from dbt_muster.destinations.answers import Meaning
from dbt_muster.destinations.base import SyncOptions
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.lookalikes import CountryShare, OneOrMore
from dbt_muster.destinations.oauth import HashedSettings
from dbt_muster.destinations.platform import Platform, find_marked, marked_description, secret
from dbt_muster.destinations.records import Batch, BatchResult, Record, Refusal
from dbt_muster.destinations.rows import Row, parts_of, rows_of, used_columns
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

# Rows that a request may have ("Customer File Custom Audiences").
ROWS = 10_000

# What Meta calls each identifier, and the form that it is sent in (the guide's "Hashing and Normalization").
_KEYS = {
    "external_id": ("EXTERN_ID", Form("text")),
    "email": ("EMAIL", Form("email", "sha256")),
    "phone": ("PHONE", Form("phone_digits", "sha256")),
    "first_name": ("FN", Form("name", "sha256", alone=False)),
    "last_name": ("LN", Form("name", "sha256", alone=False)),
    "date_of_birth.year": ("DOBY", Form("birth_year", "sha256", alone=False)),
    "date_of_birth.month": ("DOBM", Form("birth_month", "sha256", alone=False)),
    "date_of_birth.day": ("DOBD", Form("birth_day", "sha256", alone=False)),
    "gender": ("GEN", Form("gender", "sha256", alone=False)),
    "city": ("CT", Form("city", "sha256", alone=False)),
    "state": ("ST", Form("state", "sha256", alone=False)),
    "postcode": ("ZIP", Form("postcode", "sha256", alone=False)),
    "country": ("COUNTRY", Form("country", "sha256", alone=False)),
    "mobile_advertising_id": ("MADID", Form("maid")),
}
# What each person is worth, where a sync says by which trait: the one column that holds numbers.
_VALUE = "trait.value"
_SCHEMA = {name: key for name, (key, _) in _KEYS.items()} | {_VALUE: "LOOKALIKE_VALUE"}


# What the description of a lookalike ends in that `create_lookalike` made.
_MADE_HERE = re.compile(r"\[muster-[0-9a-f]+-[0-9a-f]+\]$")


class MetaSettings(HashedSettings):
    """Settings of a destination of type `meta_custom_audiences`."""

    ad_account: str = Field(pattern=r"^(act_)?\d+$", description="The ad account's number.")
    access_token: SecretStr = Field(description="A system user's token, with the scope `ads_management`.")
    app_secret: SecretStr | None = Field(
        default=None, description="The app's secret, where the app asks for proofs of it."
    )
    customer_file_source: Literal[
        "USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"
    ] = Field(default="USER_PROVIDED_ONLY", description="Who gave you the identifiers.")


class MetaOptions(SyncOptions):
    """What an entry of `sync:` may say besides."""

    lookalike: Annotated[tuple[CountryShare, ...], OneOrMore] = Field(
        default=(), description="Lookalikes that Meta makes of the audience."
    )
    value: str | None = Field(
        default=None, description="The trait that says what a member is worth; lookalikes resemble the best."
    )

    def traits(self) -> Mapping[str, str]:
        """The trait that says what a member is worth."""
        return {_VALUE: self.value} if self.value else {}


class MetaCustomAudiences(Platform):
    """Keeps a customer list in an ad account."""

    base_url = "https://graph.facebook.com/v26.0"
    settings_model = MetaSettings
    options_model = MetaOptions
    # What may be called is a score over an hour: answers tell how much of it is used, and that is obeyed.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={name: form for name, (_, form) in _KEYS.items()},
        batch_size=ROWS,
        largest_batch=ROWS,
        concurrency=4,
        creates=True,
        replaces=True,
        lookalikes=True,
        smallest=100,
    )

    def __init__(self, name: str, settings: Any, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._places: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))

    def login(self) -> Headers:
        """A token that lasts."""
        return Headers({"authorization": f"Bearer {secret(self.settings.access_token)}"})

    def meaning(self, response: httpx.Response) -> Meaning:
        """Errors are told by code in the body."""
        return meta_graph.meaning(response)

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add rows."""
        return self._users(api, "POST", run, records)

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Remove rows; they are a body, because an address would be too short for them."""
        return self._users(api, "DELETE", run, records, without={_VALUE})

    def _users(
        self,
        api: Api,
        method: str,
        run: Run,
        records: Sequence[Record],
        *,
        without: AbstractSet[str] = frozenset(),
    ) -> BatchResult:
        """Each call is a session of its own, so that batches may go side by side and be sent again."""
        columns = [name for name in used_columns(records, _SCHEMA) if name not in without]
        refusals: list[Refusal] = []
        for rows in parts_of(rows_of(records, columns), ROWS):
            session = {"session_id": secrets.randbits(63), "batch_seq": 1, "last_batch_flag": True}
            body = {
                "payload": _payload(columns, rows),
                "session": session | {"estimated_num_total": len(rows)},
            }
            answer = api.call(method, f"/{run.remote}/users", body, params=self._proof)
            refusals += meta_graph.refusals(answer.json(), body["payload"]["data"], rows)
        return BatchResult(refusals)

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """Send a part of the run's session; until its end the old members stay in use."""
        columns = used_columns(batch.records, _SCHEMA)
        refusals: list[Refusal] = []
        for rows in parts_of(rows_of(batch.records, columns), ROWS):
            refusals += self._replace(api, run, columns, rows, last=False)
        return BatchResult(refusals)

    def finish(self, api: Api, run: Run) -> None:
        """End the session that replaces all members, with a row that is nobody's."""
        if run.mode == "full":
            nobody = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
            self._replace(api, run, ["email"], [Row(0, [nobody])], last=True)
            del self._places[run.id]

    def _replace(
        self, api: Api, run: Run, columns: Sequence[str], rows: Sequence[Row], *, last: bool
    ) -> list[Refusal]:
        payload = _payload(columns, rows)
        session = {
            "session_id": int.from_bytes(hashlib.sha256(run.id.encode()).digest()[:8]) >> 1,
            "batch_seq": next(self._places[run.id]),
            "last_batch_flag": last,
        }
        body = {"payload": payload, "session": session}
        answer = api.call("POST", f"/{run.remote}/usersreplace", body, params=self._proof)
        return meta_graph.refusals(answer.json(), payload["data"], rows)

    # --- the audience ----------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The audience whose description carries the marker."""
        params = {"fields": "id,description", **self._proof}
        all_of_them = meta_graph.pages(api, f"{self._account}/customaudiences", params)
        return find_marked(audience, all_of_them, text="description")

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make a customer list."""
        fields: dict[str, Any] = {
            "subtype": "CUSTOM",
            "customer_file_source": self.settings.customer_file_source,
        }
        if getattr(audience.options, "value", None):
            fields["is_value_based"] = True
        return self._create(api, audience, fields)

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the audience is there; its name is brought up to date."""
        if self._read(api, remote, "name") != audience.name:
            api.call("POST", f"/{remote}", {"name": audience.name}, params=self._proof)
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """The lower bound of its size, which is all that Meta tells; below 0 it does not tell."""
        size = int(self._read(api, remote, "approximate_count_lower_bound") or -1)
        return size if size >= 0 else None

    def drop(self, api: Api, remote: str) -> None:
        """Delete the audience, after the lookalikes that were made of it here, as Meta asks."""
        for lookalike in self._read(api, remote, "lookalike_audience_ids") or []:
            if _MADE_HERE.search(self._read(api, lookalike, "description") or ""):
                api.call("DELETE", f"/{lookalike}", params=self._proof)
        api.call("DELETE", f"/{remote}", params=self._proof)

    def create_lookalike(self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: Any) -> None:
        """Make a lookalike; Meta keeps it up to date by itself."""
        spec = _lookalike_spec(wanted)
        fields = {"subtype": "LOOKALIKE", "origin_audience_id": remote, "lookalike_spec": spec}
        self._create(api, audience, fields)

    def _create(self, api: Api, audience: AudienceAtPlatform, fields: Mapping[str, Any]) -> str:
        body = {"name": audience.name, "description": marked_description(audience), **fields}
        path = f"{self._account}/customaudiences"
        return str(api.call("POST", path, body, params=self._proof, repeatable=False).json()["id"])

    def _read(self, api: Api, remote: str, field: str) -> Any:
        return api.call("GET", f"/{remote}", params={"fields": field, **self._proof}).json().get(field)

    @property
    def _account(self) -> str:
        return f"/act_{self.settings.ad_account.removeprefix('act_')}"

    @property
    def _proof(self) -> dict[str, str]:
        known = secret(self.settings.app_secret)
        return meta_graph.proof(known, secret(self.settings.access_token)) if known else {}


def _payload(columns: Sequence[str], rows: Sequence[Row]) -> dict[str, Any]:
    """A table; the cell of what a person does not have is an empty text, and a worth that is none is 0."""
    schema = [_SCHEMA[column] for column in columns]
    if _VALUE not in columns:
        return {
            "schema": schema,
            "data": [row.cells if all(row.cells) else [cell or "" for cell in row.cells] for row in rows],
        }
    place = columns.index(_VALUE)
    data: list[list[str | float]] = [[cell or "" for cell in row.cells] for row in rows]
    for cells in data:
        cells[place] = max(0.0, float(cells[place] or 0))
    return {"schema": schema, "data": data}


def _lookalike_spec(wanted: CountryShare) -> str:
    """JSON in a text, which is the parameter's type; `ratio` and its start are shares of 1."""
    start = {"starting_ratio": wanted.starting_ratio / 100} if wanted.starting_ratio else {}
    places = {"geo_locations": {"countries": list(wanted.countries)}}
    return json.dumps({"ratio": wanted.ratio / 100, **start, "location_spec": places})
