"""The event log: every step of a sync as one JSON object a line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Self, TextIO

from dbt_muster.delivery.watching import Event
from dbt_muster.errors import UsageError

STANDARD_ERROR = "-"


class EventLog:
    """Writes events where they are wanted. A log that cannot be written to never stops a sync.

    Args:
        path: a file, which is added to; `-` for standard error; None for no log.

    Raises:
        UsageError: the file cannot be opened.
    """

    def __init__(self, path: str | None) -> None:
        self._file: TextIO | None = None
        self._owned = path not in (None, STANDARD_ERROR)
        if path == STANDARD_ERROR:
            self._file = sys.stderr
        elif path is not None:
            try:
                self._file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - closed when this is left
            except OSError as error:
                raise UsageError(f"The event log {path} cannot be opened: {error.strerror}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None and self._owned:
            self._file.close()

    def write(self, event: Event) -> None:
        """Write one event, so that it is there even if the process dies in the next instant."""
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(event.to_dict(), ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            sys.stderr.write(f"The event log cannot be written to any more: {error.strerror}.\n")
            self._file = None if not self._owned else self._closed(self._file)

    @staticmethod
    def _closed(file: TextIO) -> None:
        try:
            file.close()
        except OSError:
            return
