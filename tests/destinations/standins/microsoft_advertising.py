"""Stands in for customer lists of Microsoft Advertising.

Requests and answers are held to the types of the service's own description, version 13. Not modelled: other
kinds of audience, sharing between accounts, sizes (a list's size is what it holds), members that leave by
age, and the bulk service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.routing import RoutedStandIn
from tests.destinations.standins.xsd import json_schemas

_FOLDER = Path(__file__).parent.parent / "definitions" / "microsoft_advertising"
_TYPES = json_schemas(_FOLDER / "campaign_management.xsd")
_MOST = 1_000


class MicrosoftAdvertisingStandIn(RoutedStandIn):
    """Lists of addresses; what is wrong with an item is said beside HTTP 200."""

    type = "microsoft_advertising"
    settings: ClassVar[Mapping[str, Any]] = {"account": "141414", "customer": "252525"}
    secrets: ClassVar[Mapping[str, str]] = {
        "access_token": "microsoft-canary-token",
        "developer_token": "microsoft-canary-developer",
    }
    match_on = ("email",)
    flat = True
    routes = (
        ("POST", "/Audiences/QueryByIds", "query"),
        ("POST", "/Audiences", "create"),
        ("PUT", "/Audiences", "rename"),
        ("DELETE", "/Audiences", "delete"),
        ("POST", "/CustomerListUserData/Apply", "apply"),
    )
    writes = frozenset({"apply"})

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, dict[str, Any]] = {}
        self.terms_accepted = True

    def lets_in(self, call: Call) -> bool:
        """A token, a developer's token, and the account's two numbers."""
        sent = (call.headers.get("developertoken"), call.headers.get("customeraccountid"))
        if sent != (self.secrets["developer_token"], "141414") or call.headers.get("customerid") != "252525":
            self.violate(f"the headers of {call.method} {call.path} are not whole")
        return super().lets_in(call)

    def query(self, call: Call) -> Answer:
        """Some lists by their ids, or all."""
        self._hold(call.json, "GetAudiencesByIdsRequest")
        ids = call.json.get("AudienceIds") or list(self.lists)
        found = [self._shown(own) if own in self.lists else None for own in ids]
        errors = [
            _error(place, 4838, "InvalidAudienceId") for place, each in enumerate(found) if each is None
        ]
        return self._answer("GetAudiencesByIdsResponse", {"Audiences": found, "PartialErrors": errors})

    def create(self, call: Call) -> Answer:
        """New lists."""
        self._hold(call.json, "AddAudiencesRequest")
        ids: list[str] = []
        for each in call.json["Audiences"]:
            if not {"ParentId", "Scope", "Name"} <= set(each) or each["Type"] != "CustomerList":
                self.violate("a list without its parent, scope or name")
            ids.append(self.new_id())
            self.lists[ids[-1]], self.members[ids[-1]] = dict(each), set()
        return self._answer("AddAudiencesResponse", {"AudienceIds": ids, "PartialErrors": []})

    def rename(self, call: Call) -> Answer:
        """Lists as they should be from now on."""
        self._hold(call.json, "UpdateAudiencesRequest")
        for each in call.json["Audiences"]:
            self.lists[each["Id"]] |= each
        return self._answer("UpdateAudiencesResponse", {"PartialErrors": []})

    def delete(self, call: Call) -> Answer:
        """Lists that go."""
        self._hold(call.json, "DeleteAudiencesRequest")
        errors = []
        for place, own in enumerate(call.json["AudienceIds"]):
            if own in self.lists:
                self.lose(own)
            else:
                errors.append(_error(place, 4838, "InvalidAudienceId"))
        return self._answer("DeleteAudiencesResponse", {"PartialErrors": errors})

    def lose(self, audience: str) -> None:
        """Take a list away."""
        super().lose(audience)
        del self.lists[audience]

    def apply(self, call: Call) -> Answer:
        """Items that are added, removed, or put in the place of all others."""
        self._hold(call.json, "ApplyCustomerListUserDataRequest")
        data = call.json["CustomerListUserData"]
        items, own = data["CustomerListItems"], data["AudienceId"]
        if not 1 <= len(items) <= _MOST:
            self.violate(f"{len(items)} items in one call")
        if not (data.get("AcceptCustomerMatchTerm") or self.terms_accepted):
            return _fault(400, 8003, "CustomerListTermsAndConditionsNotAccepted")
        if own not in self.lists:
            return self._answer(
                "ApplyCustomerListUserDataResponse",
                {"PartialErrors": [_error(-1, 4838, "InvalidAudienceId")]},
            )
        if any(re.fullmatch("[0-9a-f]{64}", item) is None for item in items):
            self.violate("an item that is no SHA-256")
        bad = [place for place, item in enumerate(items) if item in self.refuses]
        good = {("email", item) for place, item in enumerate(items) if place not in bad}
        if data["ActionType"] == "Remove":
            self.members[own] -= good
        else:
            self.members[own] = good if data["ActionType"] == "Replace" else self.members[own] | good
        errors = [_error(place, 8001, "InvalidCustomerListItem") for place in bad]
        return self._answer("ApplyCustomerListUserDataResponse", {"PartialErrors": errors})

    def _hold(self, value: Any, name: str) -> None:
        self.check(value, {**_TYPES[name], "$defs": _TYPES}, name)

    def _answer(self, name: str, body: dict[str, Any]) -> Answer:
        self._hold(body, name)
        return Answer(200, body)

    def _shown(self, own: str) -> dict[str, Any]:
        return {**self.lists[own], "Id": own, "SearchSize": len(self.members[own])}

    def throttled(self) -> Answer:
        """Too many calls, said by a code."""
        return _fault(429, 117, "CallRateExceeded")

    def unauthorised(self) -> Answer:
        """A token that has ended, said by a code."""
        return _fault(400, 109, "AuthenticationTokenExpired")


def _error(place: int, code: int, name: str) -> dict[str, Any]:
    return {"Index": place, "Code": code, "ErrorCode": name, "Message": f"{name}.", "FieldPath": None}


def _fault(status: int, code: int, name: str) -> Answer:
    errors = [{"Code": code, "ErrorCode": name, "Message": f"{name}."}]
    return Answer(status, {"OperationErrors": errors, "TrackingId": "t", "Type": "ApiFaultDetail"})
