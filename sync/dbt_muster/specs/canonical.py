"""One text for one meaning: the canonical JSON of the frozen classes of `meaning`, and digests of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import PurePath
from typing import Any


def canonical(value: object) -> Any:
    """A value as plain JSON types; a class is a mapping of its fields, with its name under `is`.

    Positions are left out, whole decimals are whole numbers, other decimals are their plain text.

    Raises:
        TypeError: the value is of a class that has no canonical form.
    """
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return value
    if kind is tuple or kind is list:
        return [canonical(item) for item in value]  # type: ignore[attr-defined]
    if is_dataclass(value):
        form: dict[str, Any] = {"is": kind.__name__}
        for name in _fields(kind):
            form[name] = canonical(getattr(value, name))
        return form
    if isinstance(value, dict):
        return {str(key): canonical(item) for key, item in value.items()}
    return _scalar(value)


def _scalar(value: object) -> Any:
    if isinstance(value, Decimal):
        return (
            int(value) if value == value.to_integral_value() else {"decimal": format(value.normalize(), "f")}
        )
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    if isinstance(value, set | frozenset):
        return sorted(canonical(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields that say what a value means: not where it was written."""
    return tuple(field.name for field in fields(kind) if field.compare and field.type != "Position")


def canonical_json(value: object) -> str:
    """The canonical JSON text of a value: keys in order, no spaces, every character as itself."""
    return json.dumps(canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """The sha256 of a value's canonical JSON, as lowercase hex."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()
