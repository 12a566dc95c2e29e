"""Times: their zones, the present, and how far one is from another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import ALL, rule
from dbt_muster.portability.rules.reading import Part, Text, text_of

_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([ T]\d\d?:\d\d.*)?")
_TIMESTAMPS = (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ)
_ORDERS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_INSTANTS = ("bigquery", "spark", "databricks")
"""Whose type `timestamp` is an instant."""
_PRESENT = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentDatetime, exp.Localtimestamp)
_INSTEAD_OF_PRESENT = "a variable of the project, such as var('muster_as_of')"


@rule(
    {
        "`timestamp` is a wall-clock time without zone": "postgres redshift duckdb trino",
        "so it is unless TIMESTAMP_TYPE_MAPPING says otherwise": "snowflake",
        "it is an instant": "bigquery spark databricks",
    },
    "a type that says which: timestamptz or timestamp_ntz, and a change of zones between them",
)
def zoneless_time(text: Text) -> Iterator[Part]:
    """A cast to `timestamp`, which says nothing of its zone."""
    for cast in text.tree.find_all(exp.Cast):
        kind = cast.to.this
        instant = text.dialect in _INSTANTS
        if kind not in _TIMESTAMPS or (kind is exp.DataType.Type.TIMESTAMPTZ) != instant:
            continue
        if text_of(cast.this) is None and not cast.find(exp.AtTimeZone):
            yield cast


@rule(
    {
        "AT TIME ZONE changes a time's zone": "postgres redshift duckdb trino",
        "there is none: it is convert_timezone()": "snowflake",
        "there is none: it is from_utc_timestamp() and to_utc_timestamp()": "spark databricks",
        "there is none: it is datetime(…, zone) and timestamp(…, zone)": "bigquery",
    },
    "the change of zones in one macro behind adapter.dispatch",
)
def time_zone(text: Text) -> Iterator[Part]:
    """A change of time zones by AT TIME ZONE."""
    return text.tree.find_all(exp.AtTimeZone)


@rule(
    {
        "beside a date this fails": "trino",
        "the text becomes a date, beside an instant in UTC,": "bigquery",
        "the text becomes a date, beside an instant in the session's zone,": (
            "postgres redshift snowflake duckdb spark databricks"
        ),
    },
    "the type before the text, date '2026-01-31', or a cast of it",
)
def text_as_date(text: Text) -> Iterator[Part]:
    """A text that looks like a date, compared as it is."""
    for comparison in text.tree.find_all(*_ORDERS, exp.Between):
        sides = (comparison.this, *(comparison.args.get(arg) for arg in ("expression", "low", "high")))
        if any(_DATE.fullmatch(text_of(side) or "") for side in sides):
            yield comparison


@rule({"another run gives another answer": ALL}, _INSTEAD_OF_PRESENT)
def present(text: Text) -> Iterator[Part]:
    """The moment of the run."""
    return text.tree.find_all(*_PRESENT)


@rule(
    {
        "the day is that of UTC": "bigquery",
        "it is that of America/Los_Angeles, unless the session says otherwise,": "snowflake",
        "it is that of the session's time zone": "postgres redshift duckdb trino spark databricks",
    },
    _INSTEAD_OF_PRESENT,
    code="present",
)
def present_day(text: Text) -> Iterator[Part]:
    """The day of the run, which depends on a time zone."""
    return text.tree.find_all(exp.CurrentDate, exp.CurrentDatetime, exp.Localtimestamp)


@rule(
    {
        "from 31 January to 1 February is 1 month, as the ends of months count,": (
            "snowflake redshift bigquery duckdb"
        ),
        "it is 0, as whole ones count,": "trino spark databricks",
        "there is no such function": "postgres",
    },
    "the difference of two values of date_trunc() to the unit, or of seconds",
)
def date_difference(text: Text) -> Iterator[Part]:
    """Units between two times."""
    for node in text.tree.find_all(exp.DateDiff, exp.TsOrDsDiff, exp.TimestampDiff, exp.DatetimeDiff):
        if node.args.get("unit") is not None:
            yield node


@rule(
    {
        "extract(epoch from …) is a number of seconds": "postgres redshift snowflake duckdb",
        "it is unix_seconds()": "bigquery",
        "it is to_unixtime()": "trino",
        "it is unix_timestamp()": "spark databricks",
    },
    "a difference of two times in seconds, through dbt.datediff()",
)
def epoch(text: Text) -> Iterator[Part]:
    """Seconds since 1970."""
    for node in text.tree.find_all(exp.Extract):
        if node.this.name.upper().startswith("EPOCH"):
            yield node


RULES = (
    zoneless_time,
    time_zone,
    text_as_date,
    present,
    present_day,
    date_difference,
    epoch,
)
