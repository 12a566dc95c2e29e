"""Meta custom audiences: customer lists by the Marketing API, Graph v26.0 (2026-07-29).

Calls and fields as in facebook-business-sdk-codegen v25.0 (CustomAudience, AdAccount, LookalikeSpec) and
Meta's guides "Customer File Custom Audiences" (April 2026) and "Lookalike Audiences" (June 2026). Errors and
rates: the guides "Rate Limiting" (August 2026) and "Marketing API error codes", and the facebook-business SDK
26.0.3; what is done about an error is what RudderStack's and Segment's connectors do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from secrets import randbits
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Code, Codes, Fields, NamedRows, Usage
from dbt_muster.destinations.authoring.bases import Digits, HashedSettings, Platform
from dbt_muster.destinations.authoring.calls import Api, Batch, BatchResult, Record, Response, Run, Table
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Linked, Proof, parts
from dbt_muster.destinations.authoring.lookalikes import CountryShare, ValuedOptions


class MetaSettings(HashedSettings):
    """Settings of a destination of type `meta_custom_audiences`."""

    ad_account: Digits = Field(pattern=r"^(act_)?\d+$", description="The ad account's number.")
    access_token: SecretStr = Field(description="A system user's token, with the scope `ads_management`.")
    app_secret: SecretStr | None = Field(
        default=None, description="The app's secret, where the app asks for proofs of it."
    )
    customer_file_source: Literal[
        "USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"
    ] = Field(default="USER_PROVIDED_ONLY", description="Who gave you the identifiers.")


class MetaCustomAudiences(Platform):
    """Keeps a customer list in an ad account."""

    base_url = "https://graph.facebook.com/v26.0"
    headers: ClassVar[Fields] = {"authorization": "Bearer {access_token}"}
    params: ClassVar[Fields] = {"appsecret_proof": Proof(of="access_token", by="app_secret")}
    verbs = ("POST", "DELETE")
    audience_path = r"/\d+(/users(replace)?)?$"
    codes = Codes(
        known=(
            Code("1|2", "later", "Meta is in trouble", doubtful=True),  # "unknown error", "temporary issue"
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
        other="refused",  # these are about what was sent
        errors=("error",),
        subcode="error_subcode",
        words=("error_user_msg", "message"),
        passes="is_transient",
        gateway=True,
    )
    usage = Usage(
        "x-business-use-case-usage",
        of={"type": "custom_audience"},
        percents=("call_count", "total_cputime", "total_time"),
        minutes="estimated_time_to_regain_access",
    )
    failed = NamedRows("invalid_entry_samples")  # entries beyond these are only counted by Meta
    ending = "always"
    settings_model = MetaSettings
    options_model = ValuedOptions[CountryShare]
    kept = Kept(
        all="/act_{ad_account}/customaudiences",
        one="/{remote}",
        pages=Linked("data", params={"limit": "200"}, link="paging.next", only="after"),
        picks="fields",
        description="description",
        fixed={"subtype": "CUSTOM", "customer_file_source": "{customer_file_source}"},
        valued={"is_value_based": True},
        update="POST",
        size=("approximate_count_lower_bound",),
        lookalikes="lookalike_audience_ids",
    )
    # 10,000 rows a request ("Customer File Custom Audiences"); forms as in "Hashing and Normalization".
    capabilities = Capabilities(
        identifiers={
            "external_id": Form("text", called="EXTERN_ID"),
            "email": Form("email", "sha256", called="EMAIL"),
            "phone": Form("phone_digits", "sha256", called="PHONE"),
            "mobile_advertising_id": Form("maid", called="MADID"),
            **parts({"first_name": "FN", "last_name": "LN", "date_of_birth": ("DOBY", "DOBM", "DOBD")}),
            **parts({"gender": "GEN", "city": "CT", "state": "ST", "postcode": "ZIP", "country": "COUNTRY"}),
        },
        batch_size=10_000,
        concurrency=4,
        replaces=True,
        worth="LOOKALIKE_VALUE",
        smallest=100,
    )

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add or remove rows, a session a call, so that batches may go side by side and be sent again."""
        return self.in_tables(records, lambda table: _send(api, verb, f"/{run.remote}/users", table))

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """Send a part of the run's session; until the last one, which is nobody's, the old members stay."""
        to = f"/{run.remote}/usersreplace"
        return self.in_tables(batch.records, lambda table: _send(api, "POST", to, table, run, batch.last))

    def lookalike(self, seed: str, wanted: CountryShare) -> Fields:
        """A lookalike, which Meta keeps up to date by itself; its parameters are JSON in a text."""
        spec = {**wanted.fractions, "location_spec": {"geo_locations": {"countries": list(wanted.countries)}}}
        return {"subtype": "LOOKALIKE", "origin_audience_id": seed, "lookalike_spec": json.dumps(spec)}


def _send(api: Api, verb: str, to: str, table: Table, run: Run | None = None, last: bool = True) -> Response:
    """Send rows as a part of a run's session, or of one that is theirs alone."""
    session, part = (run.number, next(run.numbers)) if run else (randbits(63), 1)
    told = {"session_id": session, "batch_seq": part, "last_batch_flag": last}
    return api.call(verb, to, {"payload": table.written, "session": told})
