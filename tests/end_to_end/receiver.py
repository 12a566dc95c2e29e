"""A stand-in for a CRM: a web server on this machine that keeps the lists that it is told to keep."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections import defaultdict
from email.message import Message
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from tests.servers.local_http import LocalServer


class Receiver:
    """Listens while its `with` block lasts, and takes only what is signed with its secret.

    Attributes:
        url: where to send batches.
        secret: what batches are to be signed with, in the form of the Standard Webhooks specification.
        lists: each audience's members, by their key, as they stand now.
    """

    def __init__(self) -> None:
        self.lists: dict[str, set[str]] = defaultdict(set)
        self._signing_key = secrets.token_bytes(32)
        self.secret = "whsec_" + base64.b64encode(self._signing_key).decode()
        self._lock = threading.Lock()
        self._server = LocalServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/audiences"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def is_signed(self, headers: Message, body: bytes) -> bool:
        """Whether a batch comes from whoever knows the secret."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        digest = hmac.digest(self._signing_key, signed, hashlib.sha256)
        expected = "v1," + base64.b64encode(digest).decode()
        return hmac.compare_digest(expected, headers["webhook-signature"] or "")

    def apply(self, batch: dict[str, Any]) -> None:
        """Does what one batch says; doing it twice changes nothing."""
        with self._lock:
            held = self.lists[batch["data"]["audience"]["key"]]
            for record in batch["data"]["records"]:
                if record["action"] == "remove":
                    held.discard(record["key"])
                else:
                    held.add(record["key"])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                genuine = receiver.is_signed(self.headers, body)
                if genuine:
                    receiver.apply(json.loads(body))
                self.send_response(204 if genuine else 401)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                """Says nothing: batches hold personal data."""

        return Handler
