"""Plain scalars by the YAML 1.2 core schema, except that numbers with a fraction keep their exact decimals.

`on`, `NO`, `yes` and `2026-01-01` are text; only `true` and `false` are booleans. Source: YAML 1.2.2,
chapter 10.3 (Core Schema).
"""

from __future__ import annotations

import re
from decimal import Decimal

INTEGER = re.compile(r"[-+]?[0-9]+\Z")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
OTHER_BASE = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")

DIGITS = 38
"""The most digits that a number may have: the widest decimal of the supported warehouses."""

LARGEST_INTEGER = 2**63 - 1
"""Whole numbers in a warehouse are 64 bits wide."""

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER_STARTS = frozenset("0123456789+-.")


def plain_scalar(text: str) -> str | int | bool | Decimal | None:
    """The value of an unquoted scalar.

    Raises:
        ValueError: it is a number that no warehouse can hold exactly (infinite, not a number, too long).
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if INTEGER.match(text) or OTHER_BASE.match(text):
        return _integer(text)
    if FLOAT.match(text):
        return _decimal(text)
    if NOT_FINITE.match(text):
        raise ValueError(f"{text} is not a number that can be compared with")
    return text


def _integer(text: str) -> int:
    if len(text) > DIGITS:
        raise ValueError("a whole number may have 19 digits at most")
    number = int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if abs(number) > LARGEST_INTEGER:
        raise ValueError(f"a whole number may be {LARGEST_INTEGER} at most")
    return number


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    before_the_point = number.adjusted() + 1
    _, digits, _ = number.as_tuple()
    if len(digits) + abs(len(digits) - before_the_point) > DIGITS:
        raise ValueError(f"a number may have {DIGITS} digits at most")
    return number
