"""A server that takes members as Meta and Google do, and looks at nothing.

It is what both sides of a comparison send to, so it has to be cheap: a process of its own that reads a body,
appends it to a file and answers. What arrived is counted afterwards, out of the file. The stand-ins of the
tests are the ones that check what is sent.
"""

from __future__ import annotations

import json
import mmap
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from tests.benchmarks.project import REPOSITORY

# A hash in JSON, in JSON within a form's field, or in a protocol buffer.
_HASH = re.compile(rb'(?:"|%22|@)([0-9a-f]{64})')
_TAKEN = {"audience_id": "1", "num_invalid_entries": 0, "invalid_entry_samples": {}}
_MEMBERS = "/users"
_MEMORY = Path("/dev/shm")  # noqa: S108 - the file in it is made by tempfile
_PACKAGE = "google.ads.datamanager.v1"


class Arrived(NamedTuple):
    """How many hashes came, and their sum: equal where the same members came in whatever order."""

    values: int
    total: int


@dataclass(frozen=True)
class StandIn:
    """A server that runs.

    Attributes:
        port: where HTTP is spoken on this machine.
        grpc: where gRPC is; 0 where that is not installed.
        spool: what members' requests held.
    """

    port: int
    grpc: int
    spool: Path

    def arrived(self) -> Arrived:
        """What came since this was last asked."""
        values = total = 0
        if self.spool.stat().st_size:
            with self.spool.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
                for found in _HASH.finditer(content):
                    values += 1
                    total += int(found[1][:16], 16)
            self.spool.write_bytes(b"")
        return Arrived(values, total)


@contextmanager
def running(folder: Path) -> Iterator[StandIn]:
    """Serve in a process of its own.

    What arrives is kept in memory where the system has a place for files there: a platform's disk is not the
    sync's.
    """
    with NamedTemporaryFile(prefix="arrived-", dir=_MEMORY if _MEMORY.is_dir() else folder) as file:
        spool = Path(file.name)
        command = [sys.executable, "-m", "tests.benchmarks.stand_in", str(spool)]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                port, grpc = map(int, process.stdout.readline().split())
                yield StandIn(port, grpc, spool)
            finally:
                process.terminate()


class _Spool:
    """Bodies one after another, from several threads."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()

    def keep(self, body: bytes) -> None:
        with self._lock:
            self._file.write(body)


def _handler(spool: _Spool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            path = self.path.partition("?")[0]
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if path.endswith(_MEMBERS):
                spool.keep(body)
            content = json.dumps(_answer(self.command, path)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            return

    return Handler


def _answer(method: str, path: str) -> dict[str, Any]:
    if path.endswith(_MEMBERS):
        return _TAKEN
    if method == "GET" and path.endswith("/customaudiences"):
        return {"data": []}
    return {"id": "1", "name": "everyone"}


def _serve_grpc(spool: _Spool) -> tuple[int, Any]:
    """Serve what Google's client speaks; gives the port, 0 without the client, and what is to be held."""
    try:
        import grpc
        from google.ads import datamanager_v1 as datamanager
    except ImportError:
        return 0, None
    status = {"request_status": datamanager.types.RequestStatusPerDestination.RequestStatus.SUCCESS}
    ingestion = {
        "RetrieveRequestStatus": datamanager.RetrieveRequestStatusResponse(
            request_status_per_destination=[status]
        ),
        "IngestAudienceMembers": datamanager.IngestAudienceMembersResponse(request_id="1"),
    }
    everyone = datamanager.UserList(id=1, display_name="everyone")
    lists = {
        "ListUserLists": datamanager.ListUserListsResponse(),
        "CreateUserList": everyone,
        "GetUserList": everyone,
    }

    def method(name: str, answer: Any) -> Any:
        content = type(answer).serialize(answer)

        def serve(body: bytes, _context: Any) -> bytes:
            if name == "IngestAudienceMembers":
                spool.keep(body)
            return bytes(content)

        return grpc.unary_unary_rpc_method_handler(serve)

    server = grpc.server(ThreadPoolExecutor(4))
    for service, answers in (("IngestionService", ingestion), ("UserListService", lists)):
        methods = {name: method(name, answer) for name, answer in answers.items()}
        handler = grpc.method_handlers_generic_handler(f"{_PACKAGE}.{service}", methods)
        server.add_generic_rpc_handlers((handler,))
    port = int(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    return port, server


def main(path: str) -> None:
    """Serve until this process is ended; the ports are said on a line."""
    spool = _Spool(Path(path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(spool))
    grpc_port, _grpc_server = _serve_grpc(spool)
    print(server.server_address[1], grpc_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
