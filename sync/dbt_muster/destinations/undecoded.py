"""JSON that is passed on as it is written, and decoded only where somebody looks into it.

Of millions of people whom a platform is sent, an answer names few. What the others have need never become
objects in Python.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from secrets import token_hex
from typing import Any, TypeVar, overload

from pydantic_core import from_json, to_json

from dbt_muster.destinations.records import Action, Record, Value

Item = TypeVar("Item")

# Control characters, which are rare, stand in the text as they are, and only this decoder takes them.
_LENIENT = json.JSONDecoder(strict=False)


def decoded(text: bytes) -> list[Any]:
    """What is between the brackets of a JSON array; all at once, as each by itself takes twice as long."""
    whole = b"[%b]" % text
    try:
        found: list[Any] = from_json(whole, cache_strings="keys")
    except ValueError:
        found = _LENIENT.decode(whole.decode())
    return found


class Undecoded(Sequence[Item]):
    """The items of a JSON array, decoded when the first of them is looked at.

    Args:
        text: what stands between its brackets.
        size: how many they are.
    """

    def __init__(self, text: bytes, size: int) -> None:
        self.text = text
        self._size = size

    @cached_property
    def _items(self) -> Sequence[Item]:
        return self._made(decoded(self.text))

    def _made(self, items: list[Any]) -> Sequence[Item]:
        return items

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | Sequence[Item]:
        return self._items[place]

    def __len__(self) -> int:
        return self._size


class UndecodedRecords(Undecoded[Record]):
    """Records of a run whose destination knows people by their identifiers alone, so that they have no keys.

    Args:
        action: what is done with all of them.
        identifiers: theirs, as JSON objects with commas between.
        size: how many they are.
        uniform: whether all have the same names in the same order, and the text can be sent as it stands.
    """

    def __init__(self, action: Action, identifiers: str, size: int, *, uniform: bool) -> None:
        super().__init__(identifiers.encode(), size)
        self.action = action
        self.uniform = uniform

    def _made(self, items: list[Mapping[str, Value]]) -> Sequence[Record]:
        return [Record(self.action, "", each) for each in items]


def written(body: Any) -> bytes:
    """A body as JSON, in which what is undecoded stands as it is."""
    texts: dict[bytes, bytes] = {}

    def keep(value: Any) -> str:
        if not isinstance(value, Undecoded):
            raise TypeError(f"{type(value).__name__} cannot be written as JSON")
        place = token_hex()
        texts[f'"{place}"'.encode()] = b"[%b]" % value.text
        return place

    made = to_json(body, inf_nan_mode="null", fallback=keep)
    for place, text in texts.items():
        made = made.replace(place, text)
    return made


def action_of(records: Sequence[Record]) -> Action:
    """What is done with records that are all of one kind; with the first, where they are not."""
    return records.action if isinstance(records, UndecodedRecords) else records[0].action
