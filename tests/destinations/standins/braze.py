"""Braze: user profiles and one call, `/users/track`.

Not modelled: standard attributes, events, purchases, subscription groups, aliases, and profiles that are
merged because they share an address; profiles are known by exactly what they are addressed by.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

# The user attributes object and the limits of /users/track, as braze.com/docs/api describes them.
_TRACK: Mapping[str, Any] = {
    "type": "object",
    "required": ["attributes"],
    "additionalProperties": False,
    "properties": {
        "attributes": {
            "type": "array",
            "minItems": 1,
            "maxItems": 75,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "oneOf": [{"required": ["external_id"]}, {"required": ["email"]}, {"required": ["phone"]}],
                "properties": {
                    "external_id": {"type": "string", "minLength": 1},
                    "email": {"type": "string", "pattern": "@"},
                    "phone": {"type": "string", "pattern": r"^\+[1-9]\d+$"},
                    "_update_existing_only": {"type": "boolean"},
                },
                "patternProperties": {"^muster_": {"type": "boolean"}},
            },
        }
    },
}

_IDENTIFIERS = ("external_id", "email", "phone")


class BrazeStandIn(StandIn):
    """One workspace."""

    type: ClassVar[str] = "braze"
    settings: ClassVar[Mapping[str, Any]] = {"instance": "EU-01"}
    secrets: ClassVar[Mapping[str, str]] = {"api_key": "braze-rest-key-of-a-test"}
    match_on: ClassVar[tuple[str, ...]] = ("external_id",)
    in_tags: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.profiles: dict[tuple[str, str], dict[str, bool]] = {}

    def handle(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self.secrets['api_key']}":
            return self.unauthorised()
        if (call.method, call.path) != ("POST", "/users/track"):
            self.violate(f"there is no {call.method} {call.path}")
            return Answer(404, {"message": "Invalid URL"})
        self.check(call.json, _TRACK, "/users/track")
        errors = []
        for index, entry in enumerate(call.json["attributes"]):
            error = self._update(dict(entry))
            if error:
                errors.append({"type": error, "input_array": "attributes", "index": index})
        taken = len(call.json["attributes"]) - len(errors)
        answer = {"message": "success", "attributes_processed": taken}
        return Answer(201, {**answer, "errors": errors} if errors else answer)

    def _update(self, entry: dict[str, Any]) -> str | None:
        name = next(name for name in _IDENTIFIERS if name in entry)
        value = entry.pop(name)
        if value in self.refuses:
            return "EXTERNAL_USER_ID_TOO_LARGE"
        only_existing = entry.pop("_update_existing_only", False)
        if (name, value) in self.profiles or not only_existing:
            self.profiles.setdefault((name, value), {}).update(entry)
        return None

    def audience_ids(self) -> list[str]:
        return sorted({name for attributes in self.profiles.values() for name in attributes})

    def held(self, audience: str) -> set[Holding]:
        return {
            frozenset([person]) for person, attributes in self.profiles.items() if attributes.get(audience)
        }

    def lose(self, audience: str) -> None:
        for attributes in self.profiles.values():
            attributes.pop(audience, None)

    def throttled(self) -> Answer:
        headers = {
            "x-ratelimit-limit": "3000",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": str(int(time.time())),
        }
        return Answer(429, {"message": "rate limit exceeded"}, headers)

    def unauthorised(self) -> Answer:
        return Answer(401, {"message": "Invalid API key"})

    def is_write(self, call: Call) -> bool:
        return call.path == "/users/track"
