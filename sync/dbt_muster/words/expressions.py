"""Expressions, in the SQL that they were written in, less what its layout was."""

from __future__ import annotations

from dbt_muster.specs.meaning import Call, Expression, Type, Value
from dbt_muster.words.operands import operand_words
from dbt_muster.words.voice import Voice

_BETWEEN = frozenset({"and", "or", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||"})


def expression_words(expression: Expression, voice: Voice) -> str:
    """An expression as one line."""
    if isinstance(expression, Value) and expression.type is Type.STRING:
        return "'" + str(expression.value).replace("'", "''") + "'"
    if not isinstance(expression, Call):
        return operand_words(expression, voice)
    parts = [_inner(argument, voice) for argument in expression.arguments]
    match expression.function:
        case "null":
            return "null"
        case "not":
            return f"not {parts[0]}"
        case "negative":
            return f"-{parts[0]}"
        case "is_null":
            return f"{parts[0]} is null"
        case "in":
            return f"{parts[0]} in ({', '.join(parts[1:])})"
        case "cast":
            return f"cast({parts[0]} as {'text' if expression.type is Type.STRING else expression.type})"
        case "date":
            return f"date {parts[0]}"
        case "case":
            pairs = zip(parts[:-1:2], parts[1::2], strict=True)
            return f"case {' '.join(f'when {one} then {other}' for one, other in pairs)} else {parts[-1]} end"
        case operator if operator in _BETWEEN:
            return f" {operator} ".join(parts)
    return f"{expression.function}({', '.join(parts)})"


def _inner(argument: Expression, voice: Voice) -> str:
    said = expression_words(argument, voice)
    between = isinstance(argument, Call) and argument.function in _BETWEEN
    return f"({said})" if between else said
