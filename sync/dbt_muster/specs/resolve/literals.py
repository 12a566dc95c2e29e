"""Literal values, fitted to the type that they are compared with."""

from __future__ import annotations

from decimal import Decimal

from dbt_muster.specs.expected import kind_of
from dbt_muster.specs.meaning import Type, Value

TIMES = frozenset({Type.DATE, Type.TIMESTAMP, Type.TIMESTAMPTZ})
NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})

TYPE_WORDS = {
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
    Type.UNKNOWN: "of a type that is not declared",
}


class UnfitError(ValueError):
    """A literal is not of the type that it is compared with; says what was expected, and what was meant."""

    def __init__(self, message: str, expected: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.suggestion = suggestion


def literal(value: object, wanted: Type) -> Value:
    """A literal as a value of the wanted type; of its own type where none is declared.

    Raises:
        UnfitError: the literal is of another type.
    """
    own = type_of(value)
    if wanted is Type.UNKNOWN:
        return Value(number(value) if own in NUMBERS else value, own)
    if wanted in NUMBERS and own in NUMBERS:
        return Value(number(value), own if own is Type.NUMBER else wanted)
    if own is wanted:
        return Value(value, own)
    raise UnfitError(
        f"{kind_of(value)} is not {TYPE_WORDS[wanted]}", TYPE_WORDS[wanted], _meant(value, wanted)
    )


def type_of(value: object) -> Type:
    """The type of a literal as YAML reads it."""
    if isinstance(value, bool):
        return Type.BOOLEAN
    if isinstance(value, int):
        return Type.INTEGER
    if isinstance(value, Decimal):
        return Type.INTEGER if value == value.to_integral_value() else Type.NUMBER
    return Type.STRING


def number(value: object) -> object:
    """A number in its one form: an int where it is whole, otherwise a Decimal without closing zeros."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value


def _meant(value: object, wanted: Type) -> str | None:
    if wanted is Type.STRING:
        return f"'{str(value).lower() if isinstance(value, bool) else value}'"
    if wanted is Type.BOOLEAN and isinstance(value, str):
        return {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}.get(
            value.lower(), value.lower() if value.lower() in ("true", "false") else None
        )
    if wanted in NUMBERS and isinstance(value, str):
        plain = value.replace(",", "").replace("_", "").lstrip("$£€")
        if plain.replace(".", "", 1).isascii() and plain.replace(".", "", 1).isdigit():
            return plain
    return None
