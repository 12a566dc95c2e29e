"""Rows of a table made of the text of identifiers, without a look at any of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from dbt_muster.destinations.undecoded import Undecoded, UndecodedRecords

Columns = list[str]
Rows = Undecoded[list[str | float | None]]

_OBJECTS = json.JSONDecoder()


def rows_of(records: UndecodedRecords, known: Mapping[str, str], lacking: str) -> tuple[Columns, Rows] | None:
    """Records as rows under columns; None where that takes a look at each.

    Args:
        records: whose members they are.
        known: identifiers, and what a platform calls them.
        lacking: what is said in a cell of what a person does not have.
    """
    if not records.uniform:
        return None
    text, size = records.text, len(records)
    names = list(_OBJECTS.raw_decode(text.decode())[0])
    keys = [f'"{name}":'.encode() for name in names]
    # What nobody has makes no column, and what a platform does not know is not sent.
    if not names or not all(name in known for name in names) or not all(key + b'"' in text for key in keys):
        return None
    cells = _cells(text, keys, size) or _cells(_filled(text, keys, lacking), keys, size)
    return None if cells is None else ([known[name] for name in names], Undecoded(cells, size))


def _cells(text: bytes, keys: Sequence[bytes], size: int) -> bytes | None:
    """Objects as arrays of their values, where each of their values is a single text.

    A quote within a value has a backslash before it. So a comma or brace, a quote, a name, a quote and a
    colon are together only where a name is one.
    """
    first, *others = keys
    before, *objects = (b"},%b" % text[:-1]).split(b'},{%b"' % first)
    if before or len(objects) != size:
        return None
    cells = b'],["'.join(objects)
    for key in others:
        values = cells.split(b',%b"' % key)
        if len(values) != size + 1:
            return None
        cells = b',"'.join(values)
    return b'["%b]' % cells


def _filled(text: bytes, keys: Sequence[bytes], lacking: str) -> bytes:
    for key in keys:
        text = text.replace(key + b"null", key + json.dumps(lacking).encode())
    return text
