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
    text = records.text
    names = list(_OBJECTS.raw_decode(text)[0])
    # What nobody has makes no column, and what a platform does not know is not sent.
    if not names or not all(name in known and f'"{name}":"' in text for name in names):
        return None
    size = len(records)
    cells = _cells(text, names, size) or _cells(_filled(text, names, lacking), names, size)
    return None if cells is None else ([known[name] for name in names], Undecoded(cells, size))


def _cells(text: str, names: Sequence[str], size: int) -> str | None:
    """Objects as arrays of their values, where each of their values is a single text.

    A quote within a value has a backslash before it. So a comma or brace, a quote, a name, a quote and a
    colon are together only where a name is one.
    """
    first, *others = names
    before, *objects = f"}},{text[:-1]}".split(f'}},{{"{first}":"')
    if before or len(objects) != size:
        return None
    cells = '],["'.join(objects)
    for name in others:
        values = cells.split(f',"{name}":"')
        if len(values) != size + 1:
            return None
        cells = ',"'.join(values)
    return f'["{cells}]'


def _filled(text: str, names: Sequence[str], lacking: str) -> str:
    for name in names:
        text = text.replace(f'"{name}":null', f'"{name}":{json.dumps(lacking)}')
    return text
