"""Criteria written another way that means the same."""

from __future__ import annotations

from typing import Any

_ORDERED = {"sequence"}
"""Keys below which the order of a list has a meaning."""


def one(criteria: Any) -> Any:
    """Criteria as one condition."""
    return {"all": criteria} if isinstance(criteria, list) else criteria


def backwards(criteria: Any) -> Any:
    """The same criteria, with every list of conditions and every mapping the other way round."""
    if isinstance(criteria, list) and all(isinstance(item, dict) for item in criteria):
        return [backwards(item) for item in reversed(criteria)]
    if isinstance(criteria, dict):
        return {
            key: value if key in _ORDERED else backwards(value) for key, value in reversed(criteria.items())
        }
    return criteria
