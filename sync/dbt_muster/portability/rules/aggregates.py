"""True and false, counted and put together; and chance."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.reading import Hit, Text, hit

_TRUTHS = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)


def boolean_aggregate(text: Text) -> Iterator[Hit]:
    """One truth for many rows."""
    for node in text.tree.find_all(exp.LogicalOr, exp.LogicalAnd):
        yield hit(
            "boolean_aggregate",
            text,
            node,
            "this is bool_or and bool_and on postgres, redshift, duckdb, trino, spark and databricks, "
            "boolor_agg and booland_agg on snowflake, logical_or and logical_and on bigquery",
            "max(case when … then 1 else 0 end) = 1, or min for all",
        )
    for node in text.tree.find_all(exp.Max, exp.Min, exp.Sum):
        if isinstance(node.this.unnest(), _TRUTHS):
            yield hit(
                "boolean_aggregate",
                text,
                node,
                "postgres and redshift have no max(), min() or sum() of true and false; duckdb takes all of "
                "them",
                "max(case when … then 1 else 0 end)",
            )


def count_if(text: Text) -> Iterator[Hit]:
    """Rows counted where something holds."""
    for node in text.tree.find_all(exp.CountIf):
        yield hit(
            "count_if",
            text,
            node,
            "this is count_if on snowflake, duckdb, trino, spark and databricks, countif on bigquery, and "
            "nothing on postgres and redshift",
            "count(case when … then 1 end)",
        )


def filtered_aggregate(text: Text) -> Iterator[Hit]:
    """FILTER behind an aggregate."""
    for node in text.tree.find_all(exp.Filter):
        yield hit(
            "filtered_aggregate",
            text,
            node,
            "snowflake, bigquery and redshift have no FILTER (WHERE …); postgres, duckdb, trino, spark and "
            "databricks do",
            "a case inside of the aggregate: sum(case when … then x end)",
        )


def chance(text: Text) -> Iterator[Hit]:
    """Random numbers."""
    for node in text.tree.find_all(exp.Rand):
        yield hit(
            "chance",
            text,
            node,
            "each run gives another answer, a whole number of 64 bits on snowflake and a fraction from 0 to "
            "1 on the others; it is rand() on bigquery",
            "muster_slot over a key and a salt, which is the same everywhere and each time",
        )


RULES = (boolean_aggregate, count_if, filtered_aggregate, chance)
