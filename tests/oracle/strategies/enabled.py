"""The kinds of conditions that random criteria leave out, until the language accepts them."""

from __future__ import annotations

from collections.abc import Iterable

DISABLED = frozenset({"through"})


def enabled(options: Iterable[str]) -> list[str]:
    """The options that the language accepts."""
    return [option for option in options if option not in DISABLED]
