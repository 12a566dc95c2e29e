"""Words that are names on one warehouse, and belong to the language on another.

From the warehouses' lists of reserved words: PostgreSQL, appendix C; Redshift, "Reserved words"; Snowflake,
"Reserved & limited keywords"; BigQuery, "Lexical structure and syntax"; Trino, "Reserved keywords". DuckDB
reserves what PostgreSQL does. Spark and Databricks reserve next to nothing, outside of ANSI's enforced mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import Found, rule
from dbt_muster.portability.rules.reading import Text
from dbt_muster.render import DIALECTS

_POSTGRES = "postgres redshift duckdb"
RESERVED: Mapping[str, tuple[str, ...]] = {
    word: tuple(names.split())
    for word, names in {
        "analyze": _POSTGRES,
        "array": f"{_POSTGRES} bigquery",
        "at": "bigquery duckdb",
        "contains": "bigquery",
        "default": f"{_POSTGRES} bigquery",
        "do": "postgres duckdb",
        "end": f"{_POSTGRES} bigquery trino",
        "escape": "bigquery trino",
        "grant": "postgres redshift snowflake",
        "groups": "bigquery",
        "hash": "bigquery",
        "identity": "redshift",
        "increment": "snowflake",
        "interval": "bigquery",
        "issue": "snowflake",
        "language": "redshift",
        "limit": f"{_POSTGRES} bigquery",
        "new": "bigquery redshift",
        "no": "bigquery",
        "of": "bigquery snowflake",
        "offset": _POSTGRES,
        "old": "redshift",
        "open": "redshift",
        "partition": "bigquery redshift",
        "percent": "redshift",
        "placing": "postgres duckdb",
        "primary": _POSTGRES,
        "qualify": "snowflake bigquery duckdb redshift",
        "range": "bigquery",
        "raw": "redshift",
        "references": _POSTGRES,
        "row": "snowflake",
        "rows": "snowflake bigquery",
        "sample": "snowflake",
        "snapshot": "redshift",
        "start": "snowflake",
        "system": "redshift",
        "table": f"{_POSTGRES} snowflake trino",
        "tag": "redshift",
        "trigger": "snowflake",
        "user": "postgres redshift",
        "window": "postgres duckdb bigquery",
        "within": "bigquery",
    }.items()
}


@rule({}, "another name, or quotes around this one")
def reserved_word(text: Text) -> Iterator[Found]:
    """A name that is a word of the language elsewhere."""
    for name in text.tree.find_all(exp.Identifier):
        reserved = RESERVED.get(name.name.lower(), ())
        given = isinstance(name.parent, exp.Column | exp.Alias | exp.TableAlias)
        if reserved and given and not name.args.get("quoted"):
            free = tuple(dialect for dialect in DIALECTS if dialect not in reserved)
            word = name.name.lower()
            yield Found(name, meanings=((f"`{word}` is a reserved word", reserved), ("it is a name", free)))


RULES = (reserved_word,)
