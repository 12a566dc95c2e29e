"""Klaviyo: an audience is a list.

Written to Klaviyo's OpenAPI definition, revision 2026-07-15. Members are added by bulk import jobs, which
also make the profiles that are missing, and are removed by the ids of their profiles, which are looked up
first. Neither changes anybody's consent. The bulk unsubscribe call is never used: a profile that is not on
the list would be unsubscribed from everything by it. A list has no field of ours, so its name carries the
marker.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

import httpx
from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Meaning, plain_words
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.klaviyo_profiles import FIELDS, attributes, pages, refused_by
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.people import by_name, known_by, pieces
from dbt_muster.destinations.platform import Platform, PlatformSettings, is_marked, marked_name, secret
from dbt_muster.destinations.records import Batch, BatchResult, JobResult, Record, Refusal
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

_REVISION = "2026-07-15"

# Profiles in an import job; ids in one call that removes; values in one look-up, so that its address stays
# within what servers take.
_IMPORTED = 10_000
_REMOVED = 1_000
_LOOKED_UP = 50

_NO_ENTRY = {
    401: "did not accept the private API key.",
    403: "says that the API key lacks a scope: lists and profiles, read and write.",
}


class KlaviyoSettings(PlatformSettings):
    """Settings of a destination of type `klaviyo`."""

    api_key: SecretStr = Field(description="A private API key that may read and write lists and profiles.")


class Klaviyo(Platform):
    """Keeps the members of a list."""

    base_url: ClassVar[str] = "https://a.klaviyo.com"
    audience_path: ClassVar[str] = "^/api/lists/."
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
    settings_model: ClassVar[type[PlatformSettings]] = KlaviyoSettings

    def login(self) -> Headers:
        """The private API key, and the revision of the interface that is spoken."""
        return Headers(
            {
                "authorization": f"Klaviyo-API-Key {secret(self.settings.api_key)}",
                "revision": _REVISION,
                "content-type": "application/vnd.api+json",
            }
        )

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The list of that name, which carries the marker."""
        wanted = f"equals(name,{json.dumps(marked_name(audience), ensure_ascii=False)})"
        lists = api.call("GET", "/api/lists", params={"filter": wanted}).json()["data"]
        return next((each["id"] for each in lists if is_marked(each["attributes"]["name"], audience)), None)

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make the list; an account may make 150 a day."""
        body = {"data": {"type": "list", "attributes": {"name": marked_name(audience)}}}
        return str(api.call("POST", "/api/lists", body, repeatable=False).json()["data"]["id"])

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the list is there; gives it the name that it should have."""
        held = api.call("GET", f"/api/lists/{remote}").json()["data"]["attributes"]["name"]
        name = marked_name(audience)
        if held != name:
            body = {"data": {"type": "list", "id": remote, "attributes": {"name": name}}}
            api.call("PATCH", f"/api/lists/{remote}", body)
        return True

    def count(self, api: Api, remote: str) -> int | None:
        """How many profiles the list has."""
        params = {"additional-fields[list]": "profile_count"}
        answer = api.call("GET", f"/api/lists/{remote}", params=params).json()
        found = answer["data"]["attributes"].get("profile_count")
        return int(found) if found is not None else None

    def drop(self, api: Api, remote: str) -> None:
        """Delete the list; its profiles stay."""
        api.call("DELETE", f"/api/lists/{remote}")

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
        found: dict[str, None] = {}
        for name, people in by_name(known_by(records, FIELDS)).items():
            for part in pieces([person.value for person in people], _LOOKED_UP):
                wanted = f"any({FIELDS[name]},{json.dumps(list(part), ensure_ascii=False)})"
                found |= {each["id"]: None for each in pages(api, "/api/profiles", {"filter": wanted}, 100)}
        for ids in pieces(list(found), _REMOVED):
            body = {"data": [{"type": "profile", "id": each} for each in ids]}
            api.call("DELETE", f"/api/lists/{run.remote}/relationships/profiles", body)
        return BatchResult()

    def poll(self, api: Api, run: Run, job: str, batch: Batch) -> JobResult:
        """How the import stands; a batch that was sent in parts has a job for each, divided by spaces."""
        refused: dict[int, str] = {}
        failed = 0
        for each in job.split():
            state = api.call("GET", f"/api/profile-bulk-import-jobs/{each}").json()["data"]["attributes"]
            if state["status"] in ("queued", "processing"):
                return JobResult("running")
            if state["status"] != "complete":
                return JobResult("failed", words=f"Klaviyo's import job was {state['status']}")
            if state.get("failed_count"):
                found = refused_by(api, each, batch.records, whole=" " not in job)
                refused |= found
                failed += max(0, state["failed_count"] - len(found))
        refusals = [Refusal(place, reason) for place, reason in sorted(refused.items())]
        return JobResult("done", refusals, failed)

    def meaning(self, response: httpx.Response) -> Meaning:
        """Errors are JSON:API objects whose `detail` says what is wrong."""
        status = response.status_code
        if status in _NO_ENTRY:
            return Meaning("stopped", _NO_ENTRY[status])
        if status in (400, 409, 413, 422):
            return Meaning("refused", f"refused the call: {plain_words(_detail(response))}")
        return super().meaning(response)


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["errors"][0]["detail"])
    except (ValueError, LookupError, TypeError):
        return f"HTTP {response.status_code}"
