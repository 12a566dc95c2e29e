"""Values of given rows, fitted to the columns that they stand in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import time
from decimal import Decimal

from dbt_muster.specs.expected import kind_of
from dbt_muster.specs.meaning import Cell, LocalTime, Point, Type
from dbt_muster.specs.points import POINT_EXPECTED, NotATimeError, parse_point
from dbt_muster.specs.resolve.literals import NUMBERS, TIMES, UnfitError, literal, type_of

PLACES = 9
"""Digits after the point that the warehouses' exact decimals have in muster's SQL (`muster_type`)."""

_LIST_EXPECTED = "a list of texts, such as `[news, offers]`"


def cell(value: object, wanted: Type) -> Cell:
    """A value as YAML reads it, as one of a column's type.

    Raises:
        UnfitError: it is of another type.
    """
    if value is None or wanted is Type.UNKNOWN:
        return None
    if wanted is Type.LIST:
        return _texts(value)
    if wanted is Type.JSON:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=float)
    if isinstance(value, list | dict):
        raise UnfitError(f"{kind_of(value)} is not one value", "one value in each column of a row")
    if wanted in TIMES:
        return _time(value, wanted)
    fitted = literal(value, wanted).value
    if wanted is Type.INTEGER and not isinstance(fitted, int):
        raise UnfitError(f"{kind_of(value)} is not a whole number", "a whole number")
    if wanted in NUMBERS and isinstance(fitted, Decimal) and -_exponent(fitted) > PLACES:
        raise UnfitError(f"{kind_of(value)} is too fine", f"{PLACES} digits after the point at most")
    return fitted  # type: ignore[return-value]  # a literal is text, a number, true or false


def inferred(values: Iterable[object], *, times: bool) -> Type:
    """The type of a column that no spec declares, from its first value; of numbers, from all.

    Args:
        values: those of the column, as YAML reads them.
        times: whether texts that are all points in time make it a column of times.
    """
    given = [value for value in values if value is not None]
    if not given:
        return Type.UNKNOWN
    if isinstance(given[0], list):
        return Type.LIST
    found = type_of(given[0])
    if found in NUMBERS and any(type_of(value) is Type.NUMBER for value in given):
        return Type.NUMBER
    if found is Type.STRING and times and all(map(_is_point, given)):
        return Type.TIMESTAMP
    return found


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UnfitError(f"{kind_of(value)} is not a list", _LIST_EXPECTED)
    for item in value:
        if not isinstance(item, str):
            raise UnfitError(f"this list holds {kind_of(item)}, which is not text", _LIST_EXPECTED)
    return tuple(value)


def _time(value: object, wanted: Type) -> Point:
    if not isinstance(value, str):
        raise UnfitError(f"{kind_of(value)} is not a time", POINT_EXPECTED)
    try:
        point = parse_point(value)
    except NotATimeError as error:
        suggestion = error.suggestion.strip("`") if error.suggestion else None
        raise UnfitError(error.message, error.expected, suggestion) from error
    has_time_of_day = isinstance(point, LocalTime) and point.local.time() != time(0)
    if wanted is Type.DATE and has_time_of_day:
        raise UnfitError(f"`{value}` has a time of day, and the column holds dates", "a date alone")
    return point


def _is_point(value: object) -> bool:
    try:
        return isinstance(value, str) and parse_point(value) is not None
    except NotATimeError:
        return False


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
