"""Times: zones, weeks, months, the present, and what a text says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.reading import Hit, Text, hit, text_of, word_hit

_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([ T]\d\d?:\d\d.*)?")
_TIMESTAMPS = (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ)
_ORDERS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_DAYS = frozenset({"DOW", "DAYOFWEEK", "DAY_OF_WEEK", "WEEKDAY"})
_INSTANTS = ("bigquery", "spark", "databricks")
"""Whose type `timestamp` is an instant."""


def week_start(text: Text) -> Iterator[Hit]:
    """The beginning of a week."""
    for node in text.tree.find_all(exp.TimestampTrunc, exp.DateTrunc, exp.DatetimeTrunc):
        unit = node.args.get("unit")
        name = unit.name.upper() if unit is not None else ""
        if name == "WEEK" or (isinstance(unit, exp.WeekStart) and _written_week(text)):
            yield hit(
                "week_start",
                text,
                node,
                "a week begins on Monday on postgres, redshift, duckdb, spark, databricks and trino, on "
                "Sunday on bigquery, and on snowflake as its parameter WEEK_START says",
                "`isoweek` on bigquery; elsewhere `week`, with WEEK_START at 0 or 1",
            )


def day_of_week(text: Text) -> Iterator[Hit]:
    """The number of a day in its week, and of a week in its year."""
    for node in text.tree.find_all(exp.Extract):
        part = node.this.name.upper()
        if part in _DAYS:
            yield _day(text, node)
        if part == "WEEK":
            yield hit(
                "day_of_week",
                text,
                node,
                "week 1 is the one with the year's first Thursday on postgres, redshift, duckdb, spark, "
                "databricks and trino; on bigquery weeks begin on Sunday, and days before the first Sunday "
                "are in week 0",
                "`isoweek` on bigquery; or the date that the week begins on",
            )
    for named in text.tree.find_all(exp.DayOfWeek):
        yield _day(text, named)


def zoneless_time(text: Text) -> Iterator[Hit]:
    """A cast to `timestamp`, which says nothing of its zone."""
    for cast in text.tree.find_all(exp.Cast):
        kind = cast.to.this
        instant = text.dialect in _INSTANTS
        if kind not in _TIMESTAMPS or (kind is exp.DataType.Type.TIMESTAMPTZ) != instant:
            continue
        if text_of(cast.this) is not None or cast.find(exp.AtTimeZone):
            continue
        yield hit(
            "zoneless_time",
            text,
            cast,
            "`timestamp` is a wall-clock time without zone on postgres, redshift, duckdb, trino and, unless "
            "TIMESTAMP_TYPE_MAPPING says otherwise, snowflake; on bigquery, spark and databricks it is an "
            "instant",
            "a type that says which: timestamptz or timestamp_ntz, and `at time zone 'UTC'` between them",
        )


def text_as_date(text: Text) -> Iterator[Hit]:
    """A text that looks like a date, compared as it is."""
    for comparison in text.tree.find_all(*_ORDERS, exp.Between):
        sides = (comparison.this, *(comparison.args.get(arg) for arg in ("expression", "low", "high")))
        if any(_DATE.fullmatch(text_of(side) or "") for side in sides):
            yield hit(
                "text_as_date",
                text,
                comparison,
                "with a date this fails on trino, which converts no text; the others make the text a date, "
                "and beside an instant they take it in the session's zone, by default UTC on bigquery alone",
                "the type before the text, date '2026-01-31', or a cast of it",
            )


def present(text: Text) -> Iterator[Hit]:
    """The moment of the run, which is another one at each run."""
    for node in text.tree.find_all(
        exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentDatetime, exp.Localtimestamp
    ):
        yield hit(
            "present",
            text,
            node,
            "another run gives another answer; the day is that of UTC on bigquery and that of the session's "
            "time zone, on snowflake by default America/Los_Angeles, on the others",
            "a variable of the project, such as var('muster_as_of')",
        )


def date_difference(text: Text) -> Iterator[Hit]:
    """Units between two times."""
    for node in text.tree.find_all(exp.DateDiff, exp.TsOrDsDiff, exp.TimestampDiff, exp.DatetimeDiff):
        unit = node.args.get("unit")
        if unit is None:
            continue
        yield hit(
            "date_difference",
            text,
            node,
            "from 31 January to 1 February is 1 month on snowflake, redshift, bigquery and duckdb, which "
            "count the ends of months passed, and 0 on trino, spark and databricks, which count whole ones; "
            "days and hours of times go the same way; postgres has no such function",
            "the difference of two values of date_trunc() to the unit, or of seconds",
        )


def month_steps(text: Text) -> Iterator[Hit]:
    """add_months(), where the last day of a month is special on some."""
    for name, token in text.calls():
        if name == "add_months":
            yield word_hit(
                "month_steps",
                token,
                "a month after 28 February 2023 is 31 March on snowflake and redshift, which keep to the "
                "last day, and 28 March on spark and databricks; the others have no add_months()",
                "date + interval '1' month",
            )


def interval_text(text: Text) -> Iterator[Hit]:
    """An interval with its unit inside of the quotes."""
    for token, following in zip(text.tokens, text.tokens[1:], strict=False):
        if (
            token.text.upper() == "INTERVAL"
            and following.token_type.name == "STRING"
            and re.search("[a-zA-Z]", following.text)
        ):
            yield Hit(
                "interval_text",
                "trino and bigquery want the unit outside of the quotes: interval '1' month on trino, "
                "interval 1 month on bigquery",
                f"{token.text} '{following.text}'",
                "the dialect's own form, through dbt.dateadd()",
                token.line,
            )


def _day(text: Text, node: exp.Expr) -> Hit:
    return hit(
        "day_of_week",
        text,
        node,
        "Sunday is 0 on postgres, redshift, duckdb and snowflake, 1 on bigquery, spark and databricks, and 7 "
        "on trino",
        "the ISO number, Monday 1 to Sunday 7: `isodow` on postgres and duckdb, `dayofweekiso` on snowflake",
    )


def _written_week(text: Text) -> bool:
    """Whether `week` stands there by itself: BigQuery's week(monday) says its day."""
    pairs = zip(text.tokens, [*text.tokens[1:], None], strict=False)
    return any(
        token.text.upper() == "WEEK" and (after is None or after.text != "(") for token, after in pairs
    )


RULES = (
    week_start,
    day_of_week,
    zoneless_time,
    text_as_date,
    present,
    date_difference,
    month_steps,
    interval_text,
)
