"""Meta custom audiences: customer lists by the Marketing API, Graph v26.0 (2026-07-29).

Calls and fields as in facebook-business-sdk-codegen v25.0 (CustomAudience, AdAccount, LookalikeSpec) and
Meta's guides "Customer File Custom Audiences" (April 2026) and "Lookalike Audiences" (June 2026). Errors and
rates: the guides "Rate Limiting" (August 2026) and "Marketing API error codes", and the facebook-business SDK
26.0.3; what is done about an error is what RudderStack's and Segment's connectors do.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import httpx
from pydantic import AfterValidator, Field, SecretStr

from dbt_muster.destinations.authoring.answers import Code, Codes, Fields, NamedRows, Usage
from dbt_muster.destinations.authoring.bases import HashedSettings, Platform
from dbt_muster.destinations.authoring.calls import Api, Batch, Record, Run
from dbt_muster.destinations.authoring.facts import Bookmarked, Capabilities, Form, Kept
from dbt_muster.destinations.authoring.helpers import NOBODY, Table, secret
from dbt_muster.destinations.authoring.lookalikes import CountryShare, ValuedOptions
from dbt_muster.destinations.authoring.results import BatchResult


class MetaSettings(HashedSettings):
    """Settings of a destination of type `meta_custom_audiences`."""

    ad_account: Annotated[str, AfterValidator(lambda written: written.removeprefix("act_"))] = Field(
        pattern=r"^(act_)?\d+$", description="The ad account's number."
    )
    access_token: SecretStr = Field(description="A system user's token, with the scope `ads_management`.")
    app_secret: SecretStr | None = Field(
        default=None, description="The app's secret, where the app asks for proofs of it."
    )
    customer_file_source: Literal[
        "USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"
    ] = Field(default="USER_PROVIDED_ONLY", description="Who gave you the identifiers.")

    @property
    def proof(self) -> str:
        """What proves that the caller knows the app's secret: HMAC-SHA256 of the token, in hex."""
        key, token = secret(self.app_secret).encode(), secret(self.access_token).encode()
        return hmac.new(key, token, hashlib.sha256).hexdigest() if key else ""


class MetaCustomAudiences(Platform):
    """Keeps a customer list in an ad account."""

    base_url = "https://graph.facebook.com/v26.0"
    headers: ClassVar[Mapping[str, str]] = {"authorization": "Bearer {access_token}"}
    params: ClassVar[Mapping[str, str]] = {"appsecret_proof": "{proof}"}
    verbs = ("POST", "DELETE")
    audience_path = r"/\d+(/users(replace)?)?$"
    # Codes with their subcodes. Any other is about what was sent.
    codes = Codes(
        known=(
            # After these, what was asked may have been done: Meta's "unknown error" and "temporary issue".
            Code("1|2", "later", "Meta is in trouble", doubtful=True),
            Code("341|368|2650|5000|21009", "later", "Meta is in trouble"),
            Code(r"4|17|32|613|800(0\d|1[0-4])", "later", "too many calls"),
            Code("102|190", "stopped", "make a new access token and set its variable anew"),
            Code("10|294", "stopped", "the token may not do this"),
            Code(r"2\d\d", "stopped", "the token may not do this, or terms are not accepted"),
            Code("2655", "stopped", "the person or system user that owns the token has to accept the terms"),
            Code("100/33", "gone", "it is not there, or the token has no access to it"),
            Code("100/1487366", "gone", "it was deleted"),
            Code("100/1487301", "stopped", "the audience is not shared with this ad account"),
            Code("100/1713230", "stopped", "Meta has flagged the audience, often for its name"),
        ),
        other="refused",
        errors=("error",),
        subcode="error_subcode",
        words=("error_user_msg", "message"),
        passes="is_transient",
        gateway=True,
    )
    # What may be called is a score over an hour: answers tell how much of it is used, and that is obeyed.
    usage = Usage(
        "x-business-use-case-usage",
        of={"type": "custom_audience"},
        percents=("call_count", "total_cputime", "total_time"),
        minutes="estimated_time_to_regain_access",
    )
    # Entries beyond the samples are only counted by Meta.
    failed = NamedRows("invalid_entry_samples")
    lacking = ""
    settings_model = MetaSettings
    options_model = ValuedOptions[CountryShare]
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
        valued={"is_value_based": True},
        update="POST",
        shows={"fields": "name,is_value_based"},
        # The lower bound of its size is all that Meta tells.
        size=("approximate_count_lower_bound",),
        sizes={"fields": "approximate_count_lower_bound"},
        lookalikes="lookalike_audience_ids",
    )
    # 10,000 rows a request ("Customer File Custom Audiences").
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
        batch_size=10_000,
        concurrency=4,
        creates=True,
        replaces=True,
        lookalikes=True,
        worth="LOOKALIKE_VALUE",
        smallest=100,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add rows or remove them.

        Each call is a session of its own, so that batches may go side by side and be sent again.
        """

        def send(table: Table) -> httpx.Response:
            session = {"session_id": secrets.randbits(63), "batch_seq": 1, "last_batch_flag": True}
            session["estimated_num_total"] = len(table.rows)
            body = {"payload": table.written, "session": session}
            return api.call(verb, f"/{run.remote}/users", body)

        return self.in_tables(records, send)

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """Send a part of the run's session; until its end the old members stay in use."""
        return self.in_tables(batch.records, lambda table: _replace(api, run, table, last=False))

    def finish(self, api: Api, run: Run) -> None:
        """End the session that replaces all members, with a row that is nobody's."""
        _replace(api, run, Table(["EMAIL"], [[NOBODY]], [0]), last=True)

    def lookalike(self, seed: str, wanted: CountryShare) -> Fields:
        """A lookalike, which Meta keeps up to date by itself; its parameters are JSON in a text."""
        spec: dict[str, Any] = {"ratio": wanted.ratio / 100}
        if wanted.starting_ratio:
            spec["starting_ratio"] = wanted.starting_ratio / 100
        spec["location_spec"] = {"geo_locations": {"countries": list(wanted.countries)}}
        return {"subtype": "LOOKALIKE", "origin_audience_id": seed, "lookalike_spec": json.dumps(spec)}


def _replace(api: Api, run: Run, table: Table, *, last: bool) -> httpx.Response:
    number = int.from_bytes(hashlib.sha256(run.id.encode()).digest()[:8]) >> 1
    session = {"session_id": number, "batch_seq": next(run.numbers), "last_batch_flag": last}
    body = {"payload": table.written, "session": session}
    return api.call("POST", f"/{run.remote}/usersreplace", body)
