"""Window functions: their frames, and the nulls in them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text


@rule(
    {
        "there is no QUALIFY": "postgres spark trino",
        "QUALIFY filters by a window function": "duckdb snowflake bigquery databricks redshift",
    },
    "the window function as a column of a subquery, and WHERE around it",
)
def qualify(text: Text) -> Iterator[Part]:
    """A filter by a window function."""
    return text.tree.find_all(exp.Qualify)


@rule(
    {
        "the frame ends at the current row": "postgres duckdb bigquery trino spark databricks",
        "it is the whole partition": "snowflake",
        "it has to be written": "redshift",
    },
    "rows between unbounded preceding and unbounded following, or … and current row",
)
def value_frame(text: Text) -> Iterator[Part]:
    """The first or last value of a window without a frame."""
    for window in text.tree.find_all(exp.Window):
        kinds = (exp.FirstValue, exp.LastValue, exp.NthValue)
        if _without_frame(window, text) and isinstance(window.this.find(*kinds), kinds):
            yield window


@rule(
    {
        "the frame ends at the current row": "postgres duckdb bigquery trino spark databricks snowflake",
        "it has to be written": "redshift",
    },
    "rows between unbounded preceding and current row",
)
def sum_frame(text: Text) -> Iterator[Part]:
    """A running sum or count without a frame."""
    for window in text.tree.find_all(exp.Window):
        kinds = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)
        if _without_frame(window, text) and isinstance(window.this, kinds):
            yield window


@rule(
    {
        "there is no IGNORE NULLS": "postgres",
        "IGNORE NULLS passes over nulls": ("redshift snowflake bigquery duckdb trino spark databricks"),
    },
    "a window over the rows that are not null, in a subquery",
)
def ignore_nulls(text: Text) -> Iterator[Part]:
    """A window function that passes over nulls."""
    return text.tree.find_all(exp.IgnoreNulls)


def _without_frame(window: exp.Expr, text: Text) -> bool:
    """Whether a window has an order and no frame; one that sqlglot writes for Snowflake is not written."""
    frame = window.args.get("spec") is not None
    written = any(True for _ in text.words("ROWS", "RANGE", "GROUPS"))
    return window.args.get("order") is not None and not (frame and written)


RULES = (qualify, value_frame, sum_frame, ignore_nulls)
