"""Casts, and values that are taken for another type by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text, text_of, whole_number

_SMALL = (exp.DataType.Type.INT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT)
_DIGIT = re.compile("[0-9]")
_DAYS = exp.DataType.TEMPORAL_TYPES - {exp.DataType.Type.TIME, exp.DataType.Type.TIMETZ}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?")
_DECIMALS = frozenset({"DECIMAL", "NUMERIC", "NUMBER", "DEC"})
_TRUTHS = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)


@rule(
    {
        "int has 32 bits": "postgres redshift duckdb trino spark databricks",
        "int has 64 bits": "bigquery",
        "int has 38 digits": "snowflake",
    },
    "a cast to bigint",
)
def integer_width(text: Text) -> Iterator[Part]:
    """A cast to an integer of few bits."""
    for cast in text.tree.find_all(exp.Cast):
        if cast.to.this in _SMALL and whole_number(cast.this) is None:
            yield cast


@rule(
    {
        "2.5 becomes 2": "spark databricks",
        "2.5 becomes 3": "postgres snowflake bigquery trino",
        "2.5 becomes 3, and 2 where it is a double,": "duckdb",
    },
    "floor(), ceil() or round() before the cast",
)
def cast_rounding(text: Text) -> Iterator[Part]:
    """A cast of what may be a fraction to a whole number."""
    for cast in text.tree.find_all(exp.Cast):
        if cast.to.this in (*_SMALL, exp.DataType.Type.BIGINT) and _may_be_fraction(cast.this.unnest()):
            yield cast


@rule(
    {
        "every digit is kept": "postgres",
        "three digits after the point are kept": "duckdb",
        "nine digits after the point are kept": "bigquery",
        "no digit after the point is kept": "snowflake redshift spark databricks trino",
    },
    "the digits too: decimal(18, 2)",
)
def bare_decimal(text: Text) -> Iterator[Part]:
    """A cast to a decimal that does not say how many digits it has."""
    before = ""
    for token, following in text.pairs():
        if token.text.upper() in _DECIMALS and before in ("AS", "::") and following.text != "(":
            yield token
        before = token.text.upper()


@rule(
    {
        "what is longer is cut": "postgres trino",
        "what is longer is cut, and bytes are counted,": "redshift",
        "the length is passed over": "duckdb spark databricks",
        "what is longer fails": "snowflake bigquery",
    },
    "a cast to text without a length, and left() or substr() of it",
)
def text_length(text: Text) -> Iterator[Part]:
    """A cast to a text of some length."""
    for cast in text.tree.find_all(exp.Cast):
        if cast.to.this in exp.DataType.TEXT_TYPES and cast.to.expressions:
            yield cast


@rule(
    {
        "this is taken month first, unless a setting says otherwise,": "postgres redshift snowflake",
        "it is no date": "duckdb bigquery trino spark databricks",
    },
    "the form that all read, date '2026-01-31'",
)
def date_form(text: Text) -> Iterator[Part]:
    """A text that is cast to a date and not in ISO's form."""
    for cast in text.tree.find_all(exp.Cast):
        written = text_of(cast.this) or ""
        if cast.to.this in _DAYS and _DIGIT.search(written) and not _ISO.fullmatch(written):
            yield cast


@rule(
    {
        "'5' + 1 is 6": "postgres redshift snowflake spark databricks",
        "'5' + 1 fails": "bigquery trino duckdb",
    },
    "|| to join texts; a cast to a number to calculate",
)
def text_arithmetic(text: Text) -> Iterator[Part]:
    """A text between signs of arithmetic; `+` joins texts on no warehouse."""
    for node in text.tree.find_all(exp.Add, exp.Mul, exp.Div):
        if any(text_of(side.unnest()) is not None for side in (node.left, node.right)):
            yield node


@rule(
    {
        "true counts as 1": "snowflake",
        "true counts as 1 beside `=` alone": "duckdb spark databricks",
        "true is no number": "postgres redshift bigquery trino",
    },
    "case when … then 1 else 0 end",
)
def truth_as_number(text: Text) -> Iterator[Part]:
    """True or false taken as a number."""
    for node in text.tree.find_all(exp.Add, exp.Sub, exp.Mul, exp.EQ, exp.NEQ):
        sides = (node.left.unnest(), node.right.unnest())
        if any(isinstance(side, _TRUTHS) for side in sides) and (
            isinstance(node, exp.Add | exp.Sub | exp.Mul)
            or any(whole_number(side) is not None for side in sides)
        ):
            yield node


@rule(
    {
        "`::` is a cast": "postgres redshift duckdb snowflake databricks",
        "there is no `::`": "bigquery trino",
    },
    "cast(… as …)",
)
def cast_operator(text: Text) -> Iterator[Part]:
    """A cast by an operator."""
    return text.words("::")


def _may_be_fraction(node: exp.Expr) -> bool:
    if isinstance(node, exp.Literal):
        return not node.is_string and not node.name.isdigit()
    if isinstance(node, exp.Mul | exp.Add | exp.Sub):
        return _may_be_fraction(node.left.unnest()) or _may_be_fraction(node.right.unnest())
    return isinstance(node, exp.Div | exp.Avg | exp.Sqrt | exp.Ln) or (
        isinstance(node, exp.Cast)
        and node.to.this not in (*_SMALL, exp.DataType.Type.BIGINT)
        and node.to.this in exp.DataType.NUMERIC_TYPES
    )


RULES = (
    integer_width,
    cast_rounding,
    bare_decimal,
    text_length,
    date_form,
    text_arithmetic,
    truth_as_number,
    cast_operator,
)
