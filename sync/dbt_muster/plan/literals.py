"""Plain values as Jinja literals, for the planned spec inside a stub."""

from __future__ import annotations

import json
import re
from functools import lru_cache

# Text from a spec may look like Jinja, and may stand next to some; without braces it cannot be any.
_UNSAFE = re.compile(r"[{}\x00-\x1f\x7f\u0085\u2028\u2029]")
_WIDTH = 100


@lru_cache(maxsize=4096)  # the same few keys and values stand in every stub
def jinja_string(text: str) -> str:
    """A double-quoted Jinja literal of any text, safe inside `{% … %}` and `{{ … }}`."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def jinja_literal(value: object, indent: int = 0) -> str:
    """A Jinja literal of plain data: on one line where it fits, else one item a line.

    Args:
        value: None, bool, int, float, str, or lists and dicts of such values.
        indent: the column at which the literal's first line starts, in spaces.

    Raises:
        TypeError: the value holds something else.
    """
    flats: dict[int, str] = {}
    _flat(value, flats)
    return _laid_out(value, indent, flats)


def _laid_out(value: object, indent: int, flats: dict[int, str]) -> str:
    if not isinstance(value, dict | list):
        return _scalar(value)
    flat = flats[id(value)]
    if len(flat) + indent <= _WIDTH:
        return flat
    inner = indent + 4
    if isinstance(value, dict):
        lines = [f"{jinja_string(key)}: {_laid_out(item, inner, flats)}" for key, item in value.items()]
    else:
        lines = [_laid_out(item, inner, flats) for item in value]
    body = f",\n{' ' * inner}".join(lines)
    return f"{flat[0]}\n{' ' * inner}{body}\n{' ' * indent}{flat[-1]}"


def _flat(value: object, flats: dict[int, str]) -> str:
    """The literal on one line; that of every list and dict inside is kept, by its identity."""
    if isinstance(value, list):
        flats[id(value)] = "[" + ", ".join([_flat(item, flats) for item in value]) + "]"
    elif isinstance(value, dict):
        items = [f"{jinja_string(key)}: {_flat(item, flats)}" for key, item in value.items()]
        flats[id(value)] = "{" + ", ".join(items) + "}"
    else:
        return _scalar(value)
    return flats[id(value)]


def _scalar(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return jinja_string(value)
    if isinstance(value, int | float):
        return repr(value)
    raise TypeError(f"not plain data: {type(value).__name__}")
