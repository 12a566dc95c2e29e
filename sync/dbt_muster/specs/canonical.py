"""One text for one meaning: the canonical JSON of the frozen classes of `meaning`, and digests of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath

Canonical = str | int | bool | None | list["Canonical"] | dict[str, "Canonical"]
"""What JSON can hold; no float, since those have no one text."""


def canonical(value: object) -> Canonical:
    """A value as plain JSON types.

    A class is a mapping of its name, under `is`, and its fields. A field that holds its default is left
    out, so that a field that is added later changes nothing for who does not use it. Positions are left
    out. Whole decimals are whole numbers; other decimals are `{"decimal": "<plain text>"}`.

    Raises:
        TypeError: the value is of a class that has no canonical form.
    """
    form = _FORMS.get(type(value))
    if form is None:
        form = _FORMS[type(value)] = _form_of(value)
    return form(value)


def canonical_json(value: object) -> str:
    """The canonical JSON text of a value: keys in order, no spaces, every character as itself."""
    return _json(canonical(value))


def digest(written: Canonical) -> str:
    """The sha256 of a canonical form, as lowercase hex."""
    return hashlib.sha256(_json(written).encode("utf-8")).hexdigest()


def _json(written: Canonical) -> str:
    return json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_Form = Callable[..., Canonical]


def _itself(value: Canonical) -> Canonical:
    return value


def _items(value: list[object] | tuple[object, ...]) -> Canonical:
    return [canonical(item) for item in value]


def _mapping(value: dict[object, object]) -> Canonical:
    return {str(key): canonical(item) for key, item in value.items()}


def _decimal(value: Decimal) -> Canonical:
    if value == value.to_integral_value():
        return int(value)
    return {"decimal": format(value.normalize(), "f")}


_FORMS: dict[type, _Form] = {
    str: _itself,
    int: _itself,
    bool: _itself,
    type(None): _itself,
    list: _items,
    tuple: _items,
    dict: _mapping,
    Decimal: _decimal,
    float: lambda value: _decimal(Decimal(repr(value))),
    datetime: datetime.isoformat,
    date: date.isoformat,
}
"""How each class is written; classes that are met later are added."""


def _form_of(value: object) -> _Form:
    if isinstance(value, Enum):
        return lambda member: canonical(member.value)
    if isinstance(value, PurePath):
        return lambda path: str(path.as_posix())
    if is_dataclass(value):
        return _class_form(type(value))
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _class_form(kind: type) -> _Form:
    """The form of a frozen class: what it means, and not where it was written."""
    name = kind.__name__
    parts = [
        (field.name, field.default)
        for field in fields(kind)
        if field.compare and field.type not in ("Position", "Position | None")
    ]

    def form(value: object) -> Canonical:
        written: dict[str, Canonical] = {"is": name}
        for part, default in parts:
            held = getattr(value, part)
            if default is MISSING or held != default:
                written[part] = canonical(held)
        return written

    return form
