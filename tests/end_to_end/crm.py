"""A webhook's receiver that holds members by key and counts the batches it was sent."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

from tests.servers.local_http import LocalServer


class _Server(LocalServer):
    def handle_error(self, *_: object) -> None:
        """A sender that dies in the middle of a request is what these tests are about."""


class Crm:
    """Listens on this machine while its `with` block lasts."""

    def __init__(self, *, seconds_a_batch: float = 0.0) -> None:
        self.held: dict[str, dict[str, str | None]] = {}
        self.batches = 0
        self._pause = seconds_a_batch
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: dict[str, Any]) -> None:
        """Do what a batch says."""
        with self._lock:
            for record in body["data"]["records"]:
                if record["action"] == "remove":
                    self.held.pop(record["key"], None)
                else:
                    self.held[record["key"]] = record["identifiers"]
            self.batches += 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        crm = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                try:
                    body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                except ValueError:
                    return  # the sender died in the middle
                time.sleep(crm._pause)
                crm.take(body)
                try:
                    self.send_response(200)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                return

        return Handler
