"""Numbers: division, remainders, widths, and what a fraction is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.reading import Hit, Text, hit, whole_number

_FRACTIONS = (exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE)
_EXACT = (exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL, exp.DataType.Type.DECFLOAT)
_WHOLE = (exp.DataType.Type.INT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT)


def integer_division(text: Text) -> Iterator[Hit]:
    """7 / 2 where both may be whole numbers."""
    for division in text.tree.find_all(exp.Div):
        if not any(_has_fraction(side) for side in (division.left, division.right)):
            yield hit(
                "integer_division",
                text,
                division,
                "of whole numbers this is one too: 7 / 2 is 3 on postgres, redshift and trino, "
                "and 3.5 on duckdb, snowflake, bigquery, spark and databricks",
                "a cast of one side to a decimal or double, or floor() around the division",
            )


def division_by_zero(text: Text) -> Iterator[Hit]:
    """A divisor that may be zero."""
    for division in text.tree.find_all(exp.Div, exp.IntDiv):
        divisor = division.right.unnest()
        if isinstance(divisor, exp.Nullif) or _is_not_zero(divisor):
            continue
        yield hit(
            "division_by_zero",
            text,
            division,
            "by zero this fails on postgres, snowflake, bigquery, redshift and, for exact numbers, trino; "
            "spark without ANSI mode gives null, and duckdb no error",
            f"nullif({divisor.sql(dialect=text.dialect)}, 0) as the divisor",
        )


def modulo(text: Text) -> Iterator[Hit]:
    """A remainder: its sign is the dividend's everywhere, its operator and its zero are not."""
    for token in text.tokens:
        if token.text == "%" and text.dialect != "bigquery":
            yield Hit(
                "modulo",
                "bigquery has no operator `%`; of negatives the remainder keeps the sign of the dividend "
                "(-7 % 3 is -1) on all warehouses",
                "%",
                "mod(a, b); mod(mod(a, b) + b, b) for one that is never negative",
                token.line,
            )
    for name, token in text.calls():
        if name == "pmod":
            message = "only spark and databricks have pmod(); the mod() of the others can be negative"
            yield Hit("modulo", message, token.text, "mod(mod(a, b) + b, b)", token.line)


def float_equality(text: Text) -> Iterator[Hit]:
    """Fractions that are compared for being the same."""
    for comparison in text.tree.find_all(exp.EQ, exp.NEQ):
        if any(_computes_fraction(side) for side in (comparison.left, comparison.right)):
            yield hit(
                "float_equality",
                text,
                comparison,
                "0.1 + 0.2 = 0.3 holds on postgres, duckdb, snowflake, redshift, trino and spark, where "
                "these are exact numbers, and not on bigquery, where they are floating-point; as doubles it "
                "holds nowhere",
                "a comparison with a tolerance, abs(a - b) < 0.0001, or a cast of both to one decimal type",
            )


def integer_width(text: Text) -> Iterator[Hit]:
    """A cast to an integer type of few bits."""
    for cast in text.tree.find_all(exp.Cast):
        if cast.to.this in _WHOLE and whole_number(cast.this) is None:
            yield hit(
                "integer_width",
                text,
                cast,
                "int has 32 bits on postgres, redshift, duckdb, trino, spark and databricks, 64 on bigquery "
                "and 38 digits on snowflake; of 2.5 it makes 2 on spark and databricks, and 3 on postgres, "
                "snowflake, bigquery and trino",
                "a cast to bigint, of floor(), ceil() or round() of the value",
            )


def _has_fraction(node: exp.Expr) -> bool:
    """Whether a side is seen to be no whole number."""
    for part in node.walk():
        if isinstance(part, exp.Cast) and part.to.this in (*_FRACTIONS, *_EXACT):
            return True
        if isinstance(part, exp.Avg | exp.Sqrt | exp.Ln | exp.Exp | exp.Stddev):
            return True
        if isinstance(part, exp.Literal) and not part.is_string and not part.name.isdigit():
            return True
    return False


def _is_not_zero(node: exp.Expr) -> bool:
    """Whether a divisor is a number that stands there, and not zero."""
    return isinstance(node, exp.Literal) and not node.is_string and bool(node.name.strip("0.eE+-"))


def _computes_fraction(node: exp.Expr) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Cast):
        return node.to.this in _FRACTIONS
    return isinstance(node, exp.Add | exp.Sub | exp.Mul) and any(
        isinstance(part, exp.Literal) and "." in part.name and not part.is_string for part in node.walk()
    )


RULES = (integer_division, division_by_zero, modulo, float_equality, integer_width)
