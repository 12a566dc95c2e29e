"""Carries calls to an interface of Google's through its official client, which speaks gRPC.

A platform's calls are stated as the interface has them for HTTP. What method of the client each of them is
follows from how Google designs all of its interfaces (API Improvement Proposals 121, 131 to 136):
`POST /v1/audienceMembers:ingest` is `ingest_audience_members`, `POST /v1/…/userLists` is `create_user_list`,
and `GET /v1/…/userLists/1` is `get_user_list`.

Messages are made and read by the protobuf library, in C; that is lighter than JSON. The client does not try
again by itself, so that one set of rules holds for what was lost, for rates and for waits.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import httpx

from dbt_muster.destinations.wire import Request
from dbt_muster.errors import UsageError

MISSING = "Google's official client is not installed: pip install 'dbt-muster[google]'."

# What gRPC says where no connection came about, so that nothing was sent (its core's pick_first policy).
_NOT_CONNECTED = "failed to connect to all addresses"
# Cancelled on the way, by a proxy or when a connection ends: as little of an answer as none.
_CANCELLED = 499


class GoogleClient:
    """Carries calls by the methods of a client, over one channel; as `Wire`.

    The client is imported when this is made and not before, because that takes a while.

    Args:
        package: the client's, such as `google.ads.datamanager_v1`.
        url: where to; https, or http to this machine alone.
        timeout: seconds that one attempt may take.
    """

    def __init__(self, package: str, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        self._types, self._grpc = import_module(package), import_module("grpc")
        self._errors = import_module("google.api_core.exceptions")
        self._json = import_module("google.protobuf.json_format")
        # At DEBUG the client writes down whatever is sent.
        logging.getLogger(package).setLevel(logging.WARNING)
        self._timeout = timeout
        self._channel = self._open(parts.netloc, safe=parts.scheme == "https")
        self._services = list(self._made())

    def _open(self, host: str, *, safe: bool) -> Any:
        # No call is sent again by gRPC itself. And after a connection was lost, the next attempt makes a new
        # one, rather than failing for as long as gRPC has settled on.
        options = [("grpc.enable_retries", 0), ("grpc.max_reconnect_backoff_ms", 1_000)]
        if safe:
            return self._grpc.secure_channel(host, self._grpc.ssl_channel_credentials(), options)
        return self._grpc.insecure_channel(host, options)

    def _made(self) -> Iterable[Any]:
        """A client of each service. Whoever calls says who they are, so that none of them logs in."""
        for name in dir(self._types):
            if name.endswith("ServiceClient"):
                kind = getattr(self._types, name)
                yield kind(transport=kind.get_transport_class("grpc")(channel=self._channel))

    def carry(
        self, request: Request, url: str, params: Mapping[str, Any], headers: Mapping[str, str]
    ) -> httpx.Response:
        """As in `Wire`."""
        asked = httpx.Request(request.method, url)
        fields = {**(request.json or {}), **asked.url.params, **params}
        name, fields = method_of(request.method, asked.url.path, fields)
        call = next(getattr(each, name) for each in self._services if hasattr(each, name))
        metadata = [(key.lower(), value) for key, value in headers.items()]
        try:
            answer = call(self._message(name, fields), retry=None, timeout=self._timeout, metadata=metadata)
            return httpx.Response(200, json=self._read(answer), request=asked)
        except self._errors.GoogleAPICallError as error:
            return self._failed(error, asked)

    def _message(self, name: str, fields: Mapping[str, Any]) -> Any:
        """What a method is given. Lists, which may be long, are read as they are; the rest as JSON has it."""
        kind = getattr(self._types, f"{_pascal(name)}Request")
        lists = {field: value for field, value in fields.items() if isinstance(value, list)}
        message = kind.pb()(**lists)
        others = {field: value for field, value in fields.items() if field not in lists}
        self._json.ParseDict(others, message)
        return kind.wrap(message)

    def _read(self, answer: Any) -> dict[str, Any]:
        """An answer as JSON, its fields by their own names; a list that comes in pages is read to its end."""
        if answer is None:
            return {}
        read: dict[str, Any] = {}
        for page in getattr(answer, "pages", (answer,)):
            # A number that is 0 is not written otherwise.
            found = self._fields(type(page).pb(page), always_print_fields_with_no_presence=True)
            for field, value in found.items():
                read[field] = [*read.get(field, []), *value] if isinstance(value, list) else value
        return read

    def _failed(self, error: Any, asked: httpx.Request) -> httpx.Response:
        """What a call that failed means by HTTP, with all that Google says of it."""
        if _NOT_CONNECTED in str(error.message):
            raise httpx.ConnectError("no connection")
        if isinstance(error, self._errors.DeadlineExceeded):
            raise httpx.ReadTimeout("no answer in time")
        if error.code is None or error.code == _CANCELLED:
            raise httpx.ReadError("the call was cancelled")
        told = [self._fields(each) for each in error.details if hasattr(each, "DESCRIPTOR")]
        waits = [math.ceil(float(each["retry_delay"][:-1])) for each in told if "retry_delay" in each]
        body = {"error": {"code": int(error.code), "message": error.message, "details": told}}
        headers = {"retry-after": str(max(waits))} if waits else {}
        return httpx.Response(int(error.code), json=body, headers=headers, request=asked)

    def _fields(self, message: Any, **how: bool) -> dict[str, Any]:
        found: dict[str, Any] = self._json.MessageToDict(message, preserving_proto_field_name=True, **how)
        return found

    def close(self) -> None:
        """As in `Wire`."""
        self._channel.close()


def look_at(package: str, url: str) -> None:
    """See whether a client can be used.

    Args:
        package: the client's.
        url: the address that it is to call.

    Raises:
        UsageError: it is not installed, or the address has a path, which gRPC does not know.
    """
    if not _is_there(package):
        raise UsageError(MISSING)
    parts = urlsplit(url)
    if parts.path.strip("/"):
        raise UsageError(f"Google's client takes no path in `url`: give {parts.scheme}://{parts.netloc}.")


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def method_of(verb: str, path: str, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The method of a client that a call by HTTP is, and the fields of its request.

    Args:
        verb: the method by HTTP.
        path: with the interface's version first.
        fields: of the body and of the parameters.
    """
    _, _, name = path.strip("/").partition("/")
    plain, _, custom = name.partition(":")
    if custom:
        return f"{_snake(custom)}_{_snake(plain)}", dict(fields)
    *parts, last = plain.split("/")
    if len(parts) % 2 == 0:
        one = _snake(last).removesuffix("s")
        if verb == "GET":
            return f"list_{one}s", {"parent": "/".join(parts), **fields}
        return f"create_{one}", {"parent": "/".join(parts), one: dict(fields)}
    one = _snake(parts[-1]).removesuffix("s")
    if verb == "PATCH":
        return f"update_{one}", {one: {**fields, "name": plain}, "update_mask": ",".join(map(_camel, fields))}
    return f"{'delete' if verb == 'DELETE' else 'get'}_{one}", {"name": plain, **fields}


def _snake(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def _camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def _pascal(name: str) -> str:
    return name.title().replace("_", "")
