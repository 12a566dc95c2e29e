"""Values out of JSON: what has not the declared type is missing."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.oracle.world import Cell, Column

_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?")
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = rf"{_DAY}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.]\d{{1,6}})?)?"
_TIMES = {"date": _DAY, "timestamp": _TIME, "timestamptz": _TIME + r"(Z|[-+]\d{2}:\d{2})"}
"""How texts are written that are times."""


def cell(text: str, column: Column) -> Cell:
    """What stands at a column's path, as a cell of the column's type.

    Args:
        text: the JSON.
        column: its path leads from mapping to mapping; its type says what is looked for.
    """
    found = json.loads(text, parse_float=Decimal)
    for key in column.path:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    if column.type == "list":
        is_list = isinstance(found, list)
        return [one for one in found if isinstance(one, str)] if is_list else None
    if found is None or isinstance(found, dict | list):
        return None
    return _scalar(found, column.type)


def _scalar(found: str | bool | int | Decimal, kind: str) -> Cell:
    if kind == "string":
        return _text(found)
    if kind == "boolean":
        return {"true": True, "false": False}.get(str(found).lower())
    if kind in {"integer", "number"}:
        number = _number(found)
        if kind == "number" or number is None:
            return number
        return int(number) if number == int(number) and abs(number) < 2**63 else None
    if not isinstance(found, str) or not re.fullmatch(_TIMES[kind], found):
        return None
    try:
        if kind == "date":
            return date.fromisoformat(found)
        moment = datetime.fromisoformat(found)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _text(found: str | bool | int | Decimal) -> str | None:
    if isinstance(found, str):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(int(found)) if found == int(found) else None


def _number(found: str | bool | int | Decimal) -> Decimal | None:
    if isinstance(found, bool):
        return None
    if isinstance(found, str):
        return Decimal(found) if _NUMBER.fullmatch(found) else None
    return Decimal(found)
