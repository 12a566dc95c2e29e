"""Google's Data Manager API as gRPC has it, over a stand-in that knows it as HTTP does.

Google answers both in the same way (its HTTP mapping, as published for each method); so does this. A request
is read as the message of the published definition, and what that does not have is a violation. What comes
from something on the way that speaks HTTP alone becomes what gRPC clients make of it ("HTTP to gRPC Status
Code Mapping"). Not modelled: compression, limits to the size of a message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

# protobuf comes without types of its own, as do the packages beside it.
from google.protobuf import (  # type: ignore[import-untyped]
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    json_format,
    message_factory,
)
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]
from grpc_status import rpc_status  # type: ignore[import-untyped]

from tests.destinations.standins.base import Answer, Call, HangUp, StandIn

_PACKAGE = "google.ads.datamanager.v1"
_FILE = Path(__file__).parent.parent / "definitions" / "google_data_manager" / "datamanager_v1.json"

# Each method's answer, and what it is by HTTP: method, path, and where its body stands; `*` is all of it.
_METHODS = {
    "IngestionService/IngestAudienceMembers": (
        "IngestAudienceMembersResponse",
        ("POST", "/v1/audienceMembers:ingest", "*"),
    ),
    "IngestionService/RemoveAudienceMembers": (
        "RemoveAudienceMembersResponse",
        ("POST", "/v1/audienceMembers:remove", "*"),
    ),
    "IngestionService/RemoveAllAudienceMembers": (
        "RemoveAllAudienceMembersResponse",
        ("POST", "/v1/audienceMembers:removeAll", "*"),
    ),
    "IngestionService/RetrieveRequestStatus": (
        "RetrieveRequestStatusResponse",
        ("GET", "/v1/requestStatus:retrieve", ""),
    ),
    "UserListService/ListUserLists": ("ListUserListsResponse", ("GET", "/v1/{parent}/userLists", "")),
    "UserListService/CreateUserList": ("UserList", ("POST", "/v1/{parent}/userLists", "userList")),
    "UserListService/GetUserList": ("UserList", ("GET", "/v1/{name}", "")),
    "UserListService/UpdateUserList": ("UserList", ("PATCH", "/v1/{userList[name]}", "userList")),
    "UserListService/DeleteUserList": ("", ("DELETE", "/v1/{name}", "")),
}

# What an answer without a message of Google's becomes.
_BY_HTTP = {
    400: grpc.StatusCode.INTERNAL,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.UNIMPLEMENTED,
    **dict.fromkeys((429, 502, 503, 504), grpc.StatusCode.UNAVAILABLE),
}
_CODES = {code.name: code.value[0] for code in grpc.StatusCode}


def _messages() -> descriptor_pool.DescriptorPool:
    files = json.loads(_FILE.read_text(encoding="utf-8"))["descriptor"]
    pool = descriptor_pool.DescriptorPool()
    for file in json_format.ParseDict(files, descriptor_pb2.FileDescriptorSet()).file:
        pool.Add(file)
    return pool


_POOL = _messages()


def message(name: str, body: Any) -> Any:
    """A body as the official message; raises `ParseError` where it is none."""
    return json_format.ParseDict(body, _kind(name)())


def _kind(name: str) -> Any:
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


@contextmanager
def serving(stand_in: StandIn, credentials: Any = None) -> Iterator[str]:
    """Serve a stand-in's answers by gRPC, with TLS where there are credentials; gives the address."""
    server = grpc.server(ThreadPoolExecutor(8))
    for service in {name.partition("/")[0] for name in _METHODS}:
        methods = {
            name.partition("/")[2]: grpc.unary_unary_rpc_method_handler(_served(stand_in, name))
            for name in _METHODS
            if name.startswith(f"{service}/")
        }
        handler = grpc.method_handlers_generic_handler(f"{_PACKAGE}.{service}", methods)
        server.add_generic_rpc_handlers((handler,))
    if credentials is None:
        url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    else:
        url = f"https://localhost:{server.add_secure_port('localhost:0', credentials)}"
    server.start()
    try:
        yield url
    finally:
        server.stop(grace=None).wait()


def _served(stand_in: StandIn, name: str) -> Callable[[bytes, Any], bytes]:
    """A method, from bytes to bytes."""
    answers_with, (verb, path, place) = _METHODS[name]

    def serve(content: bytes, context: Any) -> bytes:
        fields = read(stand_in, f"{name.partition('/')[2]}Request", content)
        body = fields if place == "*" else fields.get(place)
        query = {} if place == "*" else {key: value for key, value in fields.items() if key != place}
        headers = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
        sent = b"" if body is None else json.dumps(body).encode()
        try:
            answer = stand_in.answer(Call(verb, path.format_map(fields), query, headers, sent))
        except HangUp:
            context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")
        except Exception as error:
            stand_in.violate(f"{name}: {type(error).__name__}: {error}")
            context.abort(grpc.StatusCode.INTERNAL, "a fault of the stand-in")
        return _answered(answer, answers_with, context)

    return serve


def read(stand_in: StandIn, name: str, content: bytes) -> dict[str, Any]:
    """A request as JSON; a field that its message does not have is a violation."""
    request = _kind(name).FromString(content)
    size = request.ByteSize()
    request.DiscardUnknownFields()
    if request.ByteSize() != size:
        stand_in.violate(f"{name} has fields that are not in the definition")
    fields: dict[str, Any] = json_format.MessageToDict(request)
    return fields


def _answered(answer: Answer, name: str, context: Any) -> bytes:
    body = _json(answer)
    if answer.status < 300 and body is not None:
        return bytes(message(name, body).SerializeToString()) if name else b""
    if answer.status < 300:
        context.abort(grpc.StatusCode.INTERNAL, "the stream ended in the midst")
    if body is None:
        context.abort(_BY_HTTP.get(answer.status, grpc.StatusCode.UNKNOWN), f"HTTP {answer.status}")
    context.abort_with_status(rpc_status.to_status(_status(body["error"])))
    raise AssertionError("a call that was aborted goes on")


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.content())
    except ValueError:
        return None


def _status(error: Mapping[str, Any]) -> Any:
    assert error_details_pb2, "what details are made of has to be known before they are read"
    details = [json_format.ParseDict(each, any_pb2.Any()) for each in error["details"]]
    return status_pb2.Status(code=_CODES[error["status"]], message=error["message"], details=details)
