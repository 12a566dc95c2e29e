"""Dates: weeks, days of them, and steps of months and days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text, whole_number

_DAYS = frozenset({"DOW", "DAYOFWEEK", "DAY_OF_WEEK", "WEEKDAY"})


@rule(
    {
        "a week begins on Monday": "postgres redshift duckdb spark databricks trino",
        "it begins on Sunday": "bigquery",
        "it begins as the parameter WEEK_START says, by default on Monday,": "snowflake",
    },
    "`isoweek` on bigquery; elsewhere `week`, with WEEK_START at 0 or 1",
)
def week_start(text: Text) -> Iterator[Part]:
    """The beginning of a week."""
    for node in text.tree.find_all(exp.TimestampTrunc, exp.DateTrunc, exp.DatetimeTrunc):
        unit = node.args.get("unit")
        name = unit.name.upper() if unit is not None else ""
        if name == "WEEK" or (isinstance(unit, exp.WeekStart) and _written_week(text)):
            yield node


@rule(
    {
        "Sunday is 0": "postgres redshift duckdb snowflake",
        "Sunday is 1": "bigquery spark databricks",
        "Sunday is 7": "trino",
    },
    "the ISO number, Monday 1 to Sunday 7: `isodow` on postgres and duckdb, `dayofweekiso` on snowflake",
)
def day_of_week(text: Text) -> Iterator[Part]:
    """The number of a day in its week."""
    for node in text.tree.find_all(exp.Extract):
        if node.this.name.upper() in _DAYS:
            yield node
    yield from text.tree.find_all(exp.DayOfWeek)


@rule(
    {
        "week 1 is the one with the year's first Thursday": (
            "postgres redshift duckdb snowflake spark databricks trino"
        ),
        "weeks begin on Sunday, and days before the first are in week 0": "bigquery",
    },
    "`isoweek` on bigquery; or the date that the week begins on",
)
def week_of_year(text: Text) -> Iterator[Part]:
    """The number of a week in its year."""
    for node in text.tree.find_all(exp.Extract):
        if node.this.name.upper() == "WEEK":
            yield node


@rule(
    {
        "a month after 28 February 2023 is 31 March, the last day,": "snowflake redshift",
        "it is 28 March": "spark databricks",
        "there is no add_months()": "postgres bigquery duckdb trino",
    },
    "date + interval '1' month",
)
def month_steps(text: Text) -> Iterator[Part]:
    """Months added by add_months()."""
    return text.calls("add_months")


@rule(
    {
        "the unit stands inside of the quotes or behind them": "postgres redshift duckdb spark databricks",
        "it stands inside": "snowflake",
        "it stands behind them": "trino bigquery",
    },
    "the dialect's own form, through dbt.dateadd()",
)
def interval_text(text: Text) -> Iterator[Part]:
    """An interval with its unit inside of the quotes."""
    for token, following in text.pairs():
        if (
            token.text.upper() == "INTERVAL"
            and following.token_type.name == "STRING"
            and re.search("[a-zA-Z]", following.text)
        ):
            yield token


@rule(
    {
        "the number needs no quotes": "bigquery duckdb spark databricks",
        "it needs them": "postgres redshift snowflake trino",
    },
    "the dialect's own form, through dbt.dateadd()",
)
def interval_number(text: Text) -> Iterator[Part]:
    """An interval whose number is not between quotes."""
    for token, following in text.pairs():
        if token.text.upper() == "INTERVAL" and following.token_type.name == "NUMBER":
            yield token


@rule(
    {
        "this is a whole number of days": "postgres redshift snowflake duckdb",
        "it is an interval": "bigquery trino spark databricks",
    },
    "dbt.datediff(), in days",
)
def date_subtraction(text: Text) -> Iterator[Part]:
    """A date taken from a date."""
    for node in text.tree.find_all(exp.Sub):
        if _is_day(node.left) and _is_day(node.right):
            yield node


@rule(
    {
        "a whole number counts as days": "postgres redshift snowflake duckdb bigquery spark databricks",
        "this fails": "trino",
    },
    "dbt.dateadd(), in days",
)
def date_and_number(text: Text) -> Iterator[Part]:
    """A whole number added to a date."""
    for node in text.tree.find_all(exp.Add, exp.Sub):
        if _is_day(node.left) and whole_number(node.right.unnest()) is not None:
            yield node


def _is_day(node: exp.Expr) -> bool:
    """Whether a part is seen to be a date."""
    node = node.unnest()
    if isinstance(node, exp.Cast):
        return bool(node.to.this is exp.DataType.Type.DATE)
    return isinstance(node, exp.CurrentDate | exp.Date | exp.TsOrDsToDate)


def _written_week(text: Text) -> bool:
    """Whether `week` stands there by itself: BigQuery's week(monday) says its day."""
    pairs = zip(text.tokens, [*text.tokens[1:], None], strict=False)
    return any(
        token.text.upper() == "WEEK" and (after is None or after.text != "(") for token, after in pairs
    )


RULES = (
    week_start,
    day_of_week,
    week_of_year,
    month_steps,
    interval_text,
    interval_number,
    date_subtraction,
    date_and_number,
)
