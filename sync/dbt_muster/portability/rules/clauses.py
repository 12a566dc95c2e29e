"""Whole clauses that only some warehouses have, and rows made out of lists."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.reading import Hit, Text, hit, whole_number


def qualify(text: Text) -> Iterator[Hit]:
    """QUALIFY."""
    for node in text.tree.find_all(exp.Qualify):
        yield hit(
            "qualify",
            text,
            node,
            "postgres, spark and trino have no QUALIFY; duckdb, snowflake, bigquery, databricks and redshift "
            "do",
            "the window function as a column of a subquery, and WHERE around it",
        )


def star_without(text: Text) -> Iterator[Hit]:
    """A star without some columns."""
    for node in text.tree.find_all(exp.Star):
        if node.args.get("except_") or node.args.get("replace"):
            yield hit(
                "star_without",
                text,
                node,
                "this is EXCEPT on bigquery, spark and databricks, EXCLUDE on duckdb, snowflake and "
                "redshift, and nothing on postgres and trino",
                "the columns by name, or dbt_utils.star()",
            )


def half_join(text: Text) -> Iterator[Hit]:
    """SEMI and ANTI JOIN."""
    for node in text.tree.find_all(exp.Join):
        if {node.kind, node.side} & {"SEMI", "ANTI"}:
            yield hit(
                "half_join",
                text,
                node,
                "only duckdb, spark and databricks have SEMI and ANTI JOIN",
                "where exists (…), or where not exists (…)",
            )


def rows_from_list(text: Text) -> Iterator[Hit]:
    """A row for each item of a list."""
    for node in text.tree.find_all(exp.Explode, exp.Posexplode, exp.Unnest):
        yield hit(
            "rows_from_list",
            text,
            node,
            "this is unnest() on postgres, duckdb, bigquery and trino, lateral flatten() on snowflake, "
            "explode() on spark and databricks, and a navigation in FROM on redshift",
            "a model of its own for the rows, with this one clause behind adapter.dispatch",
        )


def list_position(text: Text) -> Iterator[Hit]:
    """An item of a list by its number."""
    for node in text.tree.find_all(exp.Bracket):
        if len(node.expressions) == 1 and whole_number(node.expressions[0]) is not None:
            yield hit(
                "list_position",
                text,
                node,
                "lists begin at 1 on postgres, duckdb and trino and at 0 on snowflake, spark, databricks, "
                "redshift and bigquery, where it is [offset(0)]",
                "the item as a column of the model that makes the list, or a macro behind adapter.dispatch",
            )


def replaced_table(text: Text) -> Iterator[Hit]:
    """CREATE OR REPLACE TABLE."""
    for node in text.tree.find_all(exp.Create):
        if node.args.get("replace") and node.kind == "TABLE":
            yield hit(
                "replaced_table",
                text,
                node,
                "postgres and redshift have no CREATE OR REPLACE TABLE; snowflake, bigquery, duckdb and "
                "databricks do",
                "the SELECT alone: dbt makes the table",
            )


RULES = (qualify, star_without, half_join, rows_from_list, list_position, replaced_table)
