"""The kinds of conditions that random criteria leave out, until the language accepts them."""

from __future__ import annotations

from collections.abc import Iterable

DISABLED = frozenset(
    {
        *("most_frequent", "first_time", "periods", "where_operands", "sequence", "place", "through"),
        *("days_since_first", "days_since_last", "unique_list", "rate", "share"),
        *("sql", "expression", "standing", "groups"),
    }
)


def enabled(options: Iterable[str]) -> list[str]:
    """The options that the language accepts."""
    return [option for option in options if option not in DISABLED]
