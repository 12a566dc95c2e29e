"""What `muster check` can find in specs that are valid: the codes, and how bad each is."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is. Notes do not fail a check."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


CODES: dict[str, Level] = {
    "contradiction": Level.ERROR,
    "empty_intersection": Level.ERROR,
    "no_one": Level.ERROR,
    "everyone": Level.WARNING,
    "unreachable_branch": Level.WARNING,
    "redundant_branch": Level.WARNING,
    "after_contradiction": Level.NOTE,
    "longer_than_history": Level.WARNING,
    "duplicate_audience": Level.WARNING,
    "missing_counts": Level.NOTE,
    "unused_accept": Level.WARNING,
}
"""Every code, each of which has a section in docs/lint.md."""

ACCEPTABLE = tuple(code for code in CODES if code != "unused_accept")
"""The codes that an `accept` can name."""
