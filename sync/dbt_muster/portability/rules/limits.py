"""Some rows of many: how many, from where, and which."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import ALL, rule
from dbt_muster.portability.rules.reading import Part, Text


@rule(
    {"without an order, which rows these are is another answer at each run": ALL},
    "order by something unique before the limit",
)
def unordered_limit(text: Text) -> Iterator[Part]:
    """Some rows, and no order that says which."""
    for query in text.tree.find_all(exp.Query):
        limit = query.args.get("limit")
        ordered = query.args.get("order") is not None or isinstance(query.parent, exp.Exists)
        if limit is not None and not ordered and not _gives_one_row(query):
            yield limit


@rule(
    {
        "`limit` comes before `offset`": "snowflake bigquery spark databricks",
        "`offset` comes before `limit`": "trino",
        "either comes first": "postgres redshift duckdb",
    },
    "row_number() in a subquery, and `where … > …` around it",
)
def offset(text: Text) -> Iterator[Part]:
    """Rows that are passed over."""
    return text.tree.find_all(exp.Offset)


@rule(
    {
        "there is no TOP": "postgres bigquery duckdb trino spark databricks",
        "TOP is LIMIT": "redshift snowflake",
    },
    "limit n at the end",
)
def top(text: Text) -> Iterator[Part]:
    """SELECT TOP."""
    for before, token in text.pairs():
        if token.text.upper() == "TOP" and before.text.upper() in ("SELECT", "DISTINCT"):
            yield token


@rule(
    {
        "FETCH FIRST is LIMIT": "postgres duckdb snowflake trino",
        "there is no FETCH FIRST": "bigquery spark databricks",
    },
    "limit n at the end",
)
def fetch_first(text: Text) -> Iterator[Part]:
    """FETCH FIRST … ROWS ONLY."""
    return text.words("FETCH")


@rule(
    {
        "DISTINCT ON keeps the first row of each group": "postgres duckdb",
        "there is no DISTINCT ON": "redshift snowflake bigquery trino spark databricks",
    },
    "row_number() over (partition by … order by …) in a subquery, and `where … = 1` around it",
)
def distinct_on(text: Text) -> Iterator[Part]:
    """The first row of each group, by DISTINCT ON."""
    for distinct in text.tree.find_all(exp.Distinct):
        if distinct.args.get("on"):
            yield distinct


@rule(
    {
        "each run takes other rows": ALL,
    },
    "muster_slot over a key and a salt, which takes the same rows everywhere and each time",
)
def sample(text: Text) -> Iterator[Part]:
    """A sample of a table."""
    return text.tree.find_all(exp.TableSample)


def _gives_one_row(query: exp.Expr) -> bool:
    """Whether a query adds everything up to one row."""
    selects = query.expressions if isinstance(query, exp.Select) else []
    adds_up = bool(selects) and all(each.find(exp.AggFunc) for each in selects)
    return adds_up and query.args.get("group") is None


RULES = (unordered_limit, offset, top, fetch_first, distinct_on, sample)
