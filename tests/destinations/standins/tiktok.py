"""A stand-in for TikTok's audiences.

The `/dmp/` calls are held to TikTok's OpenAPI files; the two `/segment/` calls, of which no definition is
public, to a schema that was written from connectors and from TikTok's pages on them. Not modelled: matching
(a row is held as it was sent), how long changes take, the smallest size, and sharing between advertisers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn
from tests.destinations.standins.openapi import OpenApi

_NAMES = {"EMAIL_SHA256": "email", "PHONE_SHA256": "phone", "IDFA_SHA256": "idfa", "AAID_SHA256": "aaid"}
_ADVERTISER = "7000000000000000001"
_CELL = {
    "oneOf": [
        {"type": "object", "maxProperties": 0},
        {
            "type": "object",
            "properties": {
                "id": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "audience_ids": {
                    "type": "array",
                    "items": {"type": "string", "pattern": "^[0-9]+$"},
                    "minItems": 1,
                },
            },
            "required": ["id", "audience_ids"],
            "additionalProperties": False,
        },
    ]
}
_CREATE = {
    "type": "object",
    "properties": {
        "advertiser_id": {"const": _ADVERTISER},
        "custom_audience_name": {"type": "string", "minLength": 1},
        "action": {"const": "create"},
    },
    "required": ["advertiser_id", "custom_audience_name"],
    "additionalProperties": False,
}


def _mapping(columns: int) -> dict[str, Any]:
    row = {"type": "array", "items": _CELL, "minItems": columns, "maxItems": columns}
    return {
        "type": "object",
        "properties": {
            "advertiser_ids": {"const": [_ADVERTISER]},
            "action": {"enum": ["add", "delete"]},
            "id_schema": {
                "type": "array",
                "items": {"enum": list(_NAMES)},
                "minItems": 1,
                "uniqueItems": True,
            },
            "batch_data": {"type": "array", "items": row, "minItems": 1, "maxItems": 10_000},
        },
        "required": ["advertiser_ids", "action", "id_schema", "batch_data"],
        "additionalProperties": False,
    }


class TikTokStandIn(StandIn):
    """An advertiser with audiences."""

    type: ClassVar[str] = "tiktok"
    settings: ClassVar[Mapping[str, Any]] = {"advertiser": _ADVERTISER}
    secrets: ClassVar[Mapping[str, str]] = {"access_token": "tiktok-canary-token"}
    match_on: ClassVar[tuple[str, ...]] = ("email", "phone")
    # Fewer than are asked for, so that a second page is.
    page_size = 2

    def __init__(self) -> None:
        super().__init__()
        self.audiences: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, set[Holding]] = {}
        self._definition = OpenApi("tiktok/openapi.json")
        self._next = 7_100_000_000_000_000_001

    def handle(self, call: Call) -> Answer:
        """One call of the interface."""
        if call.headers.get("access-token") != self.secrets["access_token"]:
            return self.unauthorised()
        if call.path == "/segment/audience/":
            self.check(call.json, _CREATE, "segment")
            return self._make(call.json)
        if call.path == "/segment/mapping/":
            self.check(call.json, _mapping(len(call.json.get("id_schema", []))), "mapping")
            return self._map(call.json)
        for problem in self._definition.violations(call):
            self.violate(problem)
        answers = {
            "/dmp/custom_audience/list/": self._list,
            "/dmp/custom_audience/get/": self._get,
            "/dmp/custom_audience/update/": self._update,
            "/dmp/custom_audience/delete/": self._delete,
            "/dmp/custom_audience/lookalike/create/": self._lookalike,
        }
        return answers[call.path](call) if call.path in answers else Answer(404)

    def _make(self, body: Mapping[str, Any], **more: Any) -> Answer:
        made = str(self._next)
        self._next += 1
        name = body["custom_audience_name"]
        shown = f"{name[:67]}..." if len(name) > 70 and not more else name
        self.audiences[made] = {"audience_id": made, "name": shown, "cover_num": 1_000, **more}
        self.rows[made] = set()
        return _ok({"audience_id": made})

    def _map(self, body: Mapping[str, Any]) -> Answer:
        cells = [cell for row in body["batch_data"] for cell in row if cell]
        named = {audience for cell in cells for audience in cell["audience_ids"]}
        if named - set(self.audiences):
            return _error(40002, "Parameter error: invalid audience ID")
        if body["action"] == "add" and self.refuses & {cell["id"] for cell in cells}:
            return _error(40002, "Parameter error: invalid id in batch_data")
        kinds = [_NAMES[kind] for kind in body["id_schema"]]
        for row in body["batch_data"]:
            holding = frozenset((kind, cell["id"]) for kind, cell in zip(kinds, row, strict=True) if cell)
            for audience in {each for cell in row if cell for each in cell["audience_ids"]}:
                held = self.rows[audience]
                self.rows[audience] = held | {holding} if body["action"] == "add" else held - {holding}
        return _ok({})

    def _list(self, call: Call) -> Answer:
        size = min(self.page_size, int(call.query.get("page_size", "10")))
        start = (int(call.query.get("page", "1")) - 1) * size
        shown = list(self.audiences.values())
        pages = -(-len(shown) // size)
        info = {"page": start // size + 1, "page_size": size, "total_page": pages, "total_number": len(shown)}
        return _ok({"list": shown[start : start + size], "page_info": info})

    def _get(self, call: Call) -> Answer:
        wanted = json.loads(call.query["custom_audience_ids"])
        found = [{"audience_details": self.audiences[each]} for each in wanted if each in self.audiences]
        return _ok({"list": found})

    def _update(self, call: Call) -> Answer:
        self.audiences[call.json["custom_audience_id"]]["name"] = call.json["custom_audience_name"]
        return _ok({})

    def _delete(self, call: Call) -> Answer:
        for each in call.json["custom_audience_ids"]:
            del self.audiences[each]
        return _ok({})

    def _lookalike(self, call: Call) -> Answer:
        spec = call.json["lookalike_spec"]
        source = self.audiences.get(spec["source_audience_id"])
        if source is None or "lookalike_spec" in source:
            return _error(40002, "Parameter error: source_audience_id")
        if len(call.json["custom_audience_name"]) > 128:
            return _error(40002, "Parameter error: custom_audience_name")
        return self._make(call.json, lookalike_spec=spec)

    # --- what the suite asks ---------------------------------------------------------------------------

    def audience_ids(self) -> list[str]:
        """The audiences that are no lookalikes."""
        return [name for name, audience in self.audiences.items() if "lookalike_spec" not in audience]

    def held(self, audience: str) -> set[Holding]:
        """The rows that are mapped to it."""
        return set(self.rows[audience])

    def lose(self, audience: str) -> None:
        """Take it away."""
        del self.audiences[audience]

    def throttled(self) -> Answer:
        """Too many calls, which comes with HTTP 200."""
        return _error(40100, "Too many requests. Please retry in some time.")

    def unauthorised(self) -> Answer:
        """A token that is not accepted, which comes with HTTP 200."""
        return _error(40105, "Access token is incorrect or has been revoked.")

    def is_write(self, call: Call) -> bool:
        """Mapping people."""
        return call.path == "/segment/mapping/"

    def is_creation(self, call: Call) -> bool:
        """Making an audience."""
        return call.path == "/segment/audience/"


def _ok(data: Mapping[str, Any]) -> Answer:
    return Answer(200, {"code": 0, "message": "OK", "request_id": "1", "data": data})


def _error(code: int, message: str) -> Answer:
    return Answer(200, {"code": code, "message": message, "request_id": "1", "data": {}})
