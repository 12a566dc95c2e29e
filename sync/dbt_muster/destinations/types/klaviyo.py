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
from typing import ClassVar

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Fields, Named, Repeated, Status
from dbt_muster.destinations.authoring.bases import Platform, PlatformSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Jobs, Kept, Linked, Pages
from dbt_muster.destinations.authoring.helpers import by_name, pieces

# Ids in one call that removes; values in one look-up, so that its address stays within what servers take.
_REMOVED, _LOOKED_UP = 1_000, 50

_JOBS = "/api/profile-bulk-import-jobs"
_PLACE = r"/profiles/data/(\d+)"  # of a profile in a call, in what points to it
_PAGES = Linked("data", params={"page[size]": 100}, link="links.next", only="page[cursor]")


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
    named = Named("errors", "source.pointer", _PLACE, words=("detail",))
    jobs = Jobs(
        made="data.id",
        one=f"{_JOBS}/{{job}}",
        states="data.attributes.status",
        done="complete",
        failed="cancelled",
        errors="data.attributes",
        count="failed_count",
        total="data.attributes.total_count",
        named_at=f"{_JOBS}/{{job}}/import-errors",
        pages=_PAGES,
        named=Repeated(
            "attributes.original_payload",
            where="attributes.source.pointer",
            place=_PLACE,
            words=("attributes.title", "attributes.detail"),
        ),
    )
    settings_model = KlaviyoSettings
    # An account may make 150 lists a day. Deleting one keeps its profiles.
    kept = Kept(
        all="/api/lists",
        pages=Pages("data", params={"filter": "equals(name,{quoted})"}),
        inside="data",
        name="attributes.name",
        marker="attributes.name",
        body=lambda made: {"data": {"type": "list", **made}},
        update="PATCH",
        update_with={"id": "{remote}"},
        size=("attributes.profile_count",),
        sizes={"additional-fields[list]": "profile_count"},
    )
    capabilities = Capabilities(
        identifiers={
            "external_id": Form(most=1, called="external_id"),
            "email": Form("email", most=1, called="email"),
            "phone": Form("phone", most=1, called="phone_number"),
        },
        batch_size=1_000,
        largest_batch=10_000,
        rate=10,
        concurrency=2,
    )

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Import the profiles into the list; the job goes on when the call is over."""
        lists = {"lists": {"data": [{"type": "list", "id": run.remote}]}}

        def send(people: Sequence[Fields]) -> Response:
            profiles = [{"type": "profile", "attributes": person} for person in people]
            job = {"attributes": {"profiles": {"data": profiles}}, "relationships": lists}
            return api.call("POST", _JOBS, {"data": {"type": "profile-bulk-import-job", **job}})

        return self.in_calls(records, lambda record: [self.attributes(record)], send)

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the profiles off the list; who has no profile is on no list."""
        found: dict[str, None] = {}
        for name, own in by_name(records, self.capabilities.called).items():
            for part in pieces(own, _LOOKED_UP):
                values = json.dumps(part, ensure_ascii=False)
                wanted = {"filter": f"any({self.capabilities.called[name]},{values})"}
                found |= {each["id"]: None for each in _PAGES.at(api, "/api/profiles", wanted)}
        for ids in pieces(list(found), _REMOVED):
            body = {"data": [{"type": "profile", "id": each} for each in ids]}
            api.call("DELETE", f"/api/lists/{run.remote}/relationships/profiles", body)
        return BatchResult()
