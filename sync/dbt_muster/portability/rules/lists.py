"""Lists: their items, their rows, and nothing among them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text, whole_number


@rule(
    {
        "nulls stay in the list": "postgres duckdb trino",
        "they are left out": "snowflake spark databricks",
        "a list with one cannot be given": "bigquery",
        "there is no array_agg()": "redshift",
    },
    "a `where … is not null` before it",
)
def array_of_nulls(text: Text) -> Iterator[Part]:
    """A list made of many rows, of which some may hold null."""
    for made in text.tree.find_all(exp.ArrayAgg):
        if made.find_ancestor(exp.Filter) is None and not isinstance(made.parent, exp.IgnoreNulls):
            yield made


@rule(
    {
        "this is unnest()": "postgres duckdb bigquery trino",
        "it is lateral flatten()": "snowflake",
        "it is explode()": "spark databricks",
        "it is a navigation in FROM": "redshift",
    },
    "a model of its own for the rows, with this one clause behind adapter.dispatch",
)
def rows_from_list(text: Text) -> Iterator[Part]:
    """A row for each item of a list."""
    return text.tree.find_all(exp.Explode, exp.Posexplode, exp.Unnest)


@rule(
    {
        "lists begin at 1": "postgres duckdb trino",
        "they begin at 0": "snowflake spark databricks redshift",
        "it is [offset(0)]": "bigquery",
    },
    "the item as a column of the model that makes the list, or a macro behind adapter.dispatch",
)
def list_position(text: Text) -> Iterator[Part]:
    """An item of a list by its number."""
    for node in text.tree.find_all(exp.Bracket):
        if len(node.expressions) == 1 and whole_number(node.expressions[0]) is not None:
            yield node


@rule(
    {
        "this is cardinality()": "postgres trino",
        "it is array_length()": "bigquery",
        "it is len()": "duckdb",
        "it is array_size()": "snowflake spark databricks",
        "it is get_array_length()": "redshift",
    },
    "the length as a column of the model that makes the list",
)
def list_length(text: Text) -> Iterator[Part]:
    """How many items a list has."""
    return text.calls("array_length", "cardinality", "array_size", "get_array_length")


RULES = (array_of_nulls, rows_from_list, list_position, list_length)
