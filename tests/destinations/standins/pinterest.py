"""Stands in for Pinterest's customer lists and audiences.

Bodies and answers are held to Pinterest's OpenAPI document, version 5.23.0. Not modelled: how people are
matched (a size is the number of records), uploads of large files, and audiences of other kinds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding
from tests.destinations.standins.routing import RoutedStandIn

_FILE = Path(__file__).parent.parent / "definitions" / "pinterest" / "openapi.json"
_DEFINITION: dict[str, Any] = json.loads(_FILE.read_text())
_ACCOUNT = "549755885175"
_PAGE = 2


def _closed(name: str) -> dict[str, Any]:
    """The schema of one component, with nothing in it that the document does not name."""
    components = json.loads(json.dumps(_DEFINITION["components"]))
    components["schemas"]["AudienceRule"]["additionalProperties"] = False
    return {
        "$ref": f"#/components/schemas/{name}",
        "unevaluatedProperties": False,
        "components": components,
    }


class PinterestStandIn(RoutedStandIn):
    """Lists that take records as one text, and audiences over them."""

    type = "pinterest"
    settings: ClassVar[Mapping[str, Any]] = {"ad_account": _ACCOUNT}
    secrets: ClassVar[Mapping[str, str]] = {"access_token": "pinterest-canary-token"}
    match_on = ("email",)
    flat = True
    routes = (
        ("GET", rf"/ad_accounts/{_ACCOUNT}/customer_lists", "all_lists"),
        ("POST", rf"/ad_accounts/{_ACCOUNT}/customer_lists", "create_list"),
        ("PATCH", rf"/ad_accounts/{_ACCOUNT}/customer_lists/(\d+)", "change"),
        ("GET", rf"/ad_accounts/{_ACCOUNT}/audiences", "all_audiences"),
        ("POST", rf"/ad_accounts/{_ACCOUNT}/audiences", "create"),
        ("GET", rf"/ad_accounts/{_ACCOUNT}/audiences/(\d+)", "read"),
        ("PATCH", rf"/ad_accounts/{_ACCOUNT}/audiences/(\d+)", "update"),
    )
    writes = frozenset({"change"})

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, dict[str, Any]] = {}
        self.audiences: dict[str, dict[str, Any]] = {}

    # --- what tests ask ---------------------------------------------------------------------------------

    def audience_ids(self) -> list[str]:
        """The audiences over customer lists."""
        return [own for own, each in self.audiences.items() if each["audience_type"] == "CUSTOMER_LIST"]

    def held(self, audience: str) -> set[Holding]:
        """What the audience's list holds."""
        records = self.members[self.audiences[audience]["rule"]["customer_list_id"]]
        return {frozenset({each}) for each in records}

    def lose(self, audience: str) -> None:
        """Take an audience away; its list stays, as it does at Pinterest."""
        del self.audiences[audience]

    def is_creation(self, call: Call) -> bool:
        """Making a list, and making the audience over it."""
        return self._route(call)[0] in ("create", "create_list")

    def is_write(self, call: Call) -> bool:
        """Changes of a list that an audience is over; before that, nobody is put in it and taken out."""
        name, groups = self._route(call)
        used = [each["rule"].get("customer_list_id") for each in self.audiences.values()]
        return name == "change" and groups[0] in used

    # --- calls ------------------------------------------------------------------------------------------

    def all_lists(self, call: Call) -> Answer:
        """Lists, a page of two at a time."""
        return self._page(call, list(self.lists.values()), "CustomerList")

    def all_audiences(self, call: Call) -> Answer:
        """Audiences, a page of two at a time."""
        return self._page(call, list(self.audiences.values()), "Audience")

    def _page(self, call: Call, items: list[dict[str, Any]], kind: str) -> Answer:
        if int(call.query.get("page_size", "25")) > 250:
            self.violate("a page of more than 250")
        for item in items:
            self.check(item, _closed(kind), kind)
        start = int(call.query.get("bookmark", "0"))
        more = str(start + _PAGE) if len(items) > start + _PAGE else None
        return Answer(200, {"items": items[start : start + _PAGE], "bookmark": more})

    def create_list(self, call: Call) -> Answer:
        """A new list with its first records."""
        self.check(call.json, _closed("CustomerListRequest"), "list")
        records = self._records(call)
        own = self.new_id()
        self.lists[own] = {
            "id": own,
            "ad_account_id": _ACCOUNT,
            "name": call.json["name"],
            "status": "PROCESSING",
            "num_batches": 1,
            "num_removed_user_records": 0,
            "num_uploaded_user_records": len(records),
            "type": "customerlist",
        }
        self.members[own] = set(records)
        return self._answer("CustomerList", self.lists[own])

    def change(self, call: Call, own: str) -> Answer:
        """Records that come or go; all or none."""
        if own not in self.lists:
            return self.not_found()
        self.check(call.json, _closed("CustomerListUpdateRequest"), "change")
        records = self._records(call)
        adds = call.json["operation_type"] == "ADD"
        if adds and any(value in self.refuses for _, value in records):
            return Answer(400, {"code": 1, "message": "Invalid records."})
        shown = self.lists[own]
        shown["num_batches"] += 1
        shown["num_uploaded_user_records" if adds else "num_removed_user_records"] += len(records)
        self.members[own] = self.members[own] | set(records) if adds else self.members[own] - set(records)
        return self._answer("CustomerList", shown)

    def _records(self, call: Call) -> list[tuple[str, str]]:
        values = call.json["records"].split(",")
        if not all(re.fullmatch("[0-9a-f]{64}", value) for value in values):
            self.violate("a record that is no SHA-256")
        return [("email", value) for value in values]

    def create(self, call: Call) -> Answer:
        """A new audience, over a list or like another audience."""
        self.check(call.json, _closed("AudienceCreateRequest"), "audience")
        rule = call.json["rule"]
        if call.json["audience_type"] == "CUSTOMER_LIST" and rule["customer_list_id"] not in self.lists:
            return Answer(400, {"code": 1, "message": "There is no such customer list."})
        if call.json["audience_type"] == "ACTALIKE" and not 1 <= rule["percentage"] <= 10:
            self.violate("an actalike of another percentage than 1 to 10")
        own = self.new_id()
        self.audiences[own] = {"id": own, "ad_account_id": _ACCOUNT, "type": "audience", **call.json}
        return self._answer("Audience", self.audiences[own])

    def read(self, _call: Call, own: str) -> Answer:
        """One audience."""
        if own not in self.audiences:
            return self.not_found()
        rule = self.audiences[own]["rule"]
        size = len(self.members.get(rule.get("customer_list_id", ""), ()))
        return self._answer("Audience", {**self.audiences[own], "size": size, "status": "TOO_SMALL"})

    def update(self, call: Call, own: str) -> Answer:
        """An audience's new name and description, or its end."""
        if own not in self.audiences:
            return self.not_found()
        self.check(call.json, _closed("AudienceUpdateRequest"), "update")
        shown = self.audiences[own]
        if call.json.get("operation_type") == "REMOVE":
            self.lose(own)
        else:
            shown |= {name: call.json[name] for name in ("name", "description") if name in call.json}
        return self._answer("Audience", shown)

    def _answer(self, kind: str, body: dict[str, Any]) -> Answer:
        self.check(body, _closed(kind), kind)
        return Answer(200, body)

    def not_found(self) -> Answer:
        """Pinterest's shape of an error."""
        return Answer(404, {"code": 4, "message": "Not found."})

    def throttled(self) -> Answer:
        """Too many calls."""
        return Answer(429, {"code": 8, "message": "Too many requests."}, {"retry-after": "0"})

    def unauthorised(self) -> Answer:
        """A token that is not accepted."""
        return Answer(401, {"code": 2, "message": "Authentication failed."})
