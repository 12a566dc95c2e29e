"""Operators, in words."""

from __future__ import annotations

from dbt_muster.specs.meaning import Comparison

OPERATORS: dict[Comparison, tuple[str, str]] = {
    "is": ("is {}", "is not {}"),
    "in": ("is {}", "is not {}"),
    "at_least": ("is at least {}", "is not at least {}"),
    "at_most": ("is at most {}", "is not at most {}"),
    "more_than": ("is more than {}", "is not more than {}"),
    "less_than": ("is less than {}", "is not less than {}"),
    "between": ("is between {}, both included", "is not between {}, both included"),
    "contains": ("contains {}", "does not contain {}"),
    "starts_with": ("starts with {}", "does not start with {}"),
    "ends_with": ("ends with {}", "does not end with {}"),
    "matches": ("matches {}", "does not match {}"),
    "includes": ("includes {}", "does not include {}"),
    "includes_any": ("includes {}", "does not include {}"),
    "includes_all": ("includes all of {}", "does not include all of {}"),
    "is_set": ("is set", "is missing"),
}
"""Each operator, and its complement."""

TIMES: dict[Comparison, str] = {
    "is": "exactly",
    "at_least": "at least",
    "at_most": "at most",
    "more_than": "more than",
    "less_than": "fewer than",
}
"""The operators that go before a number of things."""


def joined_by(operator: Comparison) -> str:
    """The word before the last of an operator's right sides."""
    return "and" if operator in ("between", "includes_all") else "or"
