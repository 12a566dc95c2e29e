"""Names: capitals, with and without quotes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import Found, rule
from dbt_muster.portability.rules.reading import Text


@rule(
    {
        "in quotes this is a name of its own, since unquoted ones are stored in small letters,": "postgres",
        "in quotes this is a name of its own, since unquoted ones are stored in capitals,": "snowflake",
        "quotes do not tell the two apart": "duckdb bigquery spark databricks trino redshift",
    },
    "the name in small letters, without quotes",
)
def quoted_case(text: Text) -> Iterator[Found]:
    """A column's name in quotes that is not as the warehouse would have written it."""
    for name in text.tree.find_all(exp.Identifier):
        if not name.args.get("quoted") or not isinstance(name.parent, exp.Column | exp.Alias):
            continue
        folded = name.name.upper() if text.dialect == "snowflake" else name.name.lower()
        if name.name != folded:
            yield Found(name, f"{name.name.lower()}, without quotes")


@rule(
    {
        "the column is then called createdat": "postgres redshift trino",
        "it is called CREATEDAT": "snowflake",
        "it is called createdAt": "duckdb bigquery spark databricks",
    },
    "a name in small letters, with underscores",
)
def unquoted_case(text: Text) -> Iterator[Found]:
    """A column that is given a name of small letters and capitals, without quotes."""
    for alias in text.tree.find_all(exp.Alias):
        name = alias.args["alias"]
        mixed = isinstance(name, exp.Identifier) and name.name not in (name.name.lower(), name.name.upper())
        if mixed and not name.args.get("quoted"):
            yield Found(name)


RULES = (quoted_case, unquoted_case)
