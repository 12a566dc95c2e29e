"""Limits, in words."""

from __future__ import annotations

from dbt_muster.specs.meaning import Limit


def limit_words(limit: Limit) -> str:
    """Whom a limit lets in: `the 100 with the largest spent`."""
    edge = "smallest" if limit.ascending else "largest"
    return f"the {limit.top:,} with the {edge} {limit.by.name}, ties by key"
