"""A server that speaks Snowflake's protocol, out of the package `fakesnow`: an emulator over DuckDB.

Started as a file, this module is the server's keeper: it serves on a port of this machine alone, says on one
line which, and ends when its standard input ends, however the tests that started it ended.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any


class NoEmulatorError(Exception):
    """The emulator cannot be run on this machine, and why."""


class SnowflakeServer:
    """A server that runs from its making until `close`.

    Attributes:
        port: on which it listens, at 127.0.0.1.

    Raises:
        NoEmulatorError: the packages are not installed, or the server does not start.
    """

    def __init__(self) -> None:
        for package in ("fakesnow", "snowflake.connector"):
            if not _is_installed(package):
                raise NoEmulatorError(f"the package {package} is not installed")
        self._keeper = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "TZ": "UTC"},
        )
        assert self._keeper.stdout is not None
        answer = self._keeper.stdout.readline()
        if not answer:
            self.close()
            raise NoEmulatorError("fakesnow's server does not start")
        self.port = int(json.loads(answer)["port"])

    def settings(self) -> dict[str, Any]:
        """What a connection to it needs."""
        return {
            "account": "fakesnow",
            "user": "fake",
            "password": "snow",
            "host": "127.0.0.1",
            "port": self.port,
            "protocol": "http",
            "network_timeout": 5,  # seconds in which what the server fails at is tried again
        }

    def close(self) -> None:
        """Stop the server."""
        for stream in (self._keeper.stdin, self._keeper.stdout):
            if stream is not None:
                stream.close()
        self._keeper.wait()


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def keep() -> None:
    """Serve until standard input ends."""
    import fakesnow

    # Each request is logged on standard output, which nobody reads but for its first line.
    said = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with fakesnow.server() as server:
        said.write(json.dumps({"port": server["port"]}) + "\n")
        said.flush()
        sys.stdin.read()


if __name__ == "__main__":
    keep()
