"""Values out of JSON: what has not the declared type is missing."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal

from tests.oracle.world import Cell, Column

_WHOLE = re.compile(r"^-?[0-9]+$")


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
    written = found if isinstance(found, str) else json.dumps(found, default=str).strip('"')
    if kind == "string":
        return written
    if kind == "boolean":
        return {"true": True, "false": False}.get(written.lower())
    try:
        if kind == "integer":
            return int(written) if _WHOLE.match(written) else None
        if kind == "number":
            return None if isinstance(found, bool) else Decimal(written)
        if kind == "date":
            return date.fromisoformat(written)
        return datetime.fromisoformat(written)
    except (ValueError, ArithmeticError):
        return None
