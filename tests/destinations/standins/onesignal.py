"""OneSignal: users with tags, and segments that ask for one.

Not modelled: subscriptions, other aliases than `external_id`, how many tags a plan allows, and other filters
of segments than one tag's value. Users in `refuses` are unknown to the app; all others are known.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import unquote

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

# As onesignal-python-api 5.18.0 and documentation.onesignal.com describe the calls.
_USER: Mapping[str, Any] = {
    "type": "object",
    "required": ["properties"],
    "additionalProperties": False,
    "properties": {
        "properties": {
            "type": "object",
            "required": ["tags"],
            "additionalProperties": False,
            "properties": {
                "tags": {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": "^[A-Za-z0-9_-]{1,128}$"},
                    "additionalProperties": {"type": "string"},
                }
            },
        }
    },
}
_SEGMENT: Mapping[str, Any] = {
    "type": "object",
    "required": ["name", "filters"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 128},
        "filters": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["field", "key", "relation", "value"],
                "additionalProperties": False,
                "properties": {
                    "field": {"const": "tag"},
                    "key": {"type": "string"},
                    "relation": {"const": "="},
                    "value": {"type": "string"},
                },
            },
        },
    },
}
_APP = "11111111-2222-4333-8444-555555555555"


class OneSignalStandIn(StandIn):
    """One app."""

    type: ClassVar[str] = "onesignal"
    settings: ClassVar[Mapping[str, Any]] = {"app_id": _APP}
    secrets: ClassVar[Mapping[str, str]] = {"api_key": "onesignal-rest-key-of-a-test"}
    match_on: ClassVar[tuple[str, ...]] = ("external_id",)
    in_tags: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, dict[str, str]] = {}
        # Of what is gone, the number is not given out again.
        self._numbers = itertools.count(1)
        self.segments: dict[str, dict[str, Any]] = {}

    def handle(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Key {self.secrets['api_key']}":
            return self.unauthorised()
        rest = call.path.removeprefix(f"/apps/{_APP}")
        user = re.fullmatch(r"/users/by/external_id/([^/]+)", rest)
        if user is not None and call.method == "PATCH":
            return self._tag(unquote(user[1]), call.json)
        if rest == "/segments":
            return self._create(call.json) if call.method == "POST" else self._page(call)
        if rest.startswith("/segments/") and call.method == "DELETE":
            gone = self.segments.pop(rest.removeprefix("/segments/"), None)
            return Answer(200, {"success": True}) if gone else Answer(404, {"success": False})
        self.violate(f"there is no {call.method} {call.path}")
        return Answer(404, {"errors": ["not found"]})

    def _tag(self, user: str, body: Any) -> Answer:
        self.check(body, _USER, "user")
        if user in self.refuses:
            self.tags.pop(user, None)
            return Answer(404, {"errors": [{"code": "user-404", "title": "User not found"}]})
        tags = self.tags.setdefault(user, {})
        for key, value in body["properties"]["tags"].items():
            if value:
                tags[key] = value
            else:
                tags.pop(key, None)
        return Answer(202, body)

    def _create(self, body: Any) -> Answer:
        self.check(body, _SEGMENT, "segment")
        identity = f"00000000-0000-4000-8000-{next(self._numbers):012}"
        self.segments[identity] = body
        return Answer(201, {"success": True, "id": identity})

    def _page(self, call: Call) -> Answer:
        start, size = int(call.query["offset"]), int(call.query["limit"])
        if size > 300:
            self.violate("a page of segments has at most 300")
        found = [{"id": each, "name": body["name"]} for each, body in self.segments.items()]
        page = {"offset": start, "limit": size, "segments": found[start : start + size]}
        return Answer(200, {"total_count": len(found), **page})

    def audience_ids(self) -> list[str]:
        return [str(body["filters"][0]["key"]) for body in self.segments.values()]

    def held(self, audience: str) -> set[Holding]:
        users = (user for user, tags in self.tags.items() if tags.get(audience) == "1")
        return {frozenset([("external_id", user)]) for user in users}

    def lose(self, audience: str) -> None:
        for each, body in list(self.segments.items()):
            if body["filters"][0]["key"] == audience:
                del self.segments[each]

    def throttled(self) -> Answer:
        return Answer(429, {"errors": ["API rate limit exceeded."]}, {"RetryAfter": "1"})

    def unauthorised(self) -> Answer:
        return Answer(403, {"errors": ["Access denied. Please include an 'Authorization: ...' header."]})

    def is_write(self, call: Call) -> bool:
        return call.method == "PATCH"

    def is_creation(self, call: Call) -> bool:
        return call.method == "POST" and call.path.endswith("/segments")
