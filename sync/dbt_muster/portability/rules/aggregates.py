"""One value for many rows: which functions there are, and what they make of true, false and nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import ALL, rule
from dbt_muster.portability.rules.reading import Part, Text

_TRUTHS = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)


@rule(
    {
        "this is bool_or and bool_and": "postgres redshift duckdb trino spark databricks",
        "it is boolor_agg and booland_agg": "snowflake",
        "it is logical_or and logical_and": "bigquery",
    },
    "max(case when … then 1 else 0 end) = 1, or min for all",
)
def boolean_aggregate(text: Text) -> Iterator[Part]:
    """Whether something holds for one or for all of many rows."""
    return text.tree.find_all(exp.LogicalOr, exp.LogicalAnd)


@rule(
    {
        "there is no max(), min() or sum() of true and false": "postgres redshift snowflake",
        "there is no sum() of them": "bigquery trino spark databricks",
        "true counts as 1": "duckdb",
    },
    "max(case when … then 1 else 0 end)",
    code="boolean_aggregate",
)
def truth_aggregate(text: Text) -> Iterator[Part]:
    """The largest, smallest or sum of true and false."""
    for node in text.tree.find_all(exp.Max, exp.Min, exp.Sum):
        if isinstance(node.this.unnest(), _TRUTHS):
            yield node


@rule(
    {
        "this is count_if": "snowflake duckdb trino spark databricks",
        "it is countif": "bigquery",
        "it is nothing": "postgres redshift",
    },
    "count(case when … then 1 end)",
)
def count_if(text: Text) -> Iterator[Part]:
    """Rows counted where something holds."""
    return text.tree.find_all(exp.CountIf)


@rule(
    {
        "there is no FILTER (WHERE …)": "snowflake bigquery redshift",
        "FILTER keeps rows from an aggregate": "postgres duckdb trino spark databricks",
    },
    "a case inside of the aggregate: sum(case when … then x end)",
)
def filtered_aggregate(text: Text) -> Iterator[Part]:
    """A filter behind an aggregate."""
    return text.tree.find_all(exp.Filter)


@rule({"no warehouse adds up what is added up already": ALL}, "the inner aggregate as a column of a subquery")
def nested_aggregate(text: Text) -> Iterator[Part]:
    """An aggregate inside of an aggregate."""
    for node in text.tree.find_all(exp.AggFunc):
        outer = node.find_ancestor(exp.AggFunc, exp.Query, exp.Window, exp.WithinGroup)
        if isinstance(outer, exp.AggFunc) and not _is_windowed(node) and not _is_windowed(outer):
            yield outer


@rule(
    {
        "percentile_cont within group is an aggregate": "postgres redshift snowflake duckdb spark databricks",
        "it is a window function": "bigquery",
        "there is none, only approx_percentile()": "trino",
    },
    "row_number() and count(*) over the rows, and the row in the middle",
)
def percentile(text: Text) -> Iterator[Part]:
    """An exact percentile."""
    return text.tree.find_all(exp.PercentileCont, exp.PercentileDisc)


@rule(
    {
        "there is a median()": "redshift snowflake duckdb spark databricks",
        "there is none": "postgres bigquery trino",
    },
    "row_number() and count(*) over the rows, and the row in the middle",
)
def median(text: Text) -> Iterator[Part]:
    """A median."""
    return text.calls("median")


@rule(
    {
        "this is approx_count_distinct(), with an estimate of its own,": (
            "snowflake bigquery duckdb spark databricks"
        ),
        "it is approx_distinct()": "trino",
        "it is approximate count(distinct …)": "redshift",
        "there is none": "postgres",
    },
    "count(distinct …), which is exact",
)
def estimated_count(text: Text) -> Iterator[Part]:
    """An estimate of how many different values there are."""
    return text.tree.find_all(exp.ApproxDistinct)


@rule(
    {
        "this can be null beside other values": "spark databricks",
        "it is null only where all are": "duckdb postgres trino bigquery",
    },
    "min() or max(), which give the same value at each run",
)
def any_value(text: Text) -> Iterator[Part]:
    """Any value of many rows."""
    return text.tree.find_all(exp.AnyValue)


@rule(
    {
        "there are max_by() and min_by()": "snowflake bigquery duckdb trino spark databricks",
        "there are none": "postgres redshift",
    },
    "row_number() over (… order by …) in a subquery, and `where … = 1` around it",
)
def value_at_most(text: Text) -> Iterator[Part]:
    """The value of the row that has the largest or smallest of another value."""
    return text.tree.find_all(exp.ArgMax, exp.ArgMin)


def _is_windowed(node: exp.Expr) -> bool:
    """Whether an aggregate is one of a window, also where a word about nulls stands between them."""
    parent = node.parent
    while isinstance(parent, exp.IgnoreNulls | exp.RespectNulls | exp.Filter):
        parent = parent.parent
    return isinstance(parent, exp.Window)


RULES = (
    boolean_aggregate,
    truth_aggregate,
    count_if,
    filtered_aggregate,
    nested_aggregate,
    percentile,
    median,
    estimated_count,
    any_value,
    value_at_most,
)
