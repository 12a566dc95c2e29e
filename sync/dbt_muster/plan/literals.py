"""Plain values as Jinja literals, for the planned spec inside a stub."""

from __future__ import annotations

import json
import re

# Text from a spec may look like Jinja, and may stand next to some; without braces it cannot be any.
_UNSAFE = re.compile(r"[{}\x00-\x1f\x7f\u0085\u2028\u2029]")
_WIDTH = 100


def jinja_string(text: str) -> str:
    """A double-quoted Jinja literal of any text, safe inside `{% … %}` and `{{ … }}`."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def jinja_literal(value: object, indent: int = 0) -> str:
    """A Jinja literal of plain data: on one line where it fits, else one item a line.

    Args:
        value: None, bool, int, str, or lists and dicts of such values.
        indent: the column at which the literal's first line starts, in spaces.
    """
    flat = _flat(value)
    if len(flat) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 4)
    if isinstance(value, dict):
        lines = [
            f"{inner}{jinja_string(key)}: {jinja_literal(item, indent + 4)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    lines = [inner + jinja_literal(item, indent + 4) for item in value]
    return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"


def _flat(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return jinja_string(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{jinja_string(key)}: {_flat(item)}" for key, item in value.items()) + "}"
    raise TypeError(f"not plain data: {type(value).__name__}")
