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

TITLES: dict[str, str] = {
    "contradiction": "Conditions about one value that cannot hold together",
    "empty_intersection": "Conditions that the audiences they name rule out",
    "no_one": "An audience of which nobody can be a member",
    "everyone": "An audience that holds everybody",
    "unreachable_branch": "A branch that can hold for nobody where it stands",
    "redundant_branch": "A branch that adds nobody, or excludes nobody besides",
    "after_contradiction": "A condition below a contradiction",
    "longer_than_history": "A window that looks back further than the rows go",
    "duplicate_audience": "Another audience has the same criteria",
    "missing_counts": "A negated condition that holds for a missing value too",
    "unused_accept": "An acceptance that silences nothing",
}
"""A few words for every code."""

ACCEPTABLE = tuple(code for code in CODES if code != "unused_accept")
"""The codes that an `accept` can name."""
