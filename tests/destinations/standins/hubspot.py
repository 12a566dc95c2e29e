"""Stands in for HubSpot's contacts and static lists.

The schemas are written by hand from the models of hubspot-api-client 12.0.0; HubSpot's own definitions are
not licensed for use elsewhere. Not modelled: contacts with several addresses, merged contacts, quotas by
the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import unquote

from tests.destinations.standins.base import Answer, Call, Holding
from tests.destinations.standins.routing import EMAIL, TEXT, RoutedStandIn, at_most, closed

_UPSERT = closed(
    {
        "inputs": at_most(
            closed({"idProperty": {"const": "email"}, "id": EMAIL, "properties": closed({"email": EMAIL})}),
            100,
        )
    }
)
_READ = closed(
    {
        "idProperty": {"const": "email"},
        "properties": {"type": "array", "items": TEXT},
        "inputs": at_most(closed({"id": EMAIL}), 100),
    }
)
_LIST = closed({"name": TEXT, "objectTypeId": {"const": "0-1"}, "processingType": {"const": "MANUAL"}})
_IDS = {"type": "array", "items": {"type": "string", "pattern": "^[0-9]+$"}, "uniqueItems": True}
_CHANGE = closed({"recordIdsToAdd": _IDS, "recordIdsToRemove": _IDS})


class HubSpotStandIn(RoutedStandIn):
    """Contacts by address, and lists of their ids."""

    type = "hubspot"
    secrets: ClassVar[Mapping[str, str]] = {"access_token": "hubspot-canary-token"}
    match_on = ("email",)
    flat = True
    routes = (
        ("POST", "/crm/v3/objects/contacts/batch/upsert", "upsert"),
        ("POST", "/crm/v3/objects/contacts/batch/read", "contacts_by_email"),
        ("GET", "/crm/v3/lists/object-type-id/0-1/name/(.+)", "find"),
        ("POST", "/crm/v3/lists", "create"),
        ("GET", r"/crm/v3/lists/(\d+)", "read"),
        ("PUT", r"/crm/v3/lists/(\d+)/update-list-name", "rename"),
        ("DELETE", r"/crm/v3/lists/(\d+)", "delete"),
        ("PUT", r"/crm/v3/lists/(\d+)/memberships/add-and-remove", "change"),
    )
    writes = frozenset({"change"})

    def __init__(self) -> None:
        super().__init__()
        self.contacts: dict[str, str] = {}
        """Ids of contacts, by address."""
        self.leaves_out: set[str] = set()
        """Addresses that are left out of what is made, beside HTTP 207."""

    def held(self, audience: str) -> set[Holding]:
        """The addresses of a list's contacts."""
        emails = {own: email for email, own in self.contacts.items()}
        return {frozenset({("email", emails[own])}) for _, own in self.members[audience]}

    def upsert(self, call: Call) -> Answer:
        """Contacts that are made where there are none; one that cannot be is the end of all."""
        self.check(call.json, _UPSERT, "upsert")
        emails = [each["id"] for each in call.json["inputs"]]
        if len(set(emails)) < len(emails):
            self.violate("the same contact twice in one call")
        if bad := [email for email in emails if email in self.refuses]:
            return _error(400, f"Property values were not valid: {bad[0]} is invalid", "VALIDATION_ERROR")
        made = [email for email in emails if email not in self.leaves_out]
        for email in made:
            self.contacts.setdefault(email, self.new_id())
        status = 200 if len(made) == len(emails) else 207
        return Answer(status, {"status": "COMPLETE", "results": [self._contact(email) for email in made]})

    def contacts_by_email(self, call: Call) -> Answer:
        """Those of some addresses that are contacts; 207 where some are not."""
        self.check(call.json, _READ, "read")
        emails = [each["id"] for each in call.json["inputs"]]
        found = [self._contact(email) for email in emails if email in self.contacts]
        return Answer(200 if len(found) == len(emails) else 207, {"status": "COMPLETE", "results": found})

    def _contact(self, email: str) -> dict[str, Any]:
        return {"id": self.contacts[email], "properties": {"email": email}}

    def find(self, _call: Call, name: str) -> Answer:
        """A list by its name."""
        own = next((own for own in self.members if self.names[own] == unquote(name)), None)
        return self.not_found() if own is None else Answer(200, {"list": self._shown(own)})

    def create(self, call: Call) -> Answer:
        """A new list; no two have the same name."""
        self.check(call.json, _LIST, "list")
        if call.json["name"] in [self.names[own] for own in self.members]:
            return _error(400, "A list with this name exists already", "VALIDATION_ERROR")
        own = self.new_id()
        self.members[own], self.names[own] = set(), call.json["name"]
        return Answer(200, {"list": self._shown(own)})

    def read(self, _call: Call, own: str) -> Answer:
        """One list."""
        return Answer(200, {"list": self._shown(own)}) if own in self.members else self.not_found()

    def rename(self, call: Call, own: str) -> Answer:
        """A list's new name."""
        self.names[own] = call.query["listName"]
        return Answer(200, {"updatedList": self._shown(own)})

    def delete(self, _call: Call, own: str) -> Answer:
        """A list that goes."""
        if own not in self.members:
            return self.not_found()
        self.lose(own)
        return Answer(204)

    def change(self, call: Call, own: str) -> Answer:
        """Records that come into a list or leave it; those that are not there are named."""
        if own not in self.members:
            return self.not_found()
        self.check(call.json, _CHANGE, "change")
        known = set(self.contacts.values())
        add, remove = call.json["recordIdsToAdd"], call.json["recordIdsToRemove"]
        self.members[own] |= {("id", each) for each in add if each in known}
        self.members[own] -= {("id", each) for each in remove}
        missing = [each for each in (*add, *remove) if each not in known]
        return Answer(200, {"recordIdsMissing": missing, "recordsIdsAdded": add, "recordIdsRemoved": remove})

    def _shown(self, own: str) -> dict[str, Any]:
        shown = {"listId": own, "name": self.names[own], "objectTypeId": "0-1", "processingType": "MANUAL"}
        return {**shown, "size": len(self.members[own])}

    def not_found(self) -> Answer:
        """HubSpot's shape of an error."""
        return _error(404, "not found", "OBJECT_NOT_FOUND")

    def throttled(self) -> Answer:
        """Too many calls; HubSpot names no wait."""
        return _error(429, "You have reached your ten_secondly_rolling limit.", "RATE_LIMITS")

    def unauthorised(self) -> Answer:
        """A token that is not accepted."""
        return _error(401, "The access token is not valid", "INVALID_AUTHENTICATION")


def _error(status: int, message: str, category: str) -> Answer:
    return Answer(status, {"status": "error", "message": message, "category": category, "errors": []})
