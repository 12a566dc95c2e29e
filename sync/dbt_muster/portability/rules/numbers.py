"""Numbers: division, remainders, widths, and what a fraction is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import ALL, Found, rule
from dbt_muster.portability.rules.reading import Part, Text

FRACTIONS = (exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE)
EXACT = (exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL, exp.DataType.Type.DECFLOAT)


@rule(
    {
        "of whole numbers this is one too, 7 / 2 is 3,": "postgres redshift trino",
        "7 / 2 is 3.5": "duckdb snowflake bigquery spark databricks",
    },
    "a cast of one side to a decimal or double, or floor() around the division",
)
def integer_division(text: Text) -> Iterator[Part]:
    """A division of what may be whole numbers."""
    for division in text.tree.find_all(exp.Div):
        if not any(has_fraction(side) for side in (division.left, division.right)):
            yield division


@rule(
    {
        "by zero this fails": "postgres snowflake bigquery redshift databricks",
        "by zero this fails for exact numbers, and is infinity for doubles,": "trino",
        "by zero this fails, or gives null where ANSI mode is off,": "spark",
        "by zero this gives infinity": "duckdb",
    },
    "nullif(…, 0) around the divisor",
)
def division_by_zero(text: Text) -> Iterator[Found]:
    """A division by what may be zero."""
    for division in text.tree.find_all(exp.Div, exp.IntDiv):
        divisor = division.right.unnest()
        if not isinstance(divisor, exp.Nullif) and not _is_not_zero(divisor):
            yield Found(division, f"nullif({divisor.sql(dialect=text.dialect)}, 0) as the divisor")


@rule(
    {
        "there is no operator `%`": "bigquery",
        "of negatives the remainder keeps the sign of the dividend (-7 % 3 is -1)": (
            "postgres redshift snowflake duckdb trino spark databricks"
        ),
    },
    "mod(a, b); mod(mod(a, b) + b, b) for one that is never negative",
)
def modulo(text: Text) -> Iterator[Part]:
    """A remainder by an operator."""
    return text.words("%")


@rule(
    {
        "pmod() is never negative": "spark databricks",
        "there is no pmod(), and mod() can be negative,": "postgres redshift snowflake bigquery duckdb trino",
    },
    "mod(mod(a, b) + b, b)",
    code="modulo",
)
def positive_modulo(text: Text) -> Iterator[Part]:
    """A remainder that is never negative."""
    return text.calls("pmod")


@rule(
    {
        "0.1 + 0.2 = 0.3 holds, of exact numbers,": (
            "postgres duckdb snowflake redshift trino spark databricks"
        ),
        "it does not hold, of floating-point numbers,": "bigquery",
    },
    "a comparison with a tolerance, abs(a - b) < 0.0001, or a cast of both to one decimal type",
)
def float_equality(text: Text) -> Iterator[Part]:
    """Fractions that are compared for being the same."""
    for comparison in text.tree.find_all(exp.EQ, exp.NEQ):
        if any(_computes_fraction(side) for side in (comparison.left, comparison.right)):
            yield comparison


@rule(
    {"what a sum of doubles comes to depends on the order of rows": ALL},
    "a comparison with a tolerance, or a cast to a decimal",
    code="float_equality",
)
def double_equality(text: Text) -> Iterator[Part]:
    """Doubles that are compared for being the same."""
    for comparison in text.tree.find_all(exp.EQ, exp.NEQ):
        sides = (comparison.left.unnest(), comparison.right.unnest())
        if any(isinstance(side, exp.Cast) and side.to.this in FRACTIONS for side in sides):
            yield comparison


@rule(
    {
        "log() is the decimal logarithm": "postgres redshift duckdb",
        "log() is the natural one": "bigquery spark databricks",
        "log() wants a base": "snowflake trino",
    },
    "ln(a), divided by ln(10) for the decimal one",
)
def log_base(text: Text) -> Iterator[Part]:
    """A logarithm of no named base."""
    return text.calls("log")


@rule(
    {"each run gives another answer": ALL},
    "muster_slot over a key and a salt, which is the same everywhere and each time",
)
def chance(text: Text) -> Iterator[Part]:
    """Random numbers."""
    return text.tree.find_all(exp.Rand)


@rule(
    {
        "random() is a whole number of 64 bits": "snowflake",
        "it is a fraction from 0 to 1": "postgres redshift duckdb trino spark databricks",
        "it is called rand()": "bigquery",
    },
    "muster_slot over a key and a salt, which is the same everywhere and each time",
    code="chance",
)
def chance_range(text: Text) -> Iterator[Part]:
    """The range of random numbers."""
    return text.tree.find_all(exp.Rand)


def has_fraction(node: exp.Expr) -> bool:
    """Whether a part is seen to be no whole number."""
    for part in node.walk():
        if isinstance(part, exp.Cast) and part.to.this in (*FRACTIONS, *EXACT):
            return True
        if isinstance(part, exp.Avg | exp.Sqrt | exp.Ln | exp.Exp | exp.Stddev):
            return True
        if isinstance(part, exp.Literal) and not part.is_string and not part.name.isdigit():
            return True
    return False


def _is_not_zero(node: exp.Expr) -> bool:
    """Whether a divisor is a number that stands there, and not zero; or the number of a group's rows."""
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Star):
        select = node.find_ancestor(exp.Select)
        return select is not None and select.args.get("group") is not None
    return isinstance(node, exp.Literal) and not node.is_string and bool(node.name.strip("0.eE+-"))


def _computes_fraction(node: exp.Expr) -> bool:
    node = node.unnest()
    return isinstance(node, exp.Add | exp.Sub | exp.Mul) and any(
        isinstance(part, exp.Literal) and "." in part.name and not part.is_string for part in node.walk()
    )


RULES = (
    integer_division,
    division_by_zero,
    modulo,
    positive_modulo,
    float_equality,
    double_equality,
    log_base,
    chance,
    chance_range,
)
