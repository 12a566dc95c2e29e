"""Audiences as code, inside the data warehouse.

dbt-core 1.x looks into every installed module whose name starts with `dbt_` for a list called `plugins`; the
list is made only when asked for, so that importing this package does not import dbt.
"""

from __future__ import annotations


def __getattr__(name: str) -> object:
    if name == "plugins":
        from dbt_muster.plugin import MusterPlugin

        return [MusterPlugin]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
