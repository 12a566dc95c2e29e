"""A stand-in for Meta's custom audiences.

What it does not model: matching (a row is held as it was sent, and removed by the same row), the time that
changes take, the size below which an audience is dropped, and limits on how often something is called. The
row that ends a session of `usersreplace` is held to be nobody's. Meta publishes the nested `payload` and
`session` nowhere as a schema, so the one below was written from its guides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

_HASH = {"type": "string", "pattern": "^([0-9a-f]{64})?$"}
_TEXT = {"type": "string"}
_COLUMNS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "EXTERN_ID": ("external_id", _TEXT),
    "EMAIL": ("email", _HASH),
    "PHONE": ("phone", _HASH),
    "FN": ("first_name", _HASH),
    "LN": ("last_name", _HASH),
    "DOBY": ("date_of_birth.year", _HASH),
    "DOBM": ("date_of_birth.month", _HASH),
    "DOBD": ("date_of_birth.day", _HASH),
    "GEN": ("gender", _HASH),
    "CT": ("city", _HASH),
    "ST": ("state", _HASH),
    "ZIP": ("postcode", _HASH),
    "COUNTRY": ("country", _HASH),
    "MADID": ("mobile_advertising_id", {"type": "string", "pattern": "^([0-9a-f-]+)?$"}),
    "LOOKALIKE_VALUE": ("value", {"type": "number", "minimum": 0}),
}
_SESSION = {
    "type": "object",
    "properties": {
        "session_id": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "batch_seq": {"type": "integer", "minimum": 1},
        "last_batch_flag": {"type": "boolean"},
        "estimated_num_total": {"type": "integer", "minimum": 1},
    },
    "required": ["session_id", "batch_seq", "last_batch_flag"],
    "additionalProperties": False,
}
_AUDIENCE = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "description": _TEXT,
        "subtype": {"enum": ["CUSTOM", "LOOKALIKE"]},
        "customer_file_source": {
            "enum": ["USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"]
        },
        "is_value_based": {"type": "boolean"},
        "origin_audience_id": {"type": "string", "pattern": "^[0-9]+$"},
        "lookalike_spec": _TEXT,
    },
    "required": ["name", "subtype"],
    "additionalProperties": False,
    "if": {"properties": {"subtype": {"const": "CUSTOM"}}},
    "then": {"required": ["customer_file_source"]},
    "else": {"required": ["origin_audience_id", "lookalike_spec"]},
}
# Some of the fields that may be read (CustomAudience, v25.0).
_FIELDS = {
    "id",
    "name",
    "description",
    "subtype",
    "customer_file_source",
    "is_value_based",
    "approximate_count_lower_bound",
    "approximate_count_upper_bound",
    "lookalike_audience_ids",
    "operation_status",
    "delivery_status",
}
_LOOKALIKE_SPEC = {
    "type": "object",
    "properties": {
        "type": {"enum": ["similarity", "reach"]},
        "ratio": {"type": "number", "minimum": 0.01, "maximum": 0.2},
        "starting_ratio": {"type": "number", "minimum": 0.01, "maximum": 0.19},
        "country": {"type": "string"},
        "location_spec": {
            "type": "object",
            "properties": {
                "geo_locations": {
                    "type": "object",
                    "properties": {
                        "countries": {"type": "array", "items": {"pattern": "^[A-Z]{2}$"}, "minItems": 1}
                    },
                    "required": ["countries"],
                    "additionalProperties": False,
                }
            },
            "required": ["geo_locations"],
            "additionalProperties": False,
        },
        "allow_international_seeds": {"type": "boolean"},
    },
    "additionalProperties": False,
    "allOf": [
        {"oneOf": [{"required": ["type"]}, {"required": ["ratio"]}]},
        {"oneOf": [{"required": ["country"]}, {"required": ["location_spec"]}]},
    ],
}


def _users(columns: list[str]) -> dict[str, Any]:
    cells = [_COLUMNS[column][1] for column in columns if column in _COLUMNS]
    row = {"type": "array", "prefixItems": cells, "items": False, "minItems": len(cells)}
    payload = {
        "type": "object",
        "properties": {
            "schema": {
                "type": "array",
                "items": {"enum": list(_COLUMNS)},
                "minItems": 1,
                "uniqueItems": True,
            },
            "data": {"type": "array", "items": row, "minItems": 1, "maxItems": 10_000},
        },
        "required": ["schema", "data"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"payload": payload, "session": _SESSION},
        "required": ["payload", "session"],
        "additionalProperties": False,
    }


@dataclass
class _Audience:
    fields: dict[str, Any]
    rows: set[Holding] = field(default_factory=set)
    worth: dict[Holding, float] = field(default_factory=dict)
    replacing: int | None = None
    coming: set[Holding] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)


class MetaCustomAudiencesStandIn(StandIn):
    """An ad account with custom audiences."""

    type: ClassVar[str] = "meta_custom_audiences"
    settings: ClassVar[Mapping[str, Any]] = {"ad_account": "1234567"}
    secrets: ClassVar[Mapping[str, str]] = {"access_token": "EAAB-canary-meta-token"}
    match_on: ClassVar[tuple[str, ...]] = ("email", "phone")
    # Fewer than are asked for, so that a second page is.
    page_size = 2

    def __init__(self) -> None:
        super().__init__()
        self.audiences: dict[str, _Audience] = {}
        self._next = 23_845_500_000_000_001

    def handle(self, call: Call) -> Answer:
        """One call of the Graph API."""
        if call.headers.get("authorization") != f"Bearer {self.secrets['access_token']}":
            return self.unauthorised()
        head, _, tail = call.path.strip("/").partition("/")
        if head == f"act_{self.settings['ad_account']}" and tail == "customaudiences":
            return self._make(call) if call.method == "POST" else self._list(call)
        if head not in self.audiences:
            return _error(100, 33, "Unsupported request. Object does not exist or cannot be loaded")
        if tail in ("users", "usersreplace"):
            return self._members(call, self.audiences[head], head, replace=tail == "usersreplace")
        return self._audience(call, head)

    def _make(self, call: Call) -> Answer:
        self.check(call.json, _AUDIENCE, "customaudiences")
        if "lookalike_spec" in call.json:
            self.check(json.loads(call.json["lookalike_spec"]), _LOOKALIKE_SPEC, "lookalike_spec")
            if call.json["origin_audience_id"] not in self.audiences:
                return _error(100, 33, "Object does not exist")
        made = str(self._next)
        self._next += 1
        self.audiences[made] = _Audience(dict(call.json))
        return Answer(200, {"id": made})

    def _list(self, call: Call) -> Answer:
        ids = sorted(self.audiences)
        start = ids.index(call.query["after"]) + 1 if "after" in call.query else 0
        shown = ids[start : start + self.page_size]
        paging: dict[str, Any] = {}
        if start + self.page_size < len(ids):
            link = f"https://graph.facebook.com/v26.0{call.path}?access_token=…&limit=200&after={shown[-1]}"
            paging = {"cursors": {"after": shown[-1]}, "next": link}
        return Answer(200, {"data": [self._fields(each, call) for each in shown], "paging": paging})

    def _fields(self, audience: str, call: Call) -> dict[str, Any]:
        known = {
            **self.audiences[audience].fields,
            "approximate_count_lower_bound": 1_000,
            "lookalike_audience_ids": self._lookalikes_of(audience),
        }
        wanted = call.query.get("fields", "id").split(",")
        if unknown := set(wanted) - _FIELDS:
            self.violate(f"fields that a custom audience does not have: {', '.join(sorted(unknown))}")
        return {"id": audience, **{name: known[name] for name in wanted if name in known}}

    def _lookalikes_of(self, audience: str) -> list[str]:
        made = self.audiences.items()
        return [name for name, each in made if each.fields.get("origin_audience_id") == audience]

    def _audience(self, call: Call, audience: str) -> Answer:
        if call.method == "GET":
            return Answer(200, self._fields(audience, call))
        if call.method == "DELETE":
            if self._lookalikes_of(audience):
                return _error(2654, 0, "The audience is the origin of a lookalike")
            del self.audiences[audience]
            return Answer(200, {"success": True})
        self.check(call.json, {"properties": {"name": _TEXT}, "additionalProperties": False}, "rename")
        self.audiences[audience].fields.update(call.json)
        return Answer(200, {"success": True})

    def _members(self, call: Call, audience: _Audience, name: str, *, replace: bool) -> Answer:
        body = call.json
        columns = list(body.get("payload", {}).get("schema", []))
        self.check(body, _users(columns), call.path)
        invalid = {}
        good = set()
        for row in body["payload"]["data"]:
            if self.refuses & set(map(str, row)):
                invalid[json.dumps(row)] = "Invalid entry"
                continue
            cells = dict(zip(columns, row, strict=True))
            worth = cells.pop("LOOKALIKE_VALUE", None)
            person = frozenset((_COLUMNS[key][0], cell) for key, cell in cells.items() if cell != "")
            good.add(person)
            if worth is not None:
                audience.worth[person] = worth
        if "LOOKALIKE_VALUE" in columns and not audience.fields.get("is_value_based"):
            self.violate("LOOKALIKE_VALUE for an audience that is not value-based")
        if replace:
            self._replace(audience, body["session"], good)
        elif call.method == "POST":
            audience.rows |= good
        else:
            audience.rows -= good
        answer = {
            "audience_id": name,
            "session_id": str(body["session"]["session_id"]),
            "num_received": len(body["payload"]["data"]),
            "num_invalid_entries": len(invalid),
            "invalid_entry_samples": invalid,
        }
        usage = {"1": [{"type": "custom_audience", "call_count": 1, "total_cputime": 1, "total_time": 1}]}
        return Answer(200, answer, {"x-business-use-case-usage": json.dumps(usage)})

    def _replace(self, audience: _Audience, session: Mapping[str, Any], rows: set[Holding]) -> None:
        number = session["session_id"]
        if number in audience.closed:
            return
        if audience.replacing != number:
            audience.replacing, audience.coming = number, set()
        if not session["last_batch_flag"]:
            audience.coming |= rows
            return
        audience.rows, audience.coming, audience.replacing = audience.coming, set(), None
        audience.closed.add(number)

    # --- what the suite asks ---------------------------------------------------------------------------

    def audience_ids(self) -> list[str]:
        """The audiences that are no lookalikes."""
        return sorted(
            name for name, audience in self.audiences.items() if audience.fields["subtype"] == "CUSTOM"
        )

    def held(self, audience: str) -> set[Holding]:
        """Its rows."""
        return set(self.audiences[audience].rows)

    def lose(self, audience: str) -> None:
        """Take it away."""
        del self.audiences[audience]

    def throttled(self) -> Answer:
        """Too many calls, by a code."""
        return _error(80_003, 2_446_079, "There have been too many calls from this ad account.")

    def unauthorised(self) -> Answer:
        """A token that is not accepted, by a code."""
        return _error(190, 463, "Error validating access token", status=401)

    def is_write(self, call: Call) -> bool:
        """Adding, removing and replacing."""
        return call.path.endswith(("/users", "/usersreplace"))

    def is_creation(self, call: Call) -> bool:
        """Making an audience, or a lookalike."""
        return call.method == "POST" and call.path.endswith("/customaudiences")


def _error(code: int, subcode: int, message: str, *, status: int = 400) -> Answer:
    error = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}
    return Answer(status, {"error": {**error, "fbtrace_id": "A1"}})
