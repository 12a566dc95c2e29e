"""Reads an expression: sqlglot parses it, and each part that is known becomes a part of the meaning."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from dbt_muster.specs.expressions.functions import BINARY, INSTEAD, KNOWN, SEVERAL, UNARY
from dbt_muster.specs.expressions.mistakes import ExpressionError, at
from dbt_muster.specs.expressions.types import NUMBERS, SINGLE, TAKES, agreed, gives
from dbt_muster.specs.meaning import Attribute, Call, Expression, TraitValue, Type, Value

Names = Callable[[str], Attribute | TraitValue]
"""The attribute or the trait of a name; raises ExpressionError where there is none."""

WORDS = {
    Type.STRING: "text",
    Type.INTEGER: "a whole number",
    Type.NUMBER: "a number",
    Type.BOOLEAN: "true or false",
    Type.DATE: "a date",
    Type.TIMESTAMP: "a time",
    Type.TIMESTAMPTZ: "a time",
    Type.LIST: "a list",
    Type.LOCATION: "a location",
    Type.JSON: "JSON",
}
_ONE = "one expression, such as `lower(country) = 'gb' and lifetime_value > 100`"
_NULL = Call("null", (), Type.UNKNOWN)
_CASTS = {
    **dict.fromkeys(exp.DataType.TEXT_TYPES, Type.STRING),
    **dict.fromkeys((exp.DataType.Type.INT, exp.DataType.Type.BIGINT), Type.INTEGER),
    exp.DataType.Type.DECIMAL: Type.NUMBER,
    exp.DataType.Type.DATE: Type.DATE,
}


def read(text: str, names: Names) -> Expression:
    """What an expression means.

    Args:
        text: the expression, in plain SQL.
        names: finds the attribute or the trait of a name.

    Raises:
        ExpressionError: it is no expression, or has something in it that expressions do not have, or the
            types of its parts do not fit.
    """
    try:
        return _Reader(text, names).part(_parsed(text))
    except RecursionError as error:
        raise ExpressionError("this expression is nested too deeply", "traits for parts of it") from error


def names_in(text: str) -> set[str]:
    """The names in an expression; none in a text that is no expression."""
    try:
        return {column.name for column in _parsed(text).find_all(exp.Column)}
    except (ExpressionError, RecursionError):
        return set()


def _parsed(text: str) -> exp.Expr:
    try:
        trees = Dialect().parse_into(exp.Condition, text)
    except SqlglotError as error:
        found = getattr(error, "errors", None) or [{}]
        end, near = found[0].get("col"), found[0].get("highlight") or ""
        place = f" at column {max(1, end - len(near) + 1)}, near `{near}`" if end else ""
        raise ExpressionError(f"this is not an expression{place}", _ONE) from error
    if len(trees) != 1 or trees[0] is None:
        message = "nothing stands here" if not any(trees) else "several expressions stand here"
        raise ExpressionError(message, _ONE)
    return trees[0]


class _Reader:
    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names

    def part(self, node: exp.Expr) -> Expression:
        """One part of the expression, with everything in it."""
        kind = type(node)
        said = {name for name, value in node.args.items() if value not in (None, False, [])}
        if kind not in _READ or said - _READ[kind] - _FLAGS:
            raise self.unknown(node)
        if kind in BINARY:
            parts = [node.this, node.args["expression"]]
            return self.call(BINARY[kind], parts, node)
        if kind in UNARY:
            return self.call(UNARY[kind], [node.this], node)
        if kind in SEVERAL:
            return self.call(SEVERAL[kind], [node.this, *node.expressions], node)
        found: Expression = getattr(self, f"_{kind.__name__.lower()}")(node)
        return found

    def unknown(self, node: exp.Expr) -> ExpressionError:
        """Something that expressions do not have."""
        instead = next((words for kind, words in INSTEAD.items() if isinstance(node, kind)), KNOWN)
        return ExpressionError(f"{at(node, self.text)} is not a part of these expressions", instead)

    def call(self, function: str, parts: Sequence[exp.Expr], node: exp.Expr) -> Call:
        """A function over parts whose types must fit it, and each other."""
        arguments = tuple(self.part(part) for part in parts)
        for part, argument in zip(parts, arguments, strict=True):
            self.fit(part, argument, TAKES[function], function)
        self.agree(parts, arguments, node)
        return Call(function, arguments, gives(function, [argument.type for argument in arguments]))

    def fit(self, part: exp.Expr, argument: Expression, wanted: frozenset[Type], function: str) -> None:
        """Refuses an argument of a type that a function does not take."""
        if argument == _NULL and function not in ("coalesce", "case"):
            raise ExpressionError(
                f"{at(part, self.text)} makes the whole of it null", "`is null` or `is not null`"
            )
        if argument.type is Type.UNKNOWN or argument.type in wanted:
            return
        words = function.replace("_", " ")
        raise ExpressionError(
            f"{at(part, self.text)} is {WORDS[argument.type]}, which `{words}` does not take",
            " or ".join(dict.fromkeys(WORDS[kind] for kind in Type if kind in wanted)),
        )

    def agree(self, parts: Sequence[exp.Expr], arguments: Sequence[Expression], node: exp.Expr) -> Type:
        """The type that all of the values have; refuses several of different types."""
        common = agreed(argument.type for argument in arguments)
        if common is not None:
            return common
        known = [
            (f"{at(part, self.text)} is {WORDS[one.type]}", one.type)
            for part, one in zip(parts, arguments, strict=True)
            if one.type is not Type.UNKNOWN
        ]
        said, first = known[0]
        other = next(words for words, kind in known if agreed([first, kind]) is None)
        message = f"{said}, and {other}"
        raise ExpressionError(message, "values of one type; `cast(… as …)` makes one of another")

    # --- one function a kind of part ---

    def _paren(self, node: exp.Paren) -> Expression:
        return self.part(node.this)

    def _column(self, node: exp.Column) -> Expression:
        if node.table or not isinstance(node.this, exp.Identifier):
            message = f"{at(node, self.text)} names a table"
            raise ExpressionError(message, "the name of an attribute or a trait alone")
        try:
            found = self.names(node.name)
        except ExpressionError as error:
            message = f"{at(node, self.text)}: {error.message}"
            raise ExpressionError(message, error.expected, error.suggestion) from error
        if found.type is not Type.UNKNOWN and found.type not in SINGLE:
            message = f"{at(node, self.text)} is {WORDS[found.type]}, which expressions cannot hold"
            raise ExpressionError(message, "a condition of its own")
        return found

    def _literal(self, node: exp.Literal) -> Expression:
        if node.is_string:
            return Value(node.name, Type.STRING)
        try:
            number = Decimal(node.name)
        except ArithmeticError as error:
            raise self.unknown(node) from error
        if number == number.to_integral_value():
            return Value(int(number), Type.INTEGER) if abs(number) < 2**63 else self._refuse_number(node)
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and exponent < -9:
            return self._refuse_number(node)
        return Value(number.normalize(), Type.NUMBER)

    def _refuse_number(self, node: exp.Expr) -> Expression:
        raise ExpressionError(
            f"{at(node, self.text)} is too large or too fine", "nine digits after the point at most"
        )

    def _boolean(self, node: exp.Boolean) -> Expression:
        return Value(bool(node.this), Type.BOOLEAN)

    def _null(self, node: exp.Null) -> Expression:
        return _NULL

    def _is(self, node: exp.Is) -> Expression:
        if not isinstance(node.expression, exp.Null):
            raise ExpressionError(
                f"{at(node, self.text)} is not a part of these expressions", "`is null`, or `=`"
            )
        return self.call("is_null", [node.this], node)

    def _between(self, node: exp.Between) -> Expression:
        low = self.call(">=", [node.this, node.args["low"]], node)
        high = self.call("<=", [node.this, node.args["high"]], node)
        return Call("and", (low, high), Type.BOOLEAN)

    def _in(self, node: exp.In) -> Expression:
        if not node.expressions:
            raise ExpressionError(f"{at(node, self.text)} looks into a table", "a list of values in brackets")
        return self.call("in", [node.this, *node.expressions], node)

    def _case(self, node: exp.Case) -> Expression:
        conditions: list[Expression] = []
        parts: list[exp.Expr] = []
        for branch in node.args["ifs"]:
            if node.this is None:
                condition = self.part(branch.this)
                self.fit(branch.this, condition, TAKES["and"], "case when")
            else:
                condition = self.call("=", [node.this, branch.this], node)
            conditions.append(condition)
            parts.append(branch.args["true"])
        parts.append(node.args.get("default") or exp.Null())
        values = [self.part(part) for part in parts]
        kind = self.agree(parts, values, node)
        pairs = [item for pair in zip(conditions, values, strict=False) for item in pair]
        return Call("case", (*pairs, values[-1]), kind)

    def _trim(self, node: exp.Trim) -> Expression:
        return self.call("trim", [node.this], node)

    def _substring(self, node: exp.Substring) -> Expression:
        for name, least in (("start", 1), ("length", 0)):
            part = node.args.get(name)
            if part is not None and not (
                isinstance(part, exp.Literal) and part.is_int and int(part.name) >= least
            ):
                message = f"{at(node, self.text)} has a {name} that warehouses read differently"
                raise ExpressionError(message, f"a whole number that is written down, {least} or more")
        if node.args.get("start") is None:
            raise self.unknown(node)
        text = self.call("substring", [node.this], node)
        ends = [self.part(part) for part in (node.args["start"], node.args.get("length")) if part is not None]
        return Call("substring", (*text.arguments, *ends), Type.STRING)

    def _replace(self, node: exp.Replace) -> Expression:
        looked_for = node.expression
        if not (isinstance(looked_for, exp.Literal) and looked_for.is_string and looked_for.name):
            message = f"{at(node, self.text)} looks for something that warehouses read differently"
            raise ExpressionError(message, "a text that is written down, and is not empty")
        if node.args.get("replacement") is None:
            raise self.unknown(node)
        return self.call("replace", [node.this, looked_for, node.args["replacement"]], node)

    def _round(self, node: exp.Round) -> Expression:
        places = node.args.get("decimals")
        if places is not None and not (
            isinstance(places, exp.Literal) and places.is_int and int(places.name) <= 9
        ):
            raise ExpressionError(
                f"{at(node, self.text)} has no number of places", "a whole number from 0 to 9"
            )
        number = self.call("round", [node.this], node)
        if places is None or int(places.name) == 0:
            return Call("round", number.arguments, Type.INTEGER)
        return Call("round", (*number.arguments, Value(int(places.name), Type.INTEGER)), Type.NUMBER)

    def _cast(self, node: exp.Cast) -> Expression:
        wanted = _CASTS.get(node.to.this)
        if wanted is None or node.to.expressions:
            message = f"{at(node, self.text)} has a type that warehouses read differently"
            raise ExpressionError(message, "`cast(… as text)`, `integer`, `number` or `date`")
        value = self.part(node.this)
        if wanted is Type.DATE and isinstance(value, Value):
            return self._day(node, value)
        takes = {
            Type.STRING: frozenset({Type.STRING, Type.INTEGER, Type.BOOLEAN}),
            Type.INTEGER: NUMBERS | {Type.STRING},
            Type.NUMBER: NUMBERS | {Type.STRING},
            Type.DATE: frozenset({Type.STRING, Type.DATE}),
        }[wanted]
        self.fit(node.this, value, takes, f"cast as {wanted if wanted is not Type.STRING else 'text'}")
        return value if value.type is wanted else Call("cast", (value,), wanted)

    def _day(self, node: exp.Cast, value: Value) -> Expression:
        try:
            datetime.date.fromisoformat(str(value.value))
        except ValueError as error:
            raise ExpressionError(
                f"{at(node, self.text)} is not a day", "a day such as `date '2026-01-31'`"
            ) from error
        return Call("date", (value,), Type.DATE)


_BOTH = frozenset({"this", "expression"})
_READ: dict[type[exp.Expr], AbstractSet[str]] = {
    **dict.fromkeys(BINARY, _BOTH),
    **dict.fromkeys(UNARY, frozenset({"this"})),
    **dict.fromkeys(SEVERAL, frozenset({"this", "expressions"})),
    exp.Paren: {"this"},
    exp.Column: {"this", "table", "db", "catalog"},
    exp.Literal: {"this", "is_string"},
    exp.Boolean: {"this"},
    exp.Null: set(),
    exp.Is: _BOTH,
    exp.Between: {"this", "low", "high"},
    exp.In: {"this", "expressions", "query", "unnest", "field"},
    exp.Case: {"this", "ifs", "default"},
    exp.Trim: {"this"},
    exp.Substring: {"this", "start", "length"},
    exp.Replace: {"this", "expression", "replacement"},
    exp.Round: {"this", "decimals"},
    exp.Cast: {"this", "to"},
}
"""Which parts of each kind are read; one that says more, such as `trim(leading …)`, is refused."""

_FLAGS = {"safe", "ignore_nulls"}
"""What sqlglot notes by itself."""
