"""Reads a definition's JSON file; what is no JSON is an error that says where."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from dbt_muster.errors import UsageError
from dbt_muster.importing.translation import Node

_DEEPEST = 100


class DefinitionError(UsageError):
    """A file is no definition at all."""


def read_definition(path: Path) -> Node:
    """The JSON of a file; numbers with a fraction keep every digit.

    Raises:
        DefinitionError: the file cannot be read, is no JSON, or nests deeper than any definition does.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: the file cannot be read as text ({type(error).__name__}).") from error
    try:
        node = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise DefinitionError(
            f"{path}:{error.lineno}:{error.colno}: this is no JSON: {error.msg}."
        ) from error
    except (RecursionError, ValueError) as error:
        raise DefinitionError(f"{path}: this is no JSON that can be read: {error}.") from error
    if _deeper_than(node, _DEEPEST):
        raise DefinitionError(f"{path}: the JSON nests more than {_DEEPEST} levels deep.")
    return node


def _no_number(word: str) -> Decimal:
    raise ValueError(f"{word} is no number of JSON")


def _deeper_than(node: Node, levels: int) -> bool:
    level = [node]
    for _ in range(levels):
        level = [
            item
            for one in level
            if isinstance(one, dict | list)
            for item in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
