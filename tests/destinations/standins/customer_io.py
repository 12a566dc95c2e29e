"""Customer.io: manual segments by the App API, and their people by the Track API, at one address.

Not modelled: data-driven segments, and who the workspace knows: every id names a person. An id in `refuses`
is one that the Track API calls malformed, for which it refuses the whole call.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

# As docs.customer.io describes the calls.
_SEGMENT: Mapping[str, Any] = {
    "type": "object",
    "required": ["segment"],
    "additionalProperties": False,
    "properties": {
        "segment": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {"name": {"type": "string", "minLength": 1}, "description": {"type": "string"}},
        }
    },
}
_IDS: Mapping[str, Any] = {
    "type": "object",
    "required": ["ids"],
    "additionalProperties": False,
    "properties": {
        "ids": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1000,
            "items": {"type": "string", "minLength": 1},
        }
    },
}
_TYPES = {"id": "external_id", "email": "email", "cio_id": "cio_id"}


class CustomerIoStandIn(StandIn):
    """One workspace."""

    type: ClassVar[str] = "customer_io"
    settings: ClassVar[Mapping[str, Any]] = {"site_id": "site-1"}
    secrets: ClassVar[Mapping[str, str]] = {
        "track_key": "customer-io-track-key-of-a-test",
        "app_key": "customer-io-app-key-of-a-test",
    }
    match_on: ClassVar[tuple[str, ...]] = ("external_id",)

    def __init__(self) -> None:
        super().__init__()
        self.segments: dict[int, dict[str, Any]] = {}
        self.members: dict[int, set[Holding]] = {}

    def handle(self, call: Call) -> Answer:
        track = base64.b64encode(f"{self.settings['site_id']}:{self.secrets['track_key']}".encode()).decode()
        expected = f"Bearer {self.secrets['app_key']}" if call.path.startswith("/v1/") else f"Basic {track}"
        if call.headers.get("authorization") != expected:
            return self.unauthorised()
        if call.path.startswith("/v1/segments"):
            return self._app(call, call.path.removeprefix("/v1/segments").strip("/"))
        found = re.fullmatch(r"/api/v1/segments/(\d+)/(add|remove)_customers", call.path)
        if found is None or call.method != "POST":
            self.violate(f"there is no {call.method} {call.path}")
            return Answer(404, {"meta": {"error": "not found"}})
        return self._move(call, int(found[1]), adds=found[2] == "add")

    def _app(self, call: Call, rest: str) -> Answer:
        if not rest and call.method == "POST":
            self.check(call.json, _SEGMENT, "/v1/segments")
            return self._create(call.json["segment"])
        if not rest:
            return Answer(200, {"segments": list(self.segments.values())})
        identity = int(rest.partition("/")[0])
        if identity not in self.segments:
            return Answer(404, {"errors": [{"detail": "not found", "status": "404"}]})
        if call.method == "DELETE":
            del self.segments[identity]
            return Answer(204)
        if rest.endswith("/customer_count"):
            return Answer(200, {"count": len(self.members[identity])})
        return Answer(200, {"segment": self.segments[identity]})

    def _create(self, asked: Mapping[str, str]) -> Answer:
        identity = len(self.members) + 7
        made = {"id": identity, "deduplicate_id": f"{identity}:1", "type": "manual", "state": "finished"}
        self.segments[identity] = {**made, **asked}
        self.members[identity] = set()
        return Answer(200, {"segment": self.segments[identity]})

    def _move(self, call: Call, identity: int, *, adds: bool) -> Answer:
        self.check(call.json, _IDS, call.path)
        name = _TYPES.get(call.query.get("id_type", ""))
        if name is None:
            self.violate(f"{call.path}: id_type is {call.query.get('id_type')!r}")
        if identity not in self.segments:
            return Answer(404, {"meta": {"error": "segment not found"}})
        if self.refuses & set(call.json["ids"]):
            return Answer(400, {"meta": {"error": "an id is malformed"}})
        people = {frozenset([(name or "", value)]) for value in call.json["ids"]}
        members = self.members[identity]
        self.members[identity] = members | people if adds else members - people
        return Answer(200, {})

    def audience_ids(self) -> list[str]:
        return [str(each) for each in self.segments]

    def held(self, audience: str) -> set[Holding]:
        return set(self.members[int(audience)])

    def lose(self, audience: str) -> None:
        del self.segments[int(audience)]

    def throttled(self) -> Answer:
        return Answer(429, {"meta": {"error": "too many requests"}})

    def unauthorised(self) -> Answer:
        return Answer(401, {"meta": {"error": "Unauthorized request"}})

    def is_write(self, call: Call) -> bool:
        return call.path.endswith("_customers")

    def is_creation(self, call: Call) -> bool:
        return (call.method, call.path) == ("POST", "/v1/segments")
