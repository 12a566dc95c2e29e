"""Klaviyo: an audience is a list.

Written to Klaviyo's OpenAPI definition, revision 2026-07-15. Members are added by bulk import jobs, which
also make the profiles that are missing, and are removed by the ids of their profiles, which are looked up
first. Neither changes anybody's consent. The bulk unsubscribe call is never used: a profile that is not on
the list would be unsubscribed from everything by it. A list has no field of ours, so its name carries the
marker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Fields, Named, Status
from dbt_muster.destinations.authoring.bases import Platform, PlatformSettings
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, Batch, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Pages
from dbt_muster.destinations.authoring.helpers import by_name, known_by, marked_name, pieces
from dbt_muster.destinations.authoring.results import BatchResult, JobResult, Refusal
from dbt_muster.destinations.klaviyo_profiles import FIELDS, PROFILES, attributes, refused_by

# Profiles in an import job; ids in one call that removes; values in one look-up, so that its address stays
# within what servers take.
_IMPORTED = 10_000
_REMOVED = 1_000
_LOOKED_UP = 50


class KlaviyoSettings(PlatformSettings):
    """Settings of a destination of type `klaviyo`."""

    api_key: SecretStr = Field(description="A private API key that may read and write lists and profiles.")


class Klaviyo(Platform):
    """Keeps the members of a list."""

    base_url = "https://a.klaviyo.com"
    headers: ClassVar[Mapping[str, str]] = {
        "authorization": "Klaviyo-API-Key {api_key}",
        "revision": "2026-07-15",
        "content-type": "application/vnd.api+json",
    }
    statuses = (
        Status(401, "stopped", "did not accept the private API key."),
        Status(403, "stopped", "says that the API key lacks a scope: lists and profiles, read and write."),
        # An import that Klaviyo itself does not know any more cannot be asked about, now or later.
        Status(404, "refused", "knows no such import.", path="/profile-bulk-import-jobs/", json=True),
    )
    audience_path = "^/api/lists/."
    error_text = "errors.0.detail"
    named = Named("errors", "source.pointer", r"/profiles/data/(\d+)", words=("detail",))
    settings_model = KlaviyoSettings
    # An account may make 150 lists a day. Deleting one keeps its profiles.
    kept = Kept(
        all="/api/lists",
        pages=Pages("data"),
        inside="data",
        name="attributes.name",
        marker="attributes.name",
        body=lambda made: {"data": {"type": "list", **made}},
        update="PATCH",
        update_with={"id": "{remote}"},
        size=("attributes.profile_count",),
        sizes={"additional-fields[list]": "profile_count"},
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={
            "external_id": Form(most=1),
            "email": Form("email", most=1),
            "phone": Form("phone", most=1),
        },
        batch_size=1_000,
        largest_batch=_IMPORTED,
        rate=10,
        concurrency=2,
        creates=True,
    )

    def search(self, audience: AudienceAtPlatform) -> Fields:
        """Lists of exactly the name, as JSON writes it."""
        return {"filter": f"equals(name,{json.dumps(marked_name(audience), ensure_ascii=False)})"}

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Import the profiles into the list; the job goes on when the call is over."""
        profiles = [{"type": "profile", "attributes": attributes(record)} for record in records]
        body = {
            "data": {
                "type": "profile-bulk-import-job",
                "attributes": {"profiles": {"data": profiles}},
                "relationships": {"lists": {"data": [{"type": "list", "id": run.remote}]}},
            }
        }
        return BatchResult(job=api.call("POST", "/api/profile-bulk-import-jobs", body).json()["data"]["id"])

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the profiles off the list; who has no profile is on no list."""

        def look_up(params: Mapping[str, Any]) -> httpx.Response:
            return api.call("GET", "/api/profiles", params=params)

        found: dict[str, None] = {}
        for name, people in by_name(known_by(records, FIELDS)).items():
            for part in pieces([person.value for person in people], _LOOKED_UP):
                wanted = f"any({FIELDS[name]},{json.dumps(list(part), ensure_ascii=False)})"
                found |= {each["id"]: None for each in PROFILES.read(look_up, {"filter": wanted})}
        for ids in pieces(list(found), _REMOVED):
            body = {"data": [{"type": "profile", "id": each} for each in ids]}
            api.call("DELETE", f"/api/lists/{run.remote}/relationships/profiles", body)
        return BatchResult()

    def poll(self, api: Api, job: str, batch: Batch) -> JobResult:
        """How an import stands, and whom it refused."""
        state = api.call("GET", f"/api/profile-bulk-import-jobs/{job}").json()["data"]["attributes"]
        if state["status"] in ("queued", "processing"):
            return JobResult("running")
        if state["status"] != "complete":
            return JobResult("failed", words=f"Klaviyo's import job was {state['status']}")
        failed = state.get("failed_count") or 0
        # Otherwise some of the batch went elsewhere, and the job's places are not the batch's.
        whole = state.get("total_count") == len(batch.records)
        refused = refused_by(api, job, batch.records, whole=whole) if failed else {}
        refusals = [Refusal(place, reason) for place, reason in refused.items()]
        return JobResult("done", refusals, max(0, failed - len(refused)))
