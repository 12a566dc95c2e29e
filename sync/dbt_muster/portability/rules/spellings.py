"""Functions that go by this name on some warehouses only, though sqlglot reads them as one thing.

Each line is from the warehouses' own lists of functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dbt_muster.portability.rules.differences import Found, rule
from dbt_muster.portability.rules.reading import Text
from dbt_muster.render import DIALECTS

_SPARK = "spark databricks"
SPELLINGS: Mapping[str, tuple[str, str]] = {
    "charindex": (f"snowflake redshift {_SPARK}", "dbt.position()"),
    "date_format": (f"trino {_SPARK}", "a column that is kept as a date"),
    "date_parse": ("trino", "a column that is kept as a date"),
    "dateadd": (f"snowflake redshift {_SPARK}", "dbt.dateadd()"),
    "datepart": (f"snowflake duckdb {_SPARK}", "extract(part from a)"),
    "format_date": ("bigquery", "a column that is kept as a date"),
    "from_unixtime": (f"trino {_SPARK}", "a column that is kept as a timestamp"),
    "generate_series": ("postgres redshift duckdb", "dbt.date_spine()"),
    "getdate": ("redshift snowflake databricks", "a variable of the project"),
    "if": (f"bigquery duckdb trino {_SPARK}", "case when … then … else … end"),
    "iff": ("snowflake databricks", "case when … then … else … end"),
    "ifnull": (f"duckdb snowflake bigquery {_SPARK}", "coalesce(a, b)"),
    "initcap": (f"postgres redshift snowflake bigquery {_SPARK}", "upper() of the first letter"),
    "instr": (f"bigquery duckdb {_SPARK}", "dbt.position()"),
    "isnull": (f"{_SPARK}", "a is null"),
    "last_day": (f"redshift snowflake bigquery duckdb {_SPARK}", "dbt.last_day()"),
    "left": (f"postgres redshift snowflake bigquery duckdb {_SPARK}", "substr(a, 1, n)"),
    "len": (f"snowflake redshift duckdb {_SPARK}", "length(a)"),
    "nvl": (f"snowflake redshift {_SPARK}", "coalesce(a, b)"),
    "nvl2": (f"snowflake redshift {_SPARK}", "case when a is not null then b else c end"),
    "parse_date": ("bigquery", "a column that is kept as a date"),
    "right": (f"postgres redshift snowflake bigquery duckdb {_SPARK}", "dbt.right()"),
    "safe_cast": ("bigquery", "dbt.safe_cast(), or a cast of checked values"),
    "safe_divide": ("bigquery", "a / nullif(b, 0)"),
    "split_part": (f"postgres redshift snowflake duckdb trino {_SPARK}", "dbt.split_part()"),
    "strftime": ("duckdb", "a column that is kept as a date"),
    "strpos": ("postgres redshift bigquery duckdb trino", "dbt.position()"),
    "strptime": ("duckdb", "a column that is kept as a date"),
    "to_char": (f"postgres redshift snowflake trino {_SPARK}", "a column that is kept as a date"),
    "to_date": (f"postgres redshift snowflake trino {_SPARK}", "a column that is kept as a date"),
    "try_cast": (f"duckdb snowflake trino {_SPARK}", "dbt.safe_cast(), or a cast of checked values"),
    "try_to_number": (f"snowflake {_SPARK}", "dbt.safe_cast(), or a cast of checked values"),
    "zeroifnull": (f"snowflake {_SPARK}", "coalesce(a, 0)"),
}


@rule({}, "a function that all have")
def spelling(text: Text) -> Iterator[Found]:
    """A function that not every warehouse has under its name."""
    for token in text.calls(*SPELLINGS):
        name = token.text.lower()
        names, instead = SPELLINGS[name]
        has = tuple(names.split())
        lacks = tuple(dialect for dialect in DIALECTS if dialect not in has)
        yield Found(token, instead, meanings=((f"there is {name}()", has), ("there is none", lacks)))


RULES = (spelling,)
