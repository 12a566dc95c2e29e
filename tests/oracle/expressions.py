"""SQL expressions, evaluated over sqlglot's tree: three-valued, with exact fractions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlglot
from sqlglot import exp

from tests.oracle import points

_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?")
Value = Any
"""A text, a fraction, a boolean, an instant in UTC, or None where it is unknown."""
ReadName = Callable[[str], Value]


def evaluate(text: str, read: ReadName, clock: points.Clock) -> Value:
    """What an expression comes to.

    Args:
        text: the expression, as a spec has it.
        read: the value of an attribute or of a trait.
        clock: its zone says when days begin.
    """
    return _Evaluator(read, clock).value(sqlglot.parse_one(text))


class _Evaluator:
    def __init__(self, read: ReadName, clock: points.Clock) -> None:
        self.read = read
        self.clock = clock

    def value(self, node: Any) -> Value:
        """The value of a part."""
        special = getattr(self, f"_{type(node).__name__.lower()}", None)
        if special is not None:
            return special(node)
        function = _STRICT[type(node)]
        inputs = [self.value(child) for child in _children(node)]
        return None if any(one is None for one in inputs) else function(*inputs)

    def _column(self, node: exp.Column) -> Value:
        return self.read(node.name)

    def _literal(self, node: exp.Literal) -> Value:
        return node.this if node.is_string else Fraction(node.this)

    def _boolean(self, node: exp.Boolean) -> Value:
        return node.this

    def _null(self, _node: exp.Null) -> Value:
        return None

    def _paren(self, node: exp.Paren) -> Value:
        return self.value(node.this)

    def _and(self, node: exp.And) -> Value:
        return _all(self.value(node.left), self.value(node.right))

    def _or(self, node: exp.Or) -> Value:
        both = _all(_not(self.value(node.left)), _not(self.value(node.right)))
        return _not(both)

    def _not(self, node: exp.Not) -> Value:
        return _not(self.value(node.this))

    def _is(self, node: exp.Is) -> Value:
        if isinstance(node.expression, exp.Null):
            return self.value(node.this) is None
        return self.value(node.this) is self.value(node.expression)

    def _in(self, node: exp.In) -> Value:
        left = self.value(node.this)
        equal = [_compared(left, self.value(one), lambda a, b: a == b) for one in node.expressions]
        return True if True in equal else None if None in equal else False

    def _between(self, node: exp.Between) -> Value:
        value = self.value(node.this)
        low = _compared(self.value(node.args["low"]), value, lambda a, b: a <= b)
        high = _compared(value, self.value(node.args["high"]), lambda a, b: a <= b)
        return _all(low, high)

    def _case(self, node: exp.Case) -> Value:
        for branch in node.args["ifs"]:
            condition: Value = self.value(branch.this)
            if node.this is not None:
                condition = _compared(self.value(node.this), condition, lambda a, b: a == b)
            if condition is True:
                return self.value(branch.args["true"])
        default = node.args.get("default")
        return None if default is None else self.value(default)

    def _coalesce(self, node: exp.Coalesce) -> Value:
        found = (self.value(one) for one in (node.this, *node.expressions))
        return next((one for one in found if one is not None), None)

    def _nullif(self, node: exp.Nullif) -> Value:
        value = self.value(node.this)
        return None if value == self.value(node.expression) else value

    def _cast(self, node: exp.Cast) -> Value:
        value = self.value(node.this)
        if value is None:
            return None
        kind = node.to.this
        if kind == exp.DataType.Type.DATE:
            return _written_day(value, self.clock) if isinstance(value, str) else _day(value, self.clock)
        if kind in exp.DataType.TEXT_TYPES:
            return _text(value)
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            return None
        number = Fraction(value)
        return Fraction(_rounded(number, 0)) if kind in exp.DataType.INTEGER_TYPES else number


def _children(node: exp.Expression) -> list[exp.Expression]:
    """The parts of a node, in the order in which they are written."""
    found: list[exp.Expression] = []
    for name in node.arg_types:
        given = node.args.get(name)
        found.extend(
            given if isinstance(given, list) else [given] if isinstance(given, exp.Expression) else []
        )
    return found


def _not(value: Value) -> Value:
    return None if value is None else not value


def _all(left: Value, right: Value) -> Value:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _compared(left: Value, right: Value, operator: Callable[[Any, Any], bool]) -> Value:
    return None if left is None or right is None else operator(left, right)


def _remainder(left: Fraction, right: Fraction) -> Fraction | None:
    """With the sign of what is divided."""
    return left - right * math.trunc(left / right) if right else None


def _rounded(value: Fraction, places: Fraction | int = 0) -> Fraction:
    """Halves away from zero."""
    scaled = abs(value) * Fraction(10) ** int(places)
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole) / Fraction(10) ** int(places)


def _substring(text: str, start: Fraction, length: Fraction | None = None) -> str:
    first = int(start) - 1
    end = len(text) if length is None else first + int(length)
    return text[max(first, 0) : max(end, 0)]


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(int(value))
    assert isinstance(value, str), value
    return value


def _written_day(text: str, clock: points.Clock) -> datetime | None:
    try:
        return points.point(text, clock) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _day(moment: datetime, clock: points.Clock) -> datetime:
    return points.local_midnight(points.to_local(moment, clock.zone).date(), clock.zone)


_STRICT: dict[type[exp.Expression], Callable[..., Value]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: a / b if b else None,
    exp.Mod: _remainder,
    exp.Neg: lambda a: -a,
    exp.DPipe: lambda a, b: a + b,
    exp.Lower: lambda a: a.lower(),
    exp.Upper: lambda a: a.upper(),
    exp.Trim: lambda a: a.strip(" "),
    exp.Length: lambda a: Fraction(len(a)),
    exp.Substring: _substring,
    exp.Replace: lambda a, b, c: a.replace(b, c) if b else a,
    exp.Abs: abs,
    exp.Round: _rounded,
    exp.Floor: lambda a: Fraction(math.floor(a)),
    exp.Ceil: lambda a: Fraction(math.ceil(a)),
    exp.Greatest: max,
    exp.Least: min,
}
"""What is unknown where any part of it is."""
