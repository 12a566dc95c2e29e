"""How fast calls may follow each other."""

from __future__ import annotations

import threading
import time


class Pace:
    """Spreads calls over time, for several threads at once.

    Args:
        rate: calls a second; None is as fast as they come.
    """

    def __init__(self, rate: float | None) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until it is this call's turn."""
        with self._lock:
            moment = time.monotonic()
            turn = max(moment, self._next)
            self._next = turn + self._gap
        if turn > moment:
            time.sleep(turn - moment)

    def hold(self, seconds: float | None) -> None:
        """Let no call begin for a while, because the platform asks for it."""
        if seconds:
            with self._lock:
                self._next = max(self._next, time.monotonic() + seconds)
