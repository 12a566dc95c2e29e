"""Signs between values that some warehouses have, and some read as something else."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import ALL, Found, rule
from dbt_muster.portability.rules.reading import Part, Text


@rule({"nothing is equal to null, so this is never true": ALL}, "is null, or is not null")
def null_comparison(text: Text) -> Iterator[Part]:
    """A comparison with null."""
    for comparison in text.tree.find_all(exp.EQ, exp.NEQ):
        if isinstance(comparison.parent, exp.Update):
            continue
        if any(isinstance(side, exp.Null) for side in (comparison.left, comparison.right)):
            yield comparison


@rule(
    {
        "`<=>` holds for two nulls too": "spark databricks",
        "there is no `<=>`": "postgres redshift snowflake bigquery duckdb trino",
    },
    "(a = b or (a is null and b is null))",
)
def null_safe_equal(text: Text) -> Iterator[Part]:
    """A comparison that holds for two nulls too."""
    return text.words("<=>")


@rule(
    {
        "there is no IS DISTINCT FROM": "redshift",
        "null is not distinct from null": "postgres snowflake bigquery duckdb trino spark databricks",
    },
    "(a = b or (a is null and b is null))",
    code="null_safe_equal",
)
def distinct_from(text: Text) -> Iterator[Part]:
    """A comparison by IS DISTINCT FROM."""
    if any(token.text.upper() == "IS" for token in text.tokens):
        yield from text.tree.find_all(exp.NullSafeEQ, exp.NullSafeNEQ)


@rule(
    {
        "`==` is `=`": "duckdb spark databricks",
        "there is no `==`": "postgres redshift snowflake bigquery trino",
    },
    "=",
)
def double_equals(text: Text) -> Iterator[Part]:
    """Two signs of equality."""
    return text.words("==")


@rule(
    {
        "2 ^ 3 is 8": "postgres redshift duckdb",
        "2 ^ 3 is 1, the bits that differ,": "bigquery spark databricks",
        "there is no `^`": "snowflake trino",
    },
    "power(a, b)",
)
def caret(text: Text) -> Iterator[Part]:
    """A power by an operator."""
    return text.words("^")


@rule(
    {
        "`->>` is a value of a document as a text": "postgres duckdb",
        "there is no `->>`": "redshift snowflake bigquery trino spark databricks",
    },
    "the value as a column of a model of its own, or an attribute with a `path`",
)
def document_arrow(text: Text) -> Iterator[Part]:
    """A value out of a JSON document by an operator."""
    return text.words("->>", "#>>")


@rule(
    {
        "`a:b` is a value of a document": "snowflake databricks",
        "there is no `a:b`": "postgres redshift bigquery duckdb trino spark",
    },
    "the value as a column of a model of its own, or an attribute with a `path`",
)
def document_colon(text: Text) -> Iterator[Found]:
    """A value out of a JSON document by a colon."""
    if text.dialect in ("snowflake", "databricks") and text.tree.find(exp.JSONExtract):
        for before, token in text.pairs():
            if token.text == ":" and before.token_type.name not in ("STRING", "NUMBER"):
                yield Found(token)


RULES = (
    null_comparison,
    null_safe_equal,
    distinct_from,
    double_equals,
    caret,
    document_arrow,
    document_colon,
)
