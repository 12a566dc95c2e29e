"""Regular expressions as specs mean them, in Python's dialect."""

from __future__ import annotations

import re

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \t\n\r\f"}
_TOKEN = re.compile(r"\\.|\[|\]|\$|.", re.DOTALL)


def found(pattern: str, text: str, *, ignore_case: bool) -> bool:
    """Whether a pattern is found anywhere in a text.

    A digit, a letter of a word and white space are those of ASCII; `$` is the end of the text, not also the
    place before a last line break; a point is any character but a line break.
    """
    return re.search(_python(pattern), text, re.IGNORECASE if ignore_case else 0) is not None


def _python(pattern: str) -> str:
    written: list[str] = []
    inside = False
    for part in _TOKEN.findall(pattern):
        if part == "$" and not inside:
            part = r"\Z"
        elif part[0] == "\\" and part[1].lower() in _CLASSES:
            characters = _CLASSES[part[1].lower()]
            negation = "^" if part[1].isupper() else ""
            part = characters if inside else f"[{negation}{characters}]"
        elif part in "[]":
            inside = part == "["
        written.append(part)
    return "".join(written)
