"""The keys that the language has and this version does not read."""

from __future__ import annotations

NOT_YET = frozenset(
    {
        "lookalike",
    }
)
"""Keys that belong to the language and are not read by this version."""
