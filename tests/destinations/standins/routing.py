"""Stand-ins that answer by method and path, and let in who brings the token."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

Route = tuple[str, str, str]
"""A method, a path as a regular expression whose groups are arguments, and the name of what answers."""


class RoutedStandIn(StandIn):
    """A stand-in with one method a call.

    Class attributes:
        routes: what is answered; anything else is a violation.
        writes: names of what adds or removes members.
        creation: the name of what makes an audience.
        holds: what the platform calls an identifier, by its name.
    """

    routes: ClassVar[tuple[Route, ...]]
    writes: ClassVar[frozenset[str]]
    creation: ClassVar[str] = "create"

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[str, set[tuple[str, str]]] = {}
        self.names: dict[str, str] = {}
        self._last = 1000

    def handle(self, call: Call) -> Answer:
        """Let the route's own method answer."""
        if not self.lets_in(call):
            return self.unauthorised()
        name, groups = self._route(call)
        if name is None:
            self.violate(f"there is no {call.method} {call.path}")
            return self.not_found()
        answer: Callable[..., Answer] = getattr(self, name)
        return answer(call, *groups)

    def lets_in(self, call: Call) -> bool:
        """Whether a call brings the token."""
        return call.headers.get("authorization") == f"Bearer {self.secrets['access_token']}"

    def not_found(self) -> Answer:
        """The platform's answer to a place that is not there."""
        return Answer(404, {"message": "not found"})

    def new_id(self) -> str:
        """An id that was not given before; ids only grow."""
        self._last += 7
        return str(self._last)

    def _route(self, call: Call) -> tuple[str | None, tuple[str, ...]]:
        for method, path, name in self.routes:
            found = re.fullmatch(path, call.path)
            if method == call.method and found:
                return name, found.groups()
        return None, ()

    # --- what tests ask ---------------------------------------------------------------------------------

    def audience_ids(self) -> list[str]:
        """The audiences that are there."""
        return list(self.members)

    def held(self, audience: str) -> set[Holding]:
        """What an audience holds, one identifier a holding."""
        return {frozenset({each}) for each in self.members[audience]}

    def lose(self, audience: str) -> None:
        """Take an audience away."""
        del self.members[audience]

    def is_write(self, call: Call) -> bool:
        """Whether a call adds or removes members."""
        return self._route(call)[0] in self.writes

    def is_creation(self, call: Call) -> bool:
        """Whether a call makes an audience."""
        return self._route(call)[0] == self.creation

    def throttled(self) -> Answer:
        """Too many calls, with no wait asked for."""
        return Answer(429, {"message": "too many requests"}, {"retry-after": "0"})

    def unauthorised(self) -> Answer:
        """A token that is not accepted."""
        return Answer(401, {"message": "unauthorized"})


def closed(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    """The schema of an object that has these properties, all of them but the optional ones, and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
EMAIL = {"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"}


def at_most(items: Mapping[str, Any], most: int, least: int = 1) -> dict[str, Any]:
    """The schema of a list of so many items."""
    return {"type": "array", "items": dict(items), "minItems": least, "maxItems": most}
