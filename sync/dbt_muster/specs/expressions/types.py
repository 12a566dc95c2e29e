"""The types of expressions: what each function takes, and what it gives."""

from __future__ import annotations

from collections.abc import Iterable

from dbt_muster.specs.meaning import Type

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})
TIMES = frozenset({Type.TIMESTAMP, Type.TIMESTAMPTZ})
ORDERED = NUMBERS | TIMES | {Type.DATE}
TEXT = frozenset({Type.STRING})
TRUTH = frozenset({Type.BOOLEAN})
SINGLE = ORDERED | TEXT | TRUTH

ARITHMETIC = {"+": NUMBERS, "-": NUMBERS, "*": NUMBERS, "/": NUMBERS, "%": NUMBERS}
TAKES: dict[str, frozenset[Type]] = {
    **ARITHMETIC,
    "and": TRUTH,
    "or": TRUTH,
    "not": TRUTH,
    "=": SINGLE,
    "<>": SINGLE,
    "in": SINGLE,
    "<": ORDERED,
    "<=": ORDERED,
    ">": ORDERED,
    ">=": ORDERED,
    "is_null": SINGLE,
    "coalesce": SINGLE,
    "nullif": SINGLE,
    "negative": NUMBERS,
    "||": TEXT,
    "lower": TEXT,
    "upper": TEXT,
    "trim": TEXT,
    "length": TEXT,
    "substring": TEXT,
    "replace": TEXT,
    "abs": NUMBERS,
    "round": NUMBERS,
    "floor": NUMBERS,
    "ceil": NUMBERS,
    "greatest": NUMBERS | {Type.DATE},
    "least": NUMBERS | {Type.DATE},
}
"""The types that the arguments of each function may have; they agree with each other besides."""

_GIVES = {
    **dict.fromkeys(("and", "or", "not", "=", "<>", "in", "<", "<=", ">", ">=", "is_null"), Type.BOOLEAN),
    **dict.fromkeys(("||", "lower", "upper", "trim", "substring", "replace"), Type.STRING),
    **dict.fromkeys(("length", "floor", "ceil"), Type.INTEGER),
    "/": Type.NUMBER,
}


def gives(function: str, arguments: Iterable[Type]) -> Type:
    """The type of what a function gives, from those of its arguments."""
    if function in _GIVES:
        return _GIVES[function]
    common = agreed(arguments) or Type.UNKNOWN
    if common is Type.UNKNOWN and TAKES[function] == NUMBERS:
        return Type.NUMBER
    return common


def agreed(types: Iterable[Type]) -> Type | None:
    """The one type of several values, as far as they are declared; None where they have none in common."""
    found = {Type.TIMESTAMP if kind in TIMES else kind for kind in types} - {Type.UNKNOWN}
    if not found:
        return Type.UNKNOWN
    if found <= NUMBERS:
        return Type.NUMBER if Type.NUMBER in found else Type.INTEGER
    return found.pop() if len(found) == 1 else None
