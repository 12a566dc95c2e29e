"""Functions that go by this name on some warehouses only, though sqlglot reads them as one thing.

Each line is from the warehouses' own lists of functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dbt_muster.portability.rules.reading import Hit, Text, word_hit

_SPELLINGS: Mapping[str, tuple[str, str]] = {
    "nvl": ("snowflake, redshift, spark and databricks", "coalesce(a, b)"),
    "nvl2": ("snowflake, redshift, spark and databricks", "case when a is not null then b else c end"),
    "iff": ("snowflake and databricks", "case when … then … else … end"),
    "ifnull": ("duckdb, snowflake, bigquery, spark and databricks", "coalesce(a, b)"),
    "zeroifnull": ("snowflake, spark and databricks", "coalesce(a, 0)"),
    "try_cast": (
        "duckdb, snowflake, trino, spark and databricks",
        "dbt.safe_cast(), or a cast of checked values",
    ),
    "safe_cast": ("bigquery", "dbt.safe_cast(), or a cast of checked values"),
    "safe_divide": ("bigquery", "a / nullif(b, 0)"),
    "dateadd": ("snowflake, redshift, spark and databricks", "dbt.dateadd()"),
    "to_char": (
        "postgres, redshift, snowflake, trino, spark and databricks, with masks of their own each",
        "a column that is kept as a date",
    ),
    "date_format": (
        "trino, spark and databricks, with patterns of their own each",
        "a column that is kept as a date",
    ),
    "format_date": ("bigquery", "a column that is kept as a date"),
    "strftime": ("duckdb", "a column that is kept as a date"),
    "charindex": ("snowflake, redshift, spark and databricks", "dbt.position()"),
    "len": ("snowflake, redshift, duckdb, spark and databricks", "length(a)"),
    "datepart": ("snowflake, spark and databricks", "extract(part from a)"),
    "getdate": ("redshift, snowflake and databricks", "a variable of the project"),
    "generate_series": ("postgres and duckdb", "dbt.date_spine()"),
}


def spelling(text: Text) -> Iterator[Hit]:
    """A function that not every warehouse has under its name."""
    for name, token in text.calls():
        if name in _SPELLINGS:
            where, instead = _SPELLINGS[name]
            yield word_hit("spelling", token, f"{name}() is a function of {where} only", instead)


RULES = (spelling,)
