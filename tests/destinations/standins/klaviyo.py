"""Klaviyo: lists, profiles, and import jobs that take three looks until they are through.

Not modelled: consent, segments, merging of profiles, and the limit of 150 new lists a day. Calls are held to
Klaviyo's own OpenAPI definition.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn
from tests.destinations.standins.openapi import OpenApi

_DEFINITION = OpenApi("klaviyo/openapi.json")
_JSON_API = {"content-type": "application/vnd.api+json"}
_NAMES = {"external_id": "external_id", "email": "email", "phone_number": "phone"}
_NEXT = {"queued": "processing", "processing": "complete"}


class KlaviyoStandIn(StandIn):
    """One account."""

    type: ClassVar[str] = "klaviyo"
    secrets: ClassVar[Mapping[str, str]] = {"api_key": "pk_of_a_test_account"}

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, str] = {}
        self.members: dict[str, set[str]] = {}
        self.profiles: dict[str, dict[str, str]] = {}
        # Of what is gone, the number is not given out again.
        self._numbers = itertools.count(1)
        self.jobs: dict[str, dict[str, Any]] = {}
        self.cancels = False
        """Whether jobs are cancelled rather than done."""
        self.tells_payload = True
        self.tells_place = True
        """Whether errors of a job repeat the profile, and point to it."""

    def handle(self, call: Call) -> Answer:
        for violation in _DEFINITION.violations(call):
            self.violate(violation)
        if call.headers.get("authorization") != f"Klaviyo-API-Key {self.secrets['api_key']}":
            return self.unauthorised()
        parts = call.path.split("/")[2:]
        if parts[0] == "lists":
            return self._all_lists(call) if len(parts) == 1 else self._one_list(call, parts[1])
        if parts[0] == "profiles":
            return _page(call, self._looked_up(call.query["filter"]))
        return self._import(call.json) if call.method == "POST" else self._job(call, parts[1])

    def _all_lists(self, call: Call) -> Answer:
        if call.method == "POST":
            identity = f"L{len(self.members) + 1:05}"
            self.lists[identity] = call.json["data"]["attributes"]["name"]
            self.members[identity] = set()
            return Answer(201, {"data": self._list(identity)}, _JSON_API)
        name = _argument(call.query["filter"], "equals", "name")
        return Answer(
            200, {"data": [self._list(each) for each, own in self.lists.items() if own == name]}, _JSON_API
        )

    def _one_list(self, call: Call, identity: str) -> Answer:
        if identity not in self.lists:
            return _error(404, "not_found", f"A list with id {identity} does not exist.", "/data/id")
        if call.path.endswith("/relationships/profiles"):
            ids = [each["id"] for each in call.json["data"]]
            if len(ids) > 1000:
                self.violate("more than 1,000 profiles in one call")
            self.members[identity] -= set(ids)
            return Answer(204)
        if call.method == "DELETE":
            del self.lists[identity]
            return Answer(204)
        if call.method == "PATCH":
            self.lists[identity] = call.json["data"]["attributes"]["name"]
        shown = self._list(identity)
        if "additional-fields[list]" in call.query:
            shown["attributes"]["profile_count"] = len(self.members[identity])
        return Answer(200, {"data": shown}, _JSON_API)

    def _list(self, identity: str) -> dict[str, Any]:
        return {"type": "list", "id": identity, "attributes": {"name": self.lists[identity]}}

    def _looked_up(self, text: str) -> list[dict[str, Any]]:
        field = text.removeprefix("any(").partition(",")[0]
        wanted = {value.lower() for value in _argument(text, "any", field)}
        return [
            {"type": "profile", "id": each, "attributes": dict(profile)}
            for each, profile in self.profiles.items()
            if profile.get(field, "").lower() in wanted
        ]

    def _import(self, body: Any) -> Answer:
        profiles = [each["attributes"] for each in body["data"]["attributes"]["profiles"]["data"]]
        if not 0 < len(profiles) <= 10_000:
            self.violate(f"{len(profiles)} profiles in a job")
        lists = [each["id"] for each in body["data"]["relationships"]["lists"]["data"]]
        if any(each not in self.lists for each in lists):
            return _error(404, "not_found", "A list does not exist.", "/data/relationships/lists")
        identity = f"job{next(self._numbers)}"
        self.jobs[identity] = {"status": "queued", "profiles": profiles, "lists": lists, "errors": []}
        return Answer(202, {"data": self._shown(identity)}, _JSON_API)

    def _job(self, call: Call, identity: str) -> Answer:
        if identity not in self.jobs:
            return _error(404, "not_found", f"A job with id {identity} does not exist.", "/data/id")
        if call.path.endswith("/import-errors"):
            return _page(call, self.jobs[identity]["errors"])
        self._step(identity)
        return Answer(200, {"data": self._shown(identity)}, _JSON_API)

    def _shown(self, identity: str) -> dict[str, Any]:
        job = self.jobs[identity]
        failed, total = len(job["errors"]), len(job["profiles"])
        counts = {"total_count": total, "completed_count": total - failed, "failed_count": failed}
        attributes = {"status": job["status"], "created_at": "2026-11-25T12:00:00+00:00", **counts}
        return {"type": "profile-bulk-import-job", "id": identity, "attributes": attributes}

    def _step(self, identity: str) -> None:
        job = self.jobs[identity]
        before = job["status"]
        job["status"] = "cancelled" if self.cancels else _NEXT.get(before, before)
        if (before, job["status"]) == ("processing", "complete"):
            self._work(job, len(job["profiles"]))

    def _work(self, job: dict[str, Any], count: int) -> None:
        for place, attributes in enumerate(job["profiles"][:count]):
            self._take(job, place, attributes)

    def _take(self, job: dict[str, Any], place: int, attributes: dict[str, str]) -> None:
        found = {
            each
            for each, profile in self.profiles.items()
            if any(profile.get(field) == value for field, value in attributes.items())
        }
        if len(found) > 1 or self.refuses & set(attributes.values()):
            told = attributes if self.tells_payload else None
            job["errors"].append(_import_error(place if self.tells_place else None, told))
            return
        identity = found.pop() if found else f"P{len(self.profiles) + 1:07}"
        self.profiles.setdefault(identity, {}).update(attributes)
        for each in job["lists"]:
            self.members[each].add(identity)

    def asks_about_a_job(self, call: Call) -> bool:
        return call.method == "GET" and call.path.rpartition("/")[2] in self.jobs

    def end_job(self, call: Call, *, known: bool) -> None:
        identity = call.path.rpartition("/")[2]
        job = self.jobs[identity]
        if job["status"] not in ("complete", "cancelled"):
            self._work(job, len(job["profiles"]) // 2)
            job["status"] = "cancelled"
        if not known:
            del self.jobs[identity]

    def audience_ids(self) -> list[str]:
        return list(self.lists)

    def held(self, audience: str) -> set[Holding]:
        return {
            frozenset((_NAMES[field], value) for field, value in self.profiles[each].items())
            for each in self.members[audience]
        }

    def lose(self, audience: str) -> None:
        del self.lists[audience]

    def throttled(self) -> Answer:
        answer = _error(429, "throttled", "Request was throttled. Expected available in 1 second.", "/data/")
        return Answer(429, answer.body, {**_JSON_API, "retry-after": "1"})

    def unauthorised(self) -> Answer:
        return _error(401, "not_authenticated", "Incorrect authentication credentials.", "/data/")

    def is_write(self, call: Call) -> bool:
        return call.method in ("POST", "DELETE") and call.path.endswith(("import-jobs", "/profiles"))

    def is_creation(self, call: Call) -> bool:
        return (call.method, call.path) == ("POST", "/api/lists")


def _argument(text: str, operator: str, field: str) -> Any:
    """What a filter such as `any(email,["a"])` compares with."""
    found = re.fullmatch(rf"{operator}\({field},(.*)\)", text, re.DOTALL)
    return json.loads(found[1]) if found else []


def _page(call: Call, found: list[dict[str, Any]]) -> Answer:
    start, size = int(call.query.get("page[cursor]", 0)), int(call.query.get("page[size]", 20))
    more = start + size < len(found)
    following = f"https://a.klaviyo.com{call.path}?page%5Bcursor%5D={start + size}" if more else None
    return Answer(200, {"data": found[start : start + size], "links": {"next": following}}, _JSON_API)


def _error(status: int, code: str, detail: str, pointer: str) -> Answer:
    error = {"id": "e1", "status": status, "code": code, "title": code, "detail": detail}
    return Answer(status, {"errors": [{**error, "source": {"pointer": pointer}}]}, _JSON_API)


def _import_error(place: int | None, payload: Mapping[str, str] | None) -> dict[str, Any]:
    pointer = "/data" if place is None else f"/data/attributes/profiles/data/{place}/attributes"
    return {
        "type": "import-error",
        "id": f"e{place}",
        "attributes": {
            "code": "invalid",
            "title": "Invalid input.",
            "detail": "A value is not valid.",
            "source": {"pointer": pointer},
            "original_payload": payload,
        },
    }
