"""Airship: tags of named users, in tag groups that are there already.

Not modelled: channels, tags that are set rather than added, and named users that have no channel: a tag stays
on a name all the same. Users in `refuses` are passed over with a warning, while the others are tagged.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

# As urbanairship 7.4.1 builds the call.
_GROUPS: Mapping[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "minLength": 1, "maxLength": 128},
    },
}
_TAGS: Mapping[str, Any] = {
    "type": "object",
    "required": ["audience"],
    "additionalProperties": False,
    "oneOf": [{"required": ["add"]}, {"required": ["remove"]}],
    "properties": {
        "audience": {
            "type": "object",
            "required": ["named_user_id"],
            "additionalProperties": False,
            "properties": {
                "named_user_id": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 1000,
                    "items": {"type": "string", "minLength": 1},
                }
            },
        },
        "add": _GROUPS,
        "remove": _GROUPS,
    },
}


class AirshipStandIn(StandIn):
    """One project."""

    type: ClassVar[str] = "airship"
    settings: ClassVar[Mapping[str, Any]] = {"app": "app-1", "tag_group": "segments"}
    secrets: ClassVar[Mapping[str, str]] = {"master_secret": "airship-master-secret-of-a-test"}
    match_on: ClassVar[tuple[str, ...]] = ("external_id",)
    in_tags: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.groups = {"segments"}
        self.tags: dict[str, set[str]] = {}

    def handle(self, call: Call) -> Answer:
        pair = f"{self.settings['app']}:{self.secrets['master_secret']}"
        if call.headers.get("authorization") != f"Basic {base64.b64encode(pair.encode()).decode()}":
            return self.unauthorised()
        if call.headers.get("accept") != "application/vnd.urbanairship+json; version=3":
            self.violate(f"accept is {call.headers.get('accept')!r}")
        if (call.method, call.path) != ("POST", "/api/named_users/tags"):
            self.violate(f"there is no {call.method} {call.path}")
            return Answer(404)
        self.check(call.json, _TAGS, call.path)
        return self._tag(call.json)

    def _tag(self, body: Any) -> Answer:
        groups = body.get("add") or body["remove"]
        if set(groups) - self.groups:
            return Answer(400, {"ok": False, "error": "Tag group does not exist", "error_code": 40001})
        users = body["audience"]["named_user_id"]
        for user in set(users) - self.refuses:
            for tag in (tag for tags in groups.values() for tag in tags):
                held = self.tags.setdefault(tag, set())
                held.add(user) if "add" in body else held.discard(user)
        passed_over = len(self.refuses & set(users))
        warnings = {"warnings": [f"{passed_over} named users were passed over"]} if passed_over else {}
        return Answer(200, {"ok": True, **warnings})

    def audience_ids(self) -> list[str]:
        return sorted(self.tags)

    def held(self, audience: str) -> set[Holding]:
        return {frozenset([("external_id", user)]) for user in self.tags.get(audience, set())}

    def lose(self, audience: str) -> None:
        self.tags.pop(audience, None)

    def throttled(self) -> Answer:
        return Answer(429, {"ok": False, "error": "Too many requests"}, {"retry-after": "1"})

    def unauthorised(self) -> Answer:
        return Answer(401, {"ok": False, "error": "Unauthorized", "error_code": 40101})

    def is_write(self, call: Call) -> bool:
        return call.path == "/api/named_users/tags"
