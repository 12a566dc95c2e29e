"""Syncs of a project's folder, each in a process of its own that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class Starter:
    """Starts syncs in a project's folder, kills them, or waits for their end."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._log = folder / "sync.log"
        self._log_file = self._log.open("w")
        self._process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "tests/end_to_end/starter.py")],
            cwd=folder,
            env={**os.environ, **environment, "PYTHONPATH": str(REPOSITORY / "sync")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log_file,
            text=True,
        )

    def sync(self, until: Callable[[], None] | None = None) -> int:
        """Run a sync; with `until`, kill it when that returns. Gives the exit code (negative: the signal)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(["sync", "--output", "json"]) + "\n")
        self._process.stdin.flush()
        process = int(self._process.stdout.readline())
        if until is not None:
            until()
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return int(self._process.stdout.readline())

    def log(self) -> str:
        """What the syncs said."""
        return self._log.read_text()

    def close(self) -> None:
        """End the starter."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log_file):
            if stream is not None:
                stream.close()
