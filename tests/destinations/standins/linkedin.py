"""Stands in for LinkedIn's DMP segments.

LinkedIn publishes no machine-readable definition: the schemas are written by hand from its pages "DMP
Segments" and "DMP Segment Users". Not modelled: the hours that a segment takes to fill, how users are
matched, states of a segment, daily quotas, and pages of what is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.routing import SHA256, TEXT, RoutedStandIn, at_most, closed

_ACCOUNT = "urn:li:sponsoredAccount:516848833"
_USER_ID = {
    "oneOf": [
        closed({"idType": {"const": "SHA256_EMAIL"}, "idValue": SHA256}),
        closed(
            {"idType": {"const": "GOOGLE_AID"}, "idValue": {"type": "string", "pattern": "^[0-9a-f-]{36}$"}}
        ),
    ]
}
_PROFILE = dict.fromkeys(("firstName", "lastName", "title", "company", "country"), TEXT)
_USERS = closed(
    {
        "elements": at_most(
            closed(
                {"action": {"enum": ["ADD", "REMOVE"]}, "userIds": at_most(_USER_ID, 100), **_PROFILE},
                "userIds",
                *_PROFILE,
            ),
            5_000,
        )
    }
)
_SEGMENT = closed(
    {
        "name": TEXT,
        "description": {"type": "string"},
        "sourcePlatform": TEXT,
        "sourceSegmentId": TEXT,
        "account": {"const": _ACCOUNT},
        "type": {"enum": ["USER", "COMPANY"]},
        "destinations": at_most(closed({"destination": {"const": "LINKEDIN"}}), 1),
    },
    "description",
)
_PATCH = closed({"patch": closed({"$set": closed({"name": TEXT})})})
_IDENTIFIERS = {"SHA256_EMAIL": "email", "GOOGLE_AID": "aaid"}


class LinkedInStandIn(RoutedStandIn):
    """Segments of users, each element of a call answered by itself."""

    type = "linkedin"
    settings: ClassVar[Mapping[str, Any]] = {"account": "516848833", "source_platform": "MUSTER"}
    secrets: ClassVar[Mapping[str, str]] = {"access_token": "linkedin-canary-token"}
    match_on = ("email",)
    flat = True
    routes = (
        ("GET", "/dmpSegments", "find"),
        ("POST", "/dmpSegments", "create"),
        ("GET", r"/dmpSegments/(\d+)", "read"),
        ("POST", r"/dmpSegments/(\d+)", "rename"),
        ("DELETE", r"/dmpSegments/(\d+)", "delete"),
        ("POST", r"/dmpSegments/(\d+)/users", "users"),
    )
    writes = frozenset({"users"})

    def __init__(self) -> None:
        super().__init__()
        self.segments: dict[str, dict[str, Any]] = {}
        self.not_ready = 0
        """Calls with users that are still answered as if the segment were not there."""

    def handle(self, call: Call) -> Answer:
        """Every call has to say which version of the API and the protocol it speaks."""
        if len(call.headers.get("linkedin-version", "")) != 6:
            self.violate("a call without LinkedIn-Version")
        if call.headers.get("x-restli-protocol-version") != "2.0.0":
            self.violate("a call without X-Restli-Protocol-Version")
        return super().handle(call)

    def find(self, call: Call) -> Answer:
        """Segments of an account by their id at the source."""
        query = dict(call.query)
        self.check(
            query, closed(dict.fromkeys(("q", "account", "sourceSegmentId", "sourcePlatform"), TEXT)), "find"
        )
        found = [
            {"id": int(own), **segment}
            for own, segment in self.segments.items()
            if segment["sourceSegmentId"] == query["sourceSegmentId"]
        ]
        return Answer(200, {"elements": found, "paging": {"start": 0, "count": 10}})

    def create(self, call: Call) -> Answer:
        """A new segment, its id in a header and no body."""
        self.check(call.json, _SEGMENT, "segment")
        own = self.new_id()
        self.segments[own] = dict(call.json)
        self.members[own] = set()
        return Answer(201, None, {"x-restli-id": own})

    def read(self, _call: Call, own: str) -> Answer:
        """A segment, with its size at LinkedIn."""
        if own not in self.members:
            return self.not_found()
        destination = {"destination": "LINKEDIN", "audienceSize": len(self.members[own]), "status": "READY"}
        return Answer(200, {"id": int(own), **self.segments[own], "destinations": [destination]})

    def rename(self, call: Call, own: str) -> Answer:
        """A partial update."""
        if call.headers.get("x-restli-method") != "PARTIAL_UPDATE":
            self.violate("an update without X-RestLi-Method")
        self.check(call.json, _PATCH, "patch")
        self.segments[own] |= call.json["patch"]["$set"]
        return Answer(204)

    def delete(self, _call: Call, own: str) -> Answer:
        """A segment that goes."""
        if own not in self.members:
            return self.not_found()
        self.lose(own)
        return Answer(204)

    def lose(self, audience: str) -> None:
        """Take a segment away."""
        super().lose(audience)
        del self.segments[audience]

    def users(self, call: Call, own: str) -> Answer:
        """Elements that add and remove, in order; one status each."""
        if call.headers.get("x-restli-method") != "BATCH_CREATE":
            self.violate("users without X-RestLi-Method")
        if own not in self.members or self.not_ready > 0:
            self.not_ready -= 1
            return self.not_found()
        self.check(call.json, _USERS, "users")
        return Answer(200, {"elements": [self._element(own, each) for each in call.json["elements"]]})

    def _element(self, own: str, element: dict[str, Any]) -> dict[str, Any]:
        values = {(_IDENTIFIERS[each["idType"]], each["idValue"]) for each in element.get("userIds", [])}
        if any(value in self.refuses for _, value in values):
            return {"status": 400, "error": {"message": "the user id is not valid"}}
        if element["action"] == "ADD":
            self.members[own] |= values
        else:
            self.members[own] -= values
        return {"status": 201 if element["action"] == "ADD" else 200}

    def not_found(self) -> Answer:
        """The protocol's own shape of an error."""
        return Answer(404, {"status": 404, "code": "NOT_FOUND", "message": "not found"})

    def throttled(self) -> Answer:
        """Too many calls; LinkedIn names no wait."""
        return Answer(429, {"status": 429, "code": "TOO_MANY_REQUESTS", "message": "throttled"})

    def unauthorised(self) -> Answer:
        """A token that has ended."""
        return Answer(401, {"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": "expired"})
