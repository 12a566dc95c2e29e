"""Iterable: static lists of a hybrid project.

Not modelled: channels and message types (that nobody is unsubscribed from them is checked in the call), data
fields, dynamic lists, and the minutes until a list shows what was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

# The Lists API, as api.iterable.com/api/docs describes it.
_SUBSCRIBERS: Mapping[str, Any] = {
    "type": "array",
    "minItems": 1,
    "maxItems": 1000,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": ["email"]}, {"required": ["userId"]}],
        "properties": {
            "email": {"type": "string", "pattern": "@"},
            "userId": {"type": "string", "pattern": r"^\S(.*\S)?$"},
            "preferUserId": {"type": "boolean"},
        },
    },
}
_LIST: Mapping[str, Any] = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": {"type": "string", "maxLength": 255}, "description": {"type": "string"}},
}
_SUBSCRIBE: Mapping[str, Any] = {
    "type": "object",
    "required": ["listId", "subscribers"],
    "additionalProperties": False,
    "properties": {
        "listId": {"type": "integer"},
        "subscribers": _SUBSCRIBERS,
        "updateExistingUsersOnly": {"type": "boolean"},
    },
}
_UNSUBSCRIBE: Mapping[str, Any] = {
    "type": "object",
    "required": ["listId", "subscribers", "channelUnsubscribe"],
    "additionalProperties": False,
    "properties": {
        "listId": {"type": "integer"},
        "subscribers": _SUBSCRIBERS,
        "channelUnsubscribe": {"const": False},
    },
}
_KINDS = ("invalid", "notFound", "invalidData", "conflict", "forgotten")


class IterableStandIn(StandIn):
    """One project."""

    type: ClassVar[str] = "iterable"
    secrets: ClassVar[Mapping[str, str]] = {"api_key": "iterable-server-side-key-of-a-test"}

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[int, str] = {}
        self.members: dict[int, set[Holding]] = {}
        self.users: set[Holding] = set()
        self.forgotten: set[str] = set()
        """Values of people who asked to be forgotten."""
        self.mute = False
        """Whether answers only count who failed."""

    def handle(self, call: Call) -> Answer:
        if call.headers.get("api-key") != self.secrets["api_key"]:
            return self.unauthorised()
        route = (call.method, call.path)
        if route == ("GET", "/lists"):
            lists = [{"id": each, "name": name, "listType": "Standard"} for each, name in self.lists.items()]
            return Answer(200, {"lists": lists})
        if route == ("POST", "/lists"):
            return self._create(call.json)
        if route == ("POST", "/lists/subscribe"):
            return self._move(call.json, _SUBSCRIBE, adds=True)
        if route == ("POST", "/lists/unsubscribe"):
            return self._move(call.json, _UNSUBSCRIBE, adds=False)
        return self._one(call)

    def _create(self, body: Any) -> Answer:
        self.check(body, _LIST, "/lists")
        identity = 100 + len(self.members)
        self.lists[identity] = body["name"]
        self.members[identity] = set()
        return Answer(200, {"listId": identity})

    def _one(self, call: Call) -> Answer:
        parts = call.path.split("/")
        identity = int(parts[2]) if parts[1] == "lists" and parts[2].isdigit() else 0
        if identity not in self.lists:
            return Answer(404, {"code": "NotFound", "msg": "There is no such list"})
        if call.method == "DELETE" and len(parts) == 3:
            del self.lists[identity]
            return Answer(200, {"id": identity})
        if call.method == "GET" and parts[3:] == ["size"]:
            return Answer(200, str(len(self.members[identity])).encode(), {"content-type": "text/plain"})
        self.violate(f"there is no {call.method} {call.path}")
        return Answer(404, {"code": "NotFound"})

    def _move(self, body: Any, schema: Mapping[str, Any], *, adds: bool) -> Answer:
        self.check(body, schema, "subscribers")
        if body["listId"] not in self.lists:
            return Answer(404, {"code": "NotFound", "msg": "There is no such list"})
        failed: dict[str, list[str]] = {
            f"{kind}{ending}": [] for kind in _KINDS for ending in ("Emails", "UserIds")
        }
        for subscriber in body["subscribers"]:
            kind = self._failure(subscriber, adds=adds)
            if kind is None:
                self._do(body["listId"], subscriber, adds=adds)
            elif "userId" in subscriber:
                failed[f"{kind}UserIds"].append(subscriber["userId"])
            else:
                failed[f"{kind}Emails"].append(subscriber["email"].upper())
        count = sum(len(values) for values in failed.values())
        return Answer(
            200,
            {
                "successCount": len(body["subscribers"]) - count,
                "failCount": count,
                "invalidEmails": [] if self.mute else failed["invalidEmails"],
                "invalidUserIds": [] if self.mute else failed["invalidUserIds"],
                "filteredOutFields": [],
                "failedUpdates": {} if self.mute else failed,
            },
        )

    def _failure(self, subscriber: Mapping[str, Any], *, adds: bool) -> str | None:
        values = {subscriber[name] for name in ("email", "userId") if name in subscriber}
        if values & self.forgotten:
            return "forgotten"
        if values & self.refuses:
            return "invalid"
        return None if adds or _holding(subscriber) in self.users else "notFound"

    def _do(self, identity: int, subscriber: Mapping[str, Any], *, adds: bool) -> None:
        members = self.members[identity]
        if adds:
            self.users.add(_holding(subscriber))
            members.add(_holding(subscriber))
        else:
            members.discard(_holding(subscriber))

    def audience_ids(self) -> list[str]:
        return [str(each) for each in self.lists]

    def held(self, audience: str) -> set[Holding]:
        return set(self.members[int(audience)])

    def lose(self, audience: str) -> None:
        del self.lists[int(audience)]

    def throttled(self) -> Answer:
        return Answer(429, {"code": "RateLimitExceeded", "msg": "Too many requests"})

    def unauthorised(self) -> Answer:
        return Answer(401, {"code": "BadApiKey", "msg": "Invalid API key"})

    def is_write(self, call: Call) -> bool:
        return call.path in ("/lists/subscribe", "/lists/unsubscribe")

    def is_creation(self, call: Call) -> bool:
        return (call.method, call.path) == ("POST", "/lists")


def _holding(subscriber: Mapping[str, Any]) -> Holding:
    names = {"email": "email", "external_id": "userId"}
    return frozenset((name, subscriber[key]) for name, key in names.items() if key in subscriber)
