"""A stand-in for a platform: a server on this machine that enforces its definition and keeps members.

What every stand-in has in common is here: the server, the faults that a test asks for, and what was asked. A
platform's own stand-in says how a call is checked and answered, and what it does not model.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

from tests.servers.local_http import LocalServer

Holding = frozenset[tuple[str, str]]
"""One person as a platform knows it: names of identifiers and their values as sent."""


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """One answer; a body that is not bytes is written as JSON, and None is an empty one."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The body's bytes."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Fault = Callable[["StandIn", Call], "Answer | None"]
"""Answers in the stand-in's place, or gives None to let it answer; raises HangUp to give no answer."""


class HangUp(Exception):  # noqa: N818 - what happens, not what is wrong
    """The connection ends without an answer."""


class StandIn(ABC):
    """A platform that runs here.

    Class attributes:
        type: the destination's type.
        settings: settings of a destination that uses it, besides `url`.
        secrets: settings that are secret; calls have to bring them.
        match_on: identifiers that a sync to it names.
        flat: whether the platform holds single identifiers rather than persons with several.
        in_tags: whether members carry a tag, so that no call makes an audience and none can be lost.
    """

    type: ClassVar[str]
    settings: ClassVar[Mapping[str, Any]] = {}
    secrets: ClassVar[Mapping[str, str]] = {}
    match_on: ClassVar[tuple[str, ...]] = ("email",)
    flat: ClassVar[bool] = False
    in_tags: ClassVar[bool] = False

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.refuses: set[str] = set()
        """Values of identifiers that the platform does not like."""
        self.lock = threading.RLock()

    @abstractmethod
    def handle(self, call: Call) -> Answer:
        """Check a call against the definition, do it, and answer."""

    @abstractmethod
    def audience_ids(self) -> list[str]:
        """The audiences that were made and are still there."""

    @abstractmethod
    def held(self, audience: str) -> set[Holding]:
        """What an audience holds; where the platform is `flat`, each holding has one identifier."""

    @abstractmethod
    def lose(self, audience: str) -> None:
        """Take an audience away, as somebody at the platform would."""

    @abstractmethod
    def throttled(self) -> Answer:
        """The platform's answer to too many calls, asking for as short a wait as it can say."""

    @abstractmethod
    def unauthorised(self) -> Answer:
        """The platform's answer to a login that it does not accept."""

    @abstractmethod
    def is_write(self, call: Call) -> bool:
        """Whether a call adds or removes members, rather than asking or making an audience."""

    def is_creation(self, call: Call) -> bool:
        """Whether a call makes an audience; False where audiences are not made by calls."""
        return False

    def asks_about_a_job(self, call: Call) -> bool:
        """Whether a call asks how a job stands; False where the platform makes none."""
        return False

    def end_job(self, call: Call, *, known: bool) -> None:
        """End the job that is asked about when half of it is done: it failed, or is not `known` any more."""
        raise NotImplementedError("this platform makes no jobs")

    # --- for a stand-in's own file ---------------------------------------------------------------------

    def check(self, value: Any, schema: Mapping[str, Any], what: str) -> None:
        """Hold a value to a JSON Schema; a violation fails the test, whatever is answered."""
        for error in Draft202012Validator(dict(schema)).iter_errors(value):
            self.violate(f"{what}: {error.json_path}: {error.message}")

    def violate(self, what: str) -> None:
        """Record that a call is not as the definition has it."""
        self.violations.append(what)

    # --- the server ------------------------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        """What is answered: by a fault where one is asked for, else by the platform."""
        with self.lock:
            self.calls.append(call)
            for fault in list(self.faults):
                given = fault(self, call)
                if given is not None:
                    return given
            return self.handle(call)

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        """Serve on a free port of this machine."""
        server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Server(LocalServer):
    block_on_close = False
    request_queue_size = 64


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 30

        def _serve(self) -> None:
            try:
                call = self._call()
                answer = stand_in.answer(call)
            except HangUp:
                self.close_connection = True
                return
            except Exception as error:
                stand_in.violate(f"{self.command} {self.path}: {type(error).__name__}: {error}")
                answer = Answer(500, {"fault of the stand-in": type(error).__name__})
            content = answer.content()
            self.send_response(answer.status)
            headers = {
                "content-type": "application/json",
                **answer.headers,
                "content-length": str(len(content)),
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _call(self) -> Call:
            parts = urlsplit(self.path)
            return Call(
                self.command,
                parts.path,
                {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self._body(),
            )

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding", "").lower() == "chunked":
                parts = []
                while size := int(self.rfile.readline().strip(), 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                raise HangUp  # the caller died in the midst of it
            return body

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            return

    return Handler
