"""Expressions in SQL: text becomes the frozen classes of `meaning`, or a mistake at a column of the text."""

from dbt_muster.specs.expressions.mistakes import ExpressionError
from dbt_muster.specs.expressions.reading import Names, names_in, read

__all__ = ["ExpressionError", "Names", "names_in", "read"]
