"""What is wrong with an expression, and where in its text."""

from __future__ import annotations

from sqlglot import exp

_LONGEST = 60


class ExpressionError(ValueError):
    """An expression cannot be read, or means something else on each warehouse.

    Args:
        message: what is wrong; it begins with a place or a fragment.
        expected: what instead.
        suggestion: what was probably meant.
    """

    def __init__(self, message: str, expected: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.suggestion = suggestion


def at(node: exp.Expr, text: str) -> str:
    """A part of an expression, and the column at which it begins: `count(*)` at column 12."""
    fragment = node.sql()
    found = text.lower().find(fragment.lower())
    if found < 0:
        found = min((part.meta["start"] for part in node.walk() if "start" in part.meta), default=0)
    shown = fragment if len(fragment) <= _LONGEST else f"{fragment[:_LONGEST]}…"
    return f"`{shown}` at column {found + 1}"
