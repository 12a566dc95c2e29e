"""Platforms that say with every answer how much may still be called: a header of JSON, read as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from dbt_muster.destinations.answers import Fields

# Seconds. Who waits longer than this would count as dead; the run ends instead, and the next one goes on.
_LONGEST_WAIT = 600.0

# Per cent of what may be called from which on calls are spread.
_SPREADING = 75


@dataclass(frozen=True)
class Usage:
    """A header that says how much of an hour's calls is used up: objects of lists of entries, as JSON.

    Attributes:
        header: its name.
        of: what an entry has that counts here.
        percents: where an entry has per cents of what may be used; the largest counts.
        minutes: where it has the minutes until calls are taken again.
    """

    header: str
    of: Fields
    percents: tuple[str, ...]
    minutes: str

    def wait(self, response: httpx.Response) -> float | None:
        """Seconds before the next call; None where it may come at once, or nothing is said.

        From 75 % on, calls are spread more the nearer the limit is; at 100 % they wait until access is
        regained.
        """
        try:
            told = json.loads(response.headers.get(self.header, "{}"))
            entries = [each for own in told.values() for each in own if self._counts(each)]
            used = max((float(each.get(part, 0)) for each in entries for part in self.percents), default=0.0)
            minutes = max((float(each.get(self.minutes, 0)) for each in entries), default=0.0)
        except (ValueError, TypeError, AttributeError):
            return None
        if used >= 100 or minutes:
            return min(max(minutes, 1) * 60, _LONGEST_WAIT)
        return used - _SPREADING + 1 if used >= _SPREADING else None

    def _counts(self, entry: Any) -> bool:
        return all(entry.get(name) == value for name, value in self.of.items())
