"""Names of things in specs: what they may look like, and the nearest right one to a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_NAME = 50
"""Names become parts of table and column names; PostgreSQL cuts those at 63 bytes."""

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
NAME_EXPECTED = f"small letters, digits and underscores, a letter first, {LONGEST_NAME} characters at most"
MOST_LISTED = 12


def is_name(text: str) -> bool:
    """Whether a text can name an audience, trait, entity, source, destination, attribute or property."""
    return len(text) <= LONGEST_NAME and NAME.match(text) is not None


def as_name(text: str) -> str | None:
    """The nearest text that could be a name, or None."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:LONGEST_NAME]
    return name if is_name(name) else None


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The name among `right` that a person most likely meant by `wrong`, or None."""
    names = sorted(right)
    for name in names:
        if name.lower() == wrong.lower():
            return name
    found = get_close_matches(wrong, names, n=1, cutoff=0.6)
    return found[0] if found else None


def one_of(names: Iterable[str]) -> str | None:
    """`one of a, b, c`, cut where there are many; None where there is none."""
    listed = sorted(names)
    if not listed:
        return None
    if len(listed) == 1:
        return f"`{listed[0]}`"
    shown = ", ".join(f"`{name}`" for name in listed[:MOST_LISTED])
    more = len(listed) - MOST_LISTED
    return f"one of {shown}" + (f" and {more} more" if more > 0 else "")
