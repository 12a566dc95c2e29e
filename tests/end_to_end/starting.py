"""Syncs of a project's folder, each in a process of its own that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class Starter:
    """Starts syncs in a project's folder, kills them, or waits for their end.

    Args:
        folder: the project's.
        environment: variables that the commands have besides those of the tests.
        log: the file in the folder that gets what they say.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], log: str = "sync.log") -> None:
        self._log = folder / log
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
        return self.run(["sync", "--output", "json"], until)

    def run(self, arguments: Sequence[str], until: Callable[[], None] | None = None) -> int:
        """Run any command; the rest as for `sync`."""
        process = self.begin(arguments)
        if until is not None:
            until()
            kill(process)
        return self.end()

    def begin(self, arguments: Sequence[str]) -> int:
        """Start a command and give its process; one at a time."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> int:
        """Wait for the command that was begun; gives its exit code."""
        assert self._process.stdout is not None
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


def kill(process: int) -> None:
    """End a process as nothing can prevent, where it has not ended yet."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
