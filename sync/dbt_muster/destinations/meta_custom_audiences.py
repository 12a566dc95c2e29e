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
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import httpx
from pydantic import AfterValidator, Field, SecretStr

from dbt_muster.destinations import meta_graph
from dbt_muster.destinations.authoring.answers import Fields, Meaning
from dbt_muster.destinations.authoring.bases import HashedSettings, Platform
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, Batch, Record, Run
from dbt_muster.destinations.authoring.facts import Bookmarked, Capabilities, Form, Kept
from dbt_muster.destinations.authoring.helpers import Table, secret, tables
from dbt_muster.destinations.authoring.lookalikes import CountryShare, LookalikeOptions
from dbt_muster.destinations.authoring.results import BatchResult, Refusal

# Rows that a request may have ("Customer File Custom Audiences").
ROWS = 10_000

# What each person is worth, where a sync says by which trait, and its column: the one that holds numbers.
_VALUE, _WORTH = "trait.value", "LOOKALIKE_VALUE"

# What the description of a lookalike ends in that `create_lookalike` made.
_MADE_HERE = re.compile(r"\[muster-[0-9a-f]+-[0-9a-f]+\]$")


def _bare_number(ad_account: str) -> str:
    return ad_account.removeprefix("act_")


class MetaSettings(HashedSettings):
    """Settings of a destination of type `meta_custom_audiences`."""

    ad_account: Annotated[str, AfterValidator(_bare_number)] = Field(
        pattern=r"^(act_)?\d+$", description="The ad account's number."
    )
    access_token: SecretStr = Field(description="A system user's token, with the scope `ads_management`.")
    app_secret: SecretStr | None = Field(
        default=None, description="The app's secret, where the app asks for proofs of it."
    )
    customer_file_source: Literal[
        "USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"
    ] = Field(default="USER_PROVIDED_ONLY", description="Who gave you the identifiers.")


class MetaOptions(LookalikeOptions[CountryShare]):
    """What an entry of `sync:` may say besides."""

    value: str | None = Field(
        default=None, description="The trait that says what a member is worth; lookalikes resemble the best."
    )

    def traits(self) -> Mapping[str, str]:
        """The trait that says what a member is worth."""
        return {_VALUE: self.value} if self.value else {}


class MetaCustomAudiences(Platform):
    """Keeps a customer list in an ad account."""

    base_url = "https://graph.facebook.com/v26.0"
    headers: ClassVar[Mapping[str, str]] = {"authorization": "Bearer {access_token}"}
    verbs = ("POST", "DELETE")
    audience_path = r"/\d+(/users(replace)?)?$"
    codes = meta_graph.CODES
    settings_model = MetaSettings
    options_model = MetaOptions
    kept = Kept(
        all="/act_{ad_account}/customaudiences",
        one="/{remote}",
        pages=Bookmarked(
            "data",
            params={"fields": "id,description", "limit": "200"},
            bookmark="paging.cursors.after",
            param="after",
            more="paging.next",
        ),
        description="description",
        marker="description",
        fixed={"subtype": "CUSTOM", "customer_file_source": "{customer_file_source}"},
        update="POST",
        shows={"fields": "name"},
        # The lower bound of its size is all that Meta tells.
        size=("approximate_count_lower_bound",),
        sizes={"fields": "approximate_count_lower_bound"},
    )
    # What may be called is a score over an hour: answers tell how much of it is used, and that is obeyed.
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        # The forms are those of the guide's "Hashing and Normalization".
        identifiers={
            "external_id": Form("text", called="EXTERN_ID"),
            "email": Form("email", "sha256", called="EMAIL"),
            "phone": Form("phone_digits", "sha256", called="PHONE"),
            "first_name": Form("name", "sha256", alone=False, called="FN"),
            "last_name": Form("name", "sha256", alone=False, called="LN"),
            "date_of_birth.year": Form("birth_year", "sha256", alone=False, called="DOBY"),
            "date_of_birth.month": Form("birth_month", "sha256", alone=False, called="DOBM"),
            "date_of_birth.day": Form("birth_day", "sha256", alone=False, called="DOBD"),
            "gender": Form("gender", "sha256", alone=False, called="GEN"),
            "city": Form("city", "sha256", alone=False, called="CT"),
            "state": Form("state", "sha256", alone=False, called="ST"),
            "postcode": Form("postcode", "sha256", alone=False, called="ZIP"),
            "country": Form("country", "sha256", alone=False, called="COUNTRY"),
            "mobile_advertising_id": Form("maid", called="MADID"),
        },
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

    def meaning(self, response: httpx.Response) -> Meaning:
        """Every answer may say how long to wait."""
        found, wait = super().meaning(response), meta_graph.usage_wait(response)
        return found if wait is None else found._replace(wait=wait)

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add rows or remove them; what a member is worth is no part of who is removed.

        Each call is a session of its own, so that batches may go side by side and be sent again.
        """
        known = self.capabilities.called | ({_VALUE: _WORTH} if verb == "POST" else {})
        refusals: list[Refusal] = []
        for table in tables(records, known, ROWS):
            session = {
                "session_id": secrets.randbits(63),
                "batch_seq": 1,
                "last_batch_flag": True,
                "estimated_num_total": len(table.rows),
            }
            refusals += self._call(api, verb, f"/{run.remote}/users", table, session)
        return BatchResult(refusals)

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """Send a part of the run's session; until its end the old members stay in use."""
        parts = tables(batch.records, self.capabilities.called | {_VALUE: _WORTH}, ROWS)
        return BatchResult([each for table in parts for each in self._replace(api, run, table, last=False)])

    def finish(self, api: Api, run: Run) -> None:
        """End the session that replaces all members, with a row that is nobody's."""
        if run.mode == "full":
            nobody = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
            self._replace(api, run, Table(["EMAIL"], [[nobody]], [0]), last=True)
            del self._places[run.id]

    def _replace(self, api: Api, run: Run, table: Table, *, last: bool) -> list[Refusal]:
        session = {
            "session_id": int.from_bytes(hashlib.sha256(run.id.encode()).digest()[:8]) >> 1,
            "batch_seq": next(self._places[run.id]),
            "last_batch_flag": last,
        }
        return self._call(api, "POST", f"/{run.remote}/usersreplace", table, session)

    def _call(self, api: Api, verb: str, path: str, table: Table, session: Fields) -> list[Refusal]:
        data = _data(table)
        body = {"payload": {"schema": table.columns, "data": data}, "session": session}
        answer = self.ask(api, verb, path, body).json()
        return meta_graph.refusals_of(answer, data, table.owners, removing=verb == "DELETE")

    # --- the audience ----------------------------------------------------------------------------------

    def ask(self, api: Api, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Call with a proof that the app's secret is known, where the app asks for it."""
        known, token = secret(self.settings.app_secret), secret(self.settings.access_token)
        proof = meta_graph.proof(known, token) if known else {}
        return api.call(method, path, json, **{**more, "params": {**(more.get("params") or {}), **proof}})

    def fields(self, audience: AudienceAtPlatform) -> Fields:
        """What makes the audience a customer list, of which members' worth may be known."""
        valued = bool(getattr(audience.options, "value", None))
        return {**super().fields(audience), **({"is_value_based": True} if valued else {})}

    def drop(self, api: Api, remote: str) -> None:
        """Delete the audience, after the lookalikes that were made of it here, as Meta asks."""
        for lookalike in self._read(api, remote, "lookalike_audience_ids") or []:
            if _MADE_HERE.search(self._read(api, lookalike, "description") or ""):
                super().drop(api, lookalike)
        super().drop(api, remote)

    def create_lookalike(
        self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: CountryShare
    ) -> None:
        """Make a lookalike; Meta keeps it up to date by itself."""
        spec = _lookalike_spec(wanted)
        fields = {"subtype": "LOOKALIKE", "origin_audience_id": remote, "lookalike_spec": spec}
        self.make(api, audience, fields)

    def _read(self, api: Api, remote: str, field: str) -> Any:
        return (self.show(api, remote, {"fields": field}) or {}).get(field)


def _data(table: Table) -> Sequence[Sequence[str | float | None]]:
    """The cells; of what a person does not have, an empty text, and a worth that is none is 0."""
    rows = [cells if all(cells) else [cell or "" for cell in cells] for cells in table.rows]
    if _WORTH not in table.columns:
        return rows
    place = table.columns.index(_WORTH)
    return [[*cells[:place], max(0.0, float(cells[place] or 0)), *cells[place + 1 :]] for cells in rows]


def _lookalike_spec(wanted: CountryShare) -> str:
    """JSON in a text, which is the parameter's type; `ratio` and its start are shares of 1."""
    start = {"starting_ratio": wanted.starting_ratio / 100} if wanted.starting_ratio else {}
    places = {"geo_locations": {"countries": list(wanted.countries)}}
    return json.dumps({"ratio": wanted.ratio / 100, **start, "location_spec": places})
