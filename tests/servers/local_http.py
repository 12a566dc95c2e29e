"""A server of HTTP on this machine whose threads end with it."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from http.server import ThreadingHTTPServer
from typing import Any


class LocalServer(ThreadingHTTPServer):
    """Ends the connections that clients keep open when it is closed, and with them their threads.

    A thread that is alive when Python ends keeps what it holds: DuckDB's library, for one, then reports every
    function of its own as leaked.
    """

    daemon_threads = True

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self._open: set[socket.socket] = set()
        self._is_closing = False
        super().__init__(*arguments, **settings)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, and give it a thread."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """The connection has ended."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless it is that the server ends or the other side is gone."""
        if not self._is_closing and not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """End every connection, and listen no more."""
        self._is_closing = True
        for each in tuple(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        super().server_close()
