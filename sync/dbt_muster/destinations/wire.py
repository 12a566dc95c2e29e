"""What a call to a platform is, and what carries it there: HTTP, or a platform's own client."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import httpx

from dbt_muster.destinations.undecoded import written

# httpx logs every URL it calls at INFO, and URLs may hold keys.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Request:
    """One call. Its body is made once and stays the same over attempts, unless `prepare` makes each anew.

    Attributes:
        path: below the interface's address, or an address of its own.
        json: a body that is written as JSON; at most one of `json`, `content` and `files` is given.
        repeatable: whether doing it twice leaves things as doing it once. Where it does not, an attempt of
            unknown outcome is not followed by another.
        reads: whether it only asks, as every GET does.
    """

    method: str
    path: str = ""
    json: Any = None
    content: bytes | None = None
    files: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    reads: bool = False

    @property
    def only_asks(self) -> bool:
        """Whether it makes no difference whether it arrived."""
        return self.reads or self.method == "GET"


class Wire(Protocol):
    """Carries calls, from several threads, and brings answers as HTTP has them."""

    def carry(
        self, request: Request, url: str, params: Mapping[str, Any], headers: Mapping[str, str]
    ) -> httpx.Response:
        """Make one attempt.

        Args:
            request: what is asked.
            url: where.
            params: all parameters, those of the request among them.
            headers: all headers, in the same way.

        Raises:
            httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout: the call never left.
            httpx.HTTPError: there is no answer, or none that can be read.
        """

    def close(self) -> None:
        """Let the connections go."""


@cache
def _trusted() -> ssl.SSLContext:
    """Whom connections trust. Reading the certificates takes longer than many a call, so it is done once."""
    return httpx.create_ssl_context()


class Http:
    """Carries calls by HTTP, over connections that are kept.

    Args:
        timeout: seconds that one attempt may take.
    """

    def __init__(self, timeout: float) -> None:
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, verify=_trusted())

    def carry(
        self, request: Request, url: str, params: Mapping[str, Any], headers: Mapping[str, str]
    ) -> httpx.Response:
        """As in `Wire`."""
        content = request.content
        if request.json is not None:
            headers = {"content-type": "application/json", **headers}
            content = written(request.json)
        return self._client.request(
            request.method,
            url,
            content=content,
            files=request.files,
            params=params or None,
            headers=headers,
        )

    def close(self) -> None:
        """As in `Wire`."""
        self._client.close()
