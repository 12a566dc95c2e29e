"""Stands in for one Mailchimp list and its static segments.

The schemas are written by hand from the models of mailchimp-marketing 3.0.80. Not modelled: tags by name,
batches that are worked off later, merge fields, and what a campaign does with a segment.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.routing import EMAIL, RoutedStandIn, at_most, closed

_STATUSES = {"enum": ["subscribed", "unsubscribed", "pending", "transactional"]}
_MEMBERS = closed(
    {
        "members": at_most(closed({"email_address": EMAIL, "status_if_new": _STATUSES}), 500),
        "update_existing": {"type": "boolean"},
    }
)
_NAME = {"type": "string", "minLength": 1, "maxLength": 100}
_SEGMENT = closed({"name": _NAME, "static_segment": at_most(EMAIL, 500, 0)})
_CHANGE = closed(
    {"members_to_add": at_most(EMAIL, 500), "members_to_remove": at_most(EMAIL, 500)},
    "members_to_add",
    "members_to_remove",
)


class MailchimpStandIn(RoutedStandIn):
    """A list whose members keep their own status, and segments of them."""

    type = "mailchimp"
    settings: ClassVar[Mapping[str, Any]] = {"list": "a1b2c3", "data_centre": "us21"}
    secrets: ClassVar[Mapping[str, str]] = {"api_key": "mailchimpcanarykey-us21"}
    match_on = ("email",)
    flat = True
    routes = (
        ("POST", "/lists/a1b2c3", "members_of_list"),
        ("GET", "/lists/a1b2c3/segments", "find"),
        ("POST", "/lists/a1b2c3/segments", "create"),
        ("GET", r"/lists/a1b2c3/segments/(\d+)", "read"),
        ("PATCH", r"/lists/a1b2c3/segments/(\d+)", "rename"),
        ("DELETE", r"/lists/a1b2c3/segments/(\d+)", "delete"),
        ("POST", r"/lists/a1b2c3/segments/(\d+)", "change"),
    )
    writes = frozenset({"change"})

    def __init__(self) -> None:
        super().__init__()
        self.statuses: dict[str, str] = {}
        """Everybody in the list, by address in lower case."""

    def lets_in(self, call: Call) -> bool:
        """The key is the password of HTTP Basic, under any name."""
        scheme, _, pair = call.headers.get("authorization", "").partition(" ")
        return scheme == "Basic" and base64.b64decode(pair).decode().endswith(f":{self.secrets['api_key']}")

    def members_of_list(self, call: Call) -> Answer:
        """People who are in the list or come into it; those it does not like are named one by one."""
        self.check(call.json, _MEMBERS, "members")
        errors = []
        for member in call.json["members"]:
            email = member["email_address"]
            if email in self.refuses:
                words = f"{email} looks fake or invalid, please enter a real email address."
                errors.append({"email_address": email, "error": words, "error_code": "ERROR_GENERIC"})
            elif email.lower() in self.statuses and not call.json["update_existing"]:
                errors.append(
                    {"email_address": email, "error": "is a member", "error_code": "ERROR_CONTACT_EXISTS"}
                )
            else:
                self.statuses.setdefault(email.lower(), member["status_if_new"])
        return Answer(200, {"errors": errors, "error_count": len(errors)})

    def find(self, call: Call) -> Answer:
        """Segments, as many as asked for from where asked for."""
        start, count = int(call.query.get("offset", "0")), int(call.query.get("count", "10"))
        if count > 1_000:
            self.violate("more than 1,000 segments at once")
        ids = self.audience_ids()[start : start + count]
        return Answer(200, {"segments": [self._shown(own) for own in ids], "total_items": len(self.members)})

    def create(self, call: Call) -> Answer:
        """A new static segment."""
        self.check(call.json, _SEGMENT, "segment")
        own = self.new_id()
        self.members[own], self.names[own] = set(), call.json["name"]
        return Answer(200, self._shown(own))

    def read(self, _call: Call, own: str) -> Answer:
        """One segment."""
        return Answer(200, self._shown(own)) if own in self.members else self.not_found()

    def rename(self, call: Call, own: str) -> Answer:
        """A segment's new name."""
        self.check(call.json, closed({"name": _NAME}), "segment")
        self.names[own] = call.json["name"]
        return Answer(200, self._shown(own))

    def delete(self, _call: Call, own: str) -> Answer:
        """A segment that goes."""
        if own not in self.members:
            return self.not_found()
        self.lose(own)
        return Answer(204)

    def change(self, call: Call, own: str) -> Answer:
        """Members of the list who come into the segment or leave it; others are passed over."""
        if own not in self.members:
            return self.not_found()
        self.check(call.json, _CHANGE, "change")
        add = {("email", email) for email in call.json.get("members_to_add", []) if email in self.statuses}
        remove = {("email", email) for email in call.json.get("members_to_remove", [])}
        self.members[own] = (self.members[own] | add) - remove
        return Answer(200, {"members_added": [], "members_removed": [], "errors": [], "error_count": 0})

    def _shown(self, own: str) -> dict[str, Any]:
        count = len(self.members[own])
        return {"id": int(own), "name": self.names[own], "type": "static", "member_count": count}

    def not_found(self) -> Answer:
        """Mailchimp's shape of an error (RFC 7807)."""
        return _problem(404, "Resource Not Found")

    def throttled(self) -> Answer:
        """Too many connections: a 403 without a word."""
        return Answer(403, b"", {"content-type": "text/html"})

    def unauthorised(self) -> Answer:
        """A key that is not accepted."""
        return _problem(401, "API Key Invalid")


def _problem(status: int, title: str) -> Answer:
    body = {"type": "https://mailchimp.com/developer/", "title": title, "status": status, "detail": title}
    return Answer(status, body, {"content-type": "application/problem+json; charset=utf-8"})
