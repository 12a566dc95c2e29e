"""Whole clauses that only some warehouses have."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text


@rule(
    {
        "this is EXCEPT": "bigquery spark databricks",
        "it is EXCLUDE": "duckdb snowflake redshift",
        "it is nothing": "postgres trino",
    },
    "the columns by name, or dbt_utils.star()",
)
def star_without(text: Text) -> Iterator[Part]:
    """All columns but some."""
    for node in text.tree.find_all(exp.Star):
        if node.args.get("except_") or node.args.get("replace"):
            yield node


@rule(
    {
        "there are SEMI and ANTI JOIN": "duckdb spark databricks",
        "there are none": "postgres redshift snowflake bigquery trino",
    },
    "where exists (…), or where not exists (…)",
)
def half_join(text: Text) -> Iterator[Part]:
    """A join that only filters."""
    for node in text.tree.find_all(exp.Join):
        if {node.kind, node.side} & {"SEMI", "ANTI"}:
            yield node


@rule(
    {
        "there is ASOF JOIN": "duckdb snowflake",
        "there is none": "postgres redshift bigquery trino spark databricks",
    },
    "row_number() over the rows before, in a subquery, and `where … = 1` around it",
)
def as_of_join(text: Text) -> Iterator[Part]:
    """A join with the last row before."""
    return text.words("ASOF")


@rule(
    {
        "there is PIVOT": "redshift snowflake bigquery duckdb spark databricks",
        "there is none": "postgres trino",
    },
    "an aggregate with a case for each column",
)
def pivot(text: Text) -> Iterator[Part]:
    """Rows that become columns."""
    return text.tree.find_all(exp.Pivot)


@rule(
    {
        "UNION alone is not read": "bigquery",
        "UNION alone leaves out what is there twice": (
            "postgres redshift snowflake duckdb trino spark databricks"
        ),
    },
    "union all, and select distinct around it",
)
def bare_union(text: Text) -> Iterator[Part]:
    """A union that does not say ALL or DISTINCT."""
    for token, following in text.pairs():
        bare = following.text.upper() not in ("ALL", "DISTINCT", "BY")
        if token.text.upper() == "UNION" and bare and text.raw(token).upper() == "UNION":
            yield token


@rule(
    {
        "MINUS is EXCEPT": "redshift snowflake spark databricks",
        "there is no MINUS": "postgres bigquery duckdb trino",
    },
    "except distinct on bigquery, except on the others; or where not exists (…)",
)
def minus(text: Text) -> Iterator[Part]:
    """Rows without those of another query, by MINUS."""
    for token in text.words("MINUS"):
        if token.token_type.name == "EXCEPT":
            yield token


@rule(
    {
        "a comma before FROM is passed over": "duckdb bigquery snowflake",
        "it is an error": "postgres redshift trino spark",
    },
    "no comma behind the last column",
)
def trailing_comma(text: Text) -> Iterator[Part]:
    """A comma behind the last column."""
    for token, following in text.pairs():
        if token.text == "," and following.text.upper() == "FROM" and text.raw(following).upper() == "FROM":
            yield token


@rule(
    {
        "there is no CREATE OR REPLACE TABLE": "postgres redshift",
        "it makes the table anew": "snowflake bigquery duckdb trino spark databricks",
    },
    "the SELECT alone: dbt makes the table",
)
def replaced_table(text: Text) -> Iterator[Part]:
    """A table made anew by CREATE OR REPLACE."""
    for node in text.tree.find_all(exp.Create):
        if node.args.get("replace") and node.kind == "TABLE":
            yield node


RULES = (star_without, half_join, as_of_join, pivot, bare_union, minus, trailing_comma, replaced_table)
