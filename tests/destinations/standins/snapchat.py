"""A stand-in for Snapchat's customer lists.

Snap publishes no definition for machines; the schemas below were written from its pages "Customer Lists" and
"Customer Lists Lookalikes". Not modelled: matching, how long changes take, and the smallest size. A segment
holds single identifiers: it does not know which of them belong to one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs

from tests.destinations.standins.base import Answer, Call, Holding, StandIn

_ACCOUNT = "8adc3db7-8148-4fbf-999c-8d2266369d74"
_NAMES = {"EMAIL_SHA256": "email", "PHONE_SHA256": "phone", "MOBILE_AD_ID_SHA256": "mobile_advertising_id"}
_HASHES = {
    "type": "array",
    "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "minItems": 1,
    "maxItems": 1,
}
_USERS = {
    "type": "object",
    "properties": {
        "users": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "schema": {
                        "type": "array",
                        "items": {"enum": list(_NAMES)},
                        "minItems": 1,
                        "maxItems": 1,
                    },
                    "data": {"type": "array", "items": _HASHES, "minItems": 1, "maxItems": 100_000},
                },
                "required": ["schema", "data"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["users"],
    "additionalProperties": False,
}
_SEGMENT = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 375},
        "description": {"type": "string"},
        "source_type": {"enum": ["FIRST_PARTY", "LOOKALIKE"]},
        "retention_in_days": {"type": "integer", "minimum": 1, "maximum": 9999},
        "ad_account_id": {"const": _ACCOUNT},
        "creation_spec": {
            "type": "object",
            "properties": {
                "seed_segment_id": {"type": "string"},
                "countries": {"type": "array", "items": {"pattern": "^[A-Z]{2}$"}, "minItems": 1},
                "type": {"enum": ["BALANCE", "SIMILARITY", "REACH"]},
            },
            "required": ["seed_segment_id", "countries", "type"],
            "additionalProperties": False,
        },
    },
    "required": ["name", "source_type", "retention_in_days", "ad_account_id"],
    "additionalProperties": False,
    "if": {"properties": {"source_type": {"const": "LOOKALIKE"}}},
    "then": {"required": ["creation_spec"], "properties": {"retention_in_days": {"maximum": 180}}},
    "else": {"not": {"required": ["creation_spec"]}},
}
_SEGMENTS = {
    "type": "object",
    "properties": {"segments": {"type": "array", "items": _SEGMENT, "minItems": 1, "maxItems": 1}},
    "required": ["segments"],
    "additionalProperties": False,
}


class SnapchatStandIn(StandIn):
    """An ad account with segments, and the address that gives out access tokens."""

    type: ClassVar[str] = "snapchat"
    secrets: ClassVar[Mapping[str, str]] = {
        "refresh_token": "snap-canary-refresh",
        "client_secret": "snap-canary-secret",
    }
    match_on: ClassVar[tuple[str, ...]] = ("email", "phone")
    flat: ClassVar[bool] = True
    # Fewer than there may be, so that a second page is asked for.
    page_size = 2
    # How many people a segment is said to have.
    size = 1_000

    def __init__(self) -> None:
        super().__init__()
        self.segments: dict[str, dict[str, Any]] = {}
        self.identifiers: dict[str, set[tuple[str, str]]] = {}
        self.tokens: list[str] = []
        self._next = 5_677_923_948_298_241

    @property
    def settings(self) -> Mapping[str, Any]:  # type: ignore[override]  # its address is known when it runs
        """The account, and where tokens are given out."""
        token_url = f"{self.url}/login/oauth2/access_token"
        return {"ad_account": _ACCOUNT, "client_id": "snap-client", "token_url": token_url}

    def handle(self, call: Call) -> Answer:
        """One call of the interface."""
        if call.path == "/login/oauth2/access_token":
            return self._token(call)
        if not self.tokens or call.headers.get("authorization") != f"Bearer {self.tokens[-1]}":
            return self.unauthorised()
        if call.path == f"/adaccounts/{_ACCOUNT}/segments":
            answers = {"GET": self._list, "POST": self._make, "PUT": self._rename}
            return answers[call.method](call)
        _, kind, segment, *rest = call.path.split("/")
        if kind != "segments" or segment not in self.segments:
            return _error(404, "E3003", "The resource is not there")
        if rest == ["users"]:
            return self._users(call, segment)
        if call.method == "DELETE":
            del self.segments[segment]
            return Answer(200, {"request_status": "SUCCESS"})
        return _one(self.segments[segment])

    def _token(self, call: Call) -> Answer:
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        wanted = {"grant_type": "refresh_token", "client_id": "snap-client", **self.secrets}
        if form != wanted:
            return Answer(400, {"error": "invalid_grant"})
        self.tokens.append(f"snap-canary-access-{len(self.tokens)}")
        answer = {"access_token": self.tokens[-1], "expires_in": 1800, "token_type": "Bearer"}
        return Answer(200, answer)

    def _list(self, call: Call) -> Answer:
        shown = list(self.segments.values())
        start = int(call.query.get("cursor", "0"))
        page = [
            {"sub_request_status": "SUCCESS", "segment": each}
            for each in shown[start : start + self.page_size]
        ]
        paging: dict[str, str] = {}
        if start + self.page_size < len(shown):
            query = f"cursor={start + self.page_size}"
            paging = {"next_link": f"https://adsapi.snapchat.com/v1/adaccounts/{_ACCOUNT}/segments?{query}"}
        return Answer(200, {"request_status": "SUCCESS", "paging": paging, "segments": page})

    def _make(self, call: Call) -> Answer:
        self.check(call.json, _SEGMENTS, "segments")
        wanted = call.json["segments"][0]
        seed = wanted.get("creation_spec", {}).get("seed_segment_id")
        if seed is not None and seed not in self.segments:
            return _error(400, "E1001", "The seed segment is not there")
        made = str(self._next)
        self._next += 1
        size = self.size
        self.segments[made] = {**wanted, "id": made, "approximate_number_users": size, "status": "ACTIVE"}
        self.identifiers[made] = set()
        return _one(self.segments[made])

    def _rename(self, call: Call) -> Answer:
        changed = call.json["segments"][0]
        if set(changed) - set(self.segments[changed["id"]]):
            self.violate("a segment is changed in what it does not have")
        self.segments[changed["id"]] = changed
        return _one(changed)

    def _users(self, call: Call, segment: str) -> Answer:
        self.check(call.json, _USERS, f"{call.method} users")
        own = call.json["users"][0]
        values = {(_NAMES[own["schema"][0]], row[0]) for row in own["data"]}
        if call.method == "POST" and self.refuses & {value for _, value in values}:
            return _error(400, "E1001", "Invalid hash in data")
        if call.method == "POST":
            self.identifiers[segment] |= values
        else:
            self.identifiers[segment] -= values
        users = [{"sub_request_status": "SUCCESS", "user": {"number_uploaded_users": len(own["data"])}}]
        return Answer(200, {"request_status": "SUCCESS", "users": users})

    # --- what the suite asks ---------------------------------------------------------------------------

    def audience_ids(self) -> list[str]:
        """The segments that are customer lists."""
        return [name for name, each in self.segments.items() if each["source_type"] == "FIRST_PARTY"]

    def held(self, audience: str) -> set[Holding]:
        """Its identifiers, one by one."""
        return {frozenset({each}) for each in self.identifiers[audience]}

    def lose(self, audience: str) -> None:
        """Take it away."""
        del self.segments[audience]

    def throttled(self) -> Answer:
        """Too many calls."""
        return Answer(429, {"request_status": "ERROR", "error_code": "E2003"}, {"retry-after": "0"})

    def unauthorised(self) -> Answer:
        """A token that is not accepted."""
        return _error(401, "E2001", "unauthorized")

    def is_write(self, call: Call) -> bool:
        """Adding and removing identifiers."""
        return call.path.endswith("/users")

    def is_creation(self, call: Call) -> bool:
        """Making a segment."""
        return call.method == "POST" and call.path.endswith("/segments")


def _one(segment: Mapping[str, Any]) -> Answer:
    own = {"sub_request_status": "SUCCESS", "segment": dict(segment)}
    return Answer(200, {"request_status": "SUCCESS", "segments": [own]})


def _error(status: int, code: str, message: str) -> Answer:
    body = {"request_status": "ERROR", "error_code": code, "debug_message": message}
    return Answer(status, {**body, "display_message": message})
