"""A stand-in for Google's Data Manager API, which speaks gRPC (google_grpc.py).

Every request is read as the message that the published definition has for it, so that a field or an enum's
value that Google does not know is a violation, and every answer is written as such a message. Not modelled:
matching, match rates, what becomes of people without consent, quotas, and how long work takes: a request is
worked on when its status is asked for the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs

from google.protobuf import json_format  # type: ignore[import-untyped]  # protobuf comes without types

from tests.destinations.standins.base import Answer, Call, Holding, StandIn
from tests.destinations.standins.google_grpc import message, serving

_LISTS = "/v1/accountTypes/GOOGLE_ADS/accounts/1234567890/userLists"
_ADDRESS = {
    "givenName": "first_name",
    "familyName": "last_name",
    "regionCode": "country",
    "postalCode": "postcode",
}
_HASHED = ("email", "phone", "first_name", "last_name")


@dataclass
class _Request:
    """One request of members, before or after it was worked on."""

    verb: str
    audience: str
    members: list[Holding]
    asked: int = 0
    done: bool = False
    failed: bool = False


@dataclass
class _List:
    fields: dict[str, Any]
    members: dict[Holding, datetime] = field(default_factory=dict)


class GoogleDataManagerStandIn(StandIn):
    """An account with user lists, and the address that gives out access tokens."""

    type: ClassVar[str] = "google_data_manager"
    secrets: ClassVar[Mapping[str, str]] = {
        "refresh_token": "google-canary-refresh",
        "client_secret": "google-canary-secret",
    }
    match_on: ClassVar[tuple[str, ...]] = ("email", "phone")

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, _List] = {}
        self.requests: dict[str, _Request] = {}
        self.unusable: dict[str, str] = {}
        """Values that Google takes and cannot use when it works on them, each with its reason."""
        self.tokens: list[str] = []
        self.token_url = ""
        self._last = 0

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        """Serve by gRPC, and tokens by HTTP."""
        with super().running():
            self.token_url = f"{self.url}/token"
            with serving(self) as self.url:
                yield self

    @property
    def settings(self) -> Mapping[str, Any]:  # type: ignore[override]  # its address is known when it runs
        """The account, what it has agreed to, and where tokens are given out."""
        return {
            "account": "123-456-7890",
            "login_account": "999-999-9999",
            "client_id": "google-client",
            "customer_match_terms": "accepted",
            "token_url": self.token_url,
        }

    def handle(self, call: Call) -> Answer:
        """One call of the interface."""
        if call.path == "/token":
            return self._token(call)
        if not self.tokens or call.headers.get("authorization") != f"Bearer {self.tokens[-1]}":
            return self.unauthorised()
        if call.path.startswith(_LISTS):
            if call.headers.get("login-account") != "accountTypes/GOOGLE_ADS/accounts/9999999999":
                self.violate("login-account is not the manager's")
            return self._user_lists(call)
        if call.path == "/v1/requestStatus:retrieve":
            return self._status(call)
        verb = call.path.removeprefix("/v1/audienceMembers:")
        if verb == "removeAll":
            return self._remove_all(call)
        return self._members(call, verb)

    def _token(self, call: Call) -> Answer:
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        bearer = form.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer" and form.get(
            "assertion"
        )
        wanted = {"grant_type": "refresh_token", "client_id": "google-client", **self.secrets}
        if not bearer and form != wanted:
            return Answer(400, {"error": "invalid_grant"})
        self.tokens.append(f"google-canary-access-{len(self.tokens)}")
        return Answer(200, {"access_token": self.tokens[-1], "expires_in": 3599, "token_type": "Bearer"})

    # --- lists -----------------------------------------------------------------------------------------

    def _user_lists(self, call: Call) -> Answer:
        name = call.path.removeprefix(_LISTS).strip("/")
        if not name:
            return self._make(call) if call.method == "POST" else self._list(call)
        if name not in self.lists:
            return _error(404, "NOT_FOUND", "NOT_FOUND", "User list not found.")
        fields = self.lists[name].fields
        if call.method == "PATCH":
            self._read("UserList", call.json)
            if self._has(call.json["displayName"]):
                return _error(400, "INVALID_ARGUMENT", "DISPLAY_NAME_ALREADY_USED", "The name is used.")
            if call.query.get("updateMask") != "displayName":
                self.violate("a list is changed in more than its name")
            fields["displayName"] = call.json["displayName"]
        if call.method == "DELETE":
            del self.lists[name]
            return Answer(200, {})
        return Answer(200, fields)

    def _make(self, call: Call) -> Answer:
        made = self._read("UserList", call.json)
        if made.membership_duration.seconds % 86_400 or not made.ingested_user_list_info.upload_key_types:
            self.violate("a list lasts whole days and takes one kind of data")
        if self._has(made.display_name):
            return _error(400, "INVALID_ARGUMENT", "DISPLAY_NAME_ALREADY_USED", "The name is used.")
        self._last += 1
        name = str(8_000_000_000 + self._last)
        sizes = {"displayNetworkMembersCount": "0"}
        self.lists[name] = _List({**call.json, "name": f"{_LISTS[4:]}/{name}", "id": name, "sizeInfo": sizes})
        return Answer(200, self.lists[name].fields)

    def _has(self, name: str) -> bool:
        return any(each.fields["displayName"] == name for each in self.lists.values())

    def _list(self, call: Call) -> Answer:
        wanted = call.query["filter"].removeprefix('integration_code = "').removesuffix('"')
        found = [each.fields for each in self.lists.values() if each.fields["integrationCode"] == wanted]
        self._read("ListUserListsResponse", {"userLists": found})
        return Answer(200, {"userLists": found} if found else {})

    # --- members ---------------------------------------------------------------------------------------

    def _members(self, call: Call, verb: str) -> Answer:
        kind = {"ingest": "IngestAudienceMembersRequest", "remove": "RemoveAudienceMembersRequest"}[verb]
        body = self._read(kind, call.json)
        if not 1 <= len(body.audience_members) <= 10_000:
            self.violate(f"{len(body.audience_members)} members in a request")
        if (
            verb == "ingest"
            and call.json["termsOfService"]["customerMatchTermsOfServiceStatus"] != "ACCEPTED"
        ):
            return _error(400, "INVALID_ARGUMENT", "TERMS_AND_CONDITIONS_NOT_SIGNED", "Terms.")
        audience = body.destinations[0].product_destination_id
        if audience not in self.lists:
            return _no_such_list()
        members = [self._holding(each["userData"]) for each in call.json["audienceMembers"]]
        if verb == "ingest" and (bad := list(self._bad(members))):
            return _error(400, "INVALID_ARGUMENT", "INVALID_SHA256_FORMAT", "Malformed.", bad)
        self._last += 1
        name = f"request-{self._last}"
        self.requests[name] = _Request(verb, audience, members)
        return Answer(200, {"requestId": name})

    def _holding(self, data: Mapping[str, Any]) -> Holding:
        found = []
        for each in data["userIdentifiers"]:
            found += [("email", each["emailAddress"])] if "emailAddress" in each else []
            found += [("phone", each["phoneNumber"])] if "phoneNumber" in each else []
            found += [(_ADDRESS[part], text) for part, text in each.get("address", {}).items()]
        if not 1 <= len(data["userIdentifiers"]) <= 10:
            self.violate(f"{len(data['userIdentifiers'])} identifiers of a member")
        for name, value in found:
            if name in _HASHED and (len(value) != 64 or value != value.lower()):
                self.violate(f"{name} is no SHA-256 in lower-case hex")
        return frozenset(found)

    def _bad(self, members: Iterable[Holding]) -> Iterable[dict[str, str]]:
        for place, member in enumerate(members):
            if self.refuses & {value for _, value in member}:
                path = f"audience_members[{place}].user_data.user_identifiers[0]"
                yield {"field": path, "description": "Not hashed.", "reason": "INVALID_SHA256_FORMAT"}

    def _remove_all(self, call: Call) -> Answer:
        body = self._read("RemoveAllAudienceMembersRequest", call.json)
        until = body.remove_as_of_time.ToDatetime(tzinfo=UTC)
        if until > datetime.now(UTC):
            self.violate("removeAsOfTime is in the future")
        audience = body.destinations[0].product_destination_id
        if audience not in self.lists:
            return _no_such_list()
        held = self.lists[audience]
        held.members = {member: added for member, added in held.members.items() if added >= until}
        return Answer(200, {"requestId": "request-remove-all"})

    def _status(self, call: Call) -> Answer:
        request = self.requests.get(call.query["requestId"])
        if request is None:
            return _error(400, "INVALID_ARGUMENT", "INVALID_REQUEST_ID", "No such request.")
        request.asked += 1
        if request.asked > 1:
            self._work_on(request)
        failed = [self.unusable[v] for member in request.members for _, v in member if v in self.unusable]
        state = "PROCESSING" if not request.done else "PARTIAL_SUCCESS" if failed else "SUCCESS"
        state = "FAILED" if request.failed else state
        status: dict[str, Any] = {"requestStatus": state}
        if request.done and failed:
            counts = [{"recordCount": str(failed.count(reason)), "reason": reason} for reason in set(failed)]
            status["errorInfo"] = {"errorCounts": counts}
        body = {"requestStatusPerDestination": [status]}
        self._read("RetrieveRequestStatusResponse", body)
        return Answer(200, body)

    def work(self) -> None:
        """Work on every request that was taken."""
        for request in self.requests.values():
            self._work_on(request)

    def _work_on(self, request: _Request) -> None:
        if request.done:
            return
        request.done = True
        if request.audience not in self.lists:
            request.failed = True
            return
        self._move(request, request.members)

    def _move(self, request: _Request, members: Iterable[Holding]) -> None:
        held = self.lists[request.audience]
        for member in members:
            if request.verb == "remove":
                held.members.pop(member, None)
            elif not self.unusable.keys() & {value for _, value in member}:
                held.members[member] = datetime.now(UTC)

    def asks_about_a_job(self, call: Call) -> bool:
        """Asking for a request's status."""
        return call.path == "/v1/requestStatus:retrieve" and call.query["requestId"] in self.requests

    def end_job(self, call: Call, *, known: bool) -> None:
        """Fail it when half of it is done, or forget it."""
        request = self.requests[call.query["requestId"]]
        if not request.done and request.audience in self.lists:
            self._move(request, request.members[: len(request.members) // 2])
        if not request.done:
            request.done = request.failed = True
        if not known:
            del self.requests[call.query["requestId"]]

    def _read(self, name: str, body: Any) -> Any:
        try:
            return message(name, body)
        except json_format.ParseError as error:
            self.violate(f"{name}: {error}")
            raise

    # --- what the suite asks ---------------------------------------------------------------------------

    def audience_ids(self) -> list[str]:
        """All lists."""
        return list(self.lists)

    def held(self, audience: str) -> set[Holding]:
        """Its members."""
        return set(self.lists[audience].members)

    def lose(self, audience: str) -> None:
        """Take it away."""
        del self.lists[audience]

    def throttled(self) -> Answer:
        """Too many calls in a minute."""
        metadata = {"quota_limit": "IngestionMutateRequestsPerMinutePerProject"}
        return _error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "Quota exceeded.", metadata=metadata)

    def unauthorised(self) -> Answer:
        """A token that is not accepted."""
        return _error(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED", "Invalid authentication credentials.")

    def is_write(self, call: Call) -> bool:
        """Adding and removing members."""
        return call.path.startswith("/v1/audienceMembers:")

    def is_creation(self, call: Call) -> bool:
        """Making a list."""
        return call.method == "POST" and call.path == _LISTS


def _no_such_list() -> Answer:
    return _error(400, "INVALID_ARGUMENT", "INVALID_USER_LIST_ID", "No such user list.")


def _error(
    status: int,
    code: str,
    reason: str,
    words: str,
    violations: list[dict[str, str]] | None = None,
    *,
    metadata: Mapping[str, str] | None = None,
) -> Answer:
    kind = "type.googleapis.com/google.rpc"
    info = {"@type": f"{kind}.ErrorInfo", "reason": reason, "domain": "datamanager.googleapis.com"}
    details: list[dict[str, Any]] = [info | {"metadata": dict(metadata or {})}]
    if violations:
        details.append({"@type": f"{kind}.BadRequest", "fieldViolations": violations})
    return Answer(status, {"error": {"code": status, "message": words, "status": code, "details": details}})
