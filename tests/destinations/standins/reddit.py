"""Stands in for Reddit's custom audiences.

Reddit publishes no machine-readable definition: the schemas are written by hand from what Segment's connector
sends. Not modelled: how people are matched (each cell is held by itself), sizes and states of an audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.routing import SHA256, TEXT, RoutedStandIn, at_most, closed

_COLUMNS = {"EMAIL_SHA256": "email", "MAID_SHA256": "mobile_advertising_id"}
_AUDIENCE = closed({"data": closed({"name": TEXT, "type": {"const": "CUSTOMER_LIST"}})})
_PAGE = 2


def _users(width: int) -> dict[str, object]:
    """The schema of a call's body: every row has as many cells as there are columns."""
    return closed(
        {
            "data": closed(
                {
                    "action_type": {"enum": ["ADD", "REMOVE"]},
                    "column_order": {**at_most({"enum": list(_COLUMNS)}, len(_COLUMNS)), "uniqueItems": True},
                    "user_data": at_most(at_most(SHA256, width, width), 2_500),
                }
            )
        }
    )


class RedditStandIn(RoutedStandIn):
    """Customer lists whose rows are rectangular."""

    type = "reddit"
    settings: ClassVar[Mapping[str, Any]] = {"ad_account": "a2_muster"}
    secrets: ClassVar[Mapping[str, str]] = {"access_token": "reddit-canary-token"}
    match_on = ("email", "mobile_advertising_id")
    flat = True
    routes = (
        ("GET", "/ad_accounts/a2_muster/custom_audiences", "find"),
        ("POST", "/ad_accounts/a2_muster/custom_audiences", "create"),
        ("GET", r"/custom_audiences/(\d+)", "read"),
        ("DELETE", r"/custom_audiences/(\d+)", "delete"),
        ("PATCH", r"/custom_audiences/(\d+)/users", "users"),
    )
    writes = frozenset({"users"})

    def find(self, call: Call) -> Answer:
        """Audiences, a page of two at a time."""
        self.check(dict(call.query), closed({"page.size": TEXT, "page.token": TEXT}, "page.token"), "find")
        start = int(call.query.get("page.token", "0"))
        ids = self.audience_ids()
        following = f"{self.url}{call.path}?page.size=100&page.token={start + _PAGE}"
        return Answer(
            200,
            {
                "data": [{"id": own, "name": self.names[own]} for own in ids[start : start + _PAGE]],
                "pagination": {"next_url": following if len(ids) > start + _PAGE else None},
            },
        )

    def create(self, call: Call) -> Answer:
        """A new list; no two have the same name."""
        self.check(call.json, _AUDIENCE, "audience")
        name = call.json["data"]["name"]
        if name in [self.names[own] for own in self.members]:
            return Answer(400, {"error": {"code": 400, "message": "the name is taken"}})
        own = self.new_id()
        self.members[own], self.names[own] = set(), name
        return Answer(200, {"data": {"id": own, "name": name, "status": "VALID"}})

    def read(self, _call: Call, own: str) -> Answer:
        """One list."""
        if own not in self.members:
            return self.not_found()
        return Answer(200, {"data": {"id": own, "name": self.names[own], "status": "VALID"}})

    def delete(self, _call: Call, own: str) -> Answer:
        """A list that goes."""
        if own not in self.members:
            return self.not_found()
        self.lose(own)
        return Answer(200, {"data": {"id": own}})

    def users(self, call: Call, own: str) -> Answer:
        """Rows that are added or removed, all or none."""
        if own not in self.members:
            return self.not_found()
        data = call.json["data"]
        self.check(call.json, _users(len(data["column_order"])), "users")
        cells = {
            (_COLUMNS[column], cell)
            for row in data["user_data"]
            for column, cell in zip(data["column_order"], row, strict=True)
        }
        if data["action_type"] == "REMOVE":
            self.members[own] -= cells
        elif any(cell in self.refuses for _, cell in cells):
            return Answer(400, {"error": {"code": 400, "message": "user_data is not valid"}})
        else:
            self.members[own] |= cells
        return Answer(200, {"data": {"id": own}})

    def not_found(self) -> Answer:
        """Reddit's shape of an error."""
        return Answer(404, {"error": {"code": 404, "message": "not found"}})

    def throttled(self) -> Answer:
        """Too many calls."""
        return Answer(429, {"error": {"code": 429, "message": "too many requests"}}, {"retry-after": "0"})

    def unauthorised(self) -> Answer:
        """A token that is not accepted."""
        return Answer(401, {"error": {"code": 401, "message": "unauthorized"}})
