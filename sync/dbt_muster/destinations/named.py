"""Whom of those who were sent an answer names as not taken: the forms in which platforms do that, as data.

A refusal names items as well as an answer that is good otherwise. What they are called by there differs: by
their places in the call, by being answered one by one, by what was sent of them, or by their rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from dbt_muster.destinations.answers import Fields, plain_words, texts_in, value_at, values_at
from dbt_muster.destinations.records import Refusal, RefusedError


class Names(Protocol):
    """A form in which answers name items."""

    def refused(self, response: httpx.Response, sent: Sequence[Any], *, removing: bool) -> list[Refusal]:
        """The items that were not taken, by their places from 0.

        Args:
            response: the answer.
            sent: the items of the call, in order.
            removing: whether they were to be removed.

        Raises:
            RefusedError: it cannot be told whom the answer means, so that they have to be found.
        """


@dataclass(frozen=True)
class Named:
    """Where an answer names items of the call that are at fault, by their places.

    Places inside JSON are paths as in `values_at`: the first below an answer, the others below an error.

    Attributes:
        errors: where an answer has errors.
        where: where an error says what it is about.
        place: a regular expression that finds an item's place there, from 0, as its only group.
        words: where an error may have a reason; the first that is there counts.
        code: where an error may have a code, which then comes before its reason; the first that is there.
        has: what an error has besides, where what stands there may be none.
    """

    errors: str
    where: str
    place: str = r"^(\d+)$"
    words: tuple[str, ...] = ("message",)
    code: tuple[str, ...] = ()
    has: Fields = field(default_factory=dict)

    def items(self, response: httpx.Response) -> dict[int, str]:
        """The items that an answer names, by their places, each with the reason."""
        return {place: reason for place, reason in self._told(response) if place is not None}

    def refused(self, response: httpx.Response, sent: Sequence[Any], *, removing: bool) -> list[Refusal]:
        """As in `Names`; an error that names none of several items is about one of them all the same."""
        found: dict[int, str] = {}
        for place, reason in self._told(response):
            known = place is not None and place < len(sent)
            if not known and len(sent) > 1:
                raise RefusedError(f"An answer does not say which of {len(sent)} items it means: {reason}")
            found[(place or 0) if known else 0] = reason
        return [Refusal(place, reason) for place, reason in found.items()]

    def _told(self, response: httpx.Response) -> Iterator[tuple[int | None, str]]:
        """The place and the reason of each error; None where it names no place."""
        try:
            errors = values_at(response.json(), self.errors)
        except ValueError:
            return
        for each in errors:
            if each and all(value_at(each, path) == value for path, value in self.has.items()):
                place = re.search(self.place, str(value_at(each, self.where)))
                yield (int(place[1]) if place else None), self._reason(each)

    def _reason(self, error: Any) -> str:
        told = (first_at(error, self.code), first_at(error, self.words))
        return plain_words(": ".join(str(each) for each in told if each))


@dataclass(frozen=True)
class Answered:
    """Each item is answered by itself, with an HTTP status of its own.

    Attributes:
        items: where an answer has the list of these.
        status: where each has its status.
        words: where it may have a reason.
    """

    items: str
    status: str = "status"
    words: str = "message"

    def refused(self, response: httpx.Response, sent: Sequence[Any], *, removing: bool) -> list[Refusal]:
        """As in `Names`; every item has to be answered."""
        found = values_at(response.json(), self.items)
        if len(found) != len(sent):
            raise RefusedError(f"An answer speaks of {len(found)} of {len(sent)} items.")
        told = ((place, each, int(value_at(each, self.status) or 0)) for place, each in enumerate(found))
        return [
            Refusal(place, plain_words(f"HTTP {status} {value_at(each, self.words) or ''}"))
            for place, each, status in told
            if not 200 <= status < 300
        ]


@dataclass(frozen=True)
class NamedRows:
    """Rows are named by themselves, written as JSON.

    Attributes:
        samples: where an answer has an object of rows and the reason for each. It may leave some out.
    """

    samples: str

    def refused(self, response: httpx.Response, sent: Sequence[Any], *, removing: bool) -> list[Refusal]:
        """As in `Names`."""
        samples = value_at(response.json(), self.samples)
        if not samples:
            return []
        reasons = {_compact(row): plain_words(reason) for row, reason in dict(samples).items()}
        written = ((place, json.dumps(row, separators=(",", ":"))) for place, row in enumerate(sent))
        return [Refusal(place, reasons[row]) for place, row in written if row in reasons]


@dataclass(frozen=True)
class Listed:
    """Items are named by a value of theirs, in a list for each reason, and all of them are counted.

    Attributes:
        within: where an answer may have objects of such lists, as in `value_at`.
        values: for each value that an item may be named by, what the item calls it, and a regular expression
            for the names of lists that have it; its only group is the kind of reason.
        reasons: what the kinds mean. Of another kind nobody is named.
        count: where an answer counts the items that were not taken.
        folded: values that are compared whatever their case.
        for_good: kinds of people who asked to be forgotten, as in `Refusal.for_good`.
        out: kinds that mean that somebody who is to be removed is not there.
    """

    within: tuple[str, ...]
    values: Mapping[str, str]
    reasons: Mapping[str, str]
    count: str
    folded: tuple[str, ...] = ()
    for_good: tuple[str, ...] = ()
    out: tuple[str, ...] = ()

    def refused(self, response: httpx.Response, sent: Sequence[Any], *, removing: bool) -> list[Refusal]:
        """As in `Names`; of several items those that are counted and not named have to be found."""
        answer = response.json()
        kinds = self._kinds(answer)
        found = {place: kind for place, item in enumerate(sent) if (kind := self._kind(item, kinds))}
        refused = [
            Refusal(place, self.reasons[kind], kind in self.for_good)
            for place, kind in found.items()
            if not (removing and kind in self.out)
        ]
        count = int(value_at(answer, self.count) or 0)
        if count <= len(found):
            return refused
        if len(sent) > 1:
            raise RefusedError(f"An answer counts {count} failures and does not name all of them.")
        return [Refusal(0, "the platform did not say why")]

    def _kinds(self, answer: Any) -> dict[tuple[str, str], str]:
        """Why somebody failed, by what a value is called and the value."""
        lists = [each for path in self.within for each in (value_at(answer, path) or {}).items()]
        return {
            (name, self._folded(name, value)): found[1]
            for name, pattern in self.values.items()
            for own, values in lists
            if (found := re.fullmatch(pattern, own)) and found[1] in self.reasons
            for value in values
        }

    def _kind(self, item: Fields, kinds: Mapping[tuple[str, str], str]) -> str | None:
        own = ((name, self._folded(name, item.get(name, ""))) for name in self.values)
        return next((kinds[pair] for pair in own if pair in kinds), None)

    def _folded(self, name: str, value: str) -> str:
        return value.lower() if name in self.folded else value


@dataclass(frozen=True)
class Repeated:
    """Each error repeats what was sent of the item that it is about, or points to its place.

    Attributes:
        what: where an error may repeat it, however deep, whatever the case of letters.
        where: where an error points to a place, as in `Named`.
        place: as in `Named`.
        words: where an error has words; all of them are the reason.
    """

    what: str
    where: str
    place: str
    words: tuple[str, ...]

    def refused(self, errors: Iterable[Any], sent: Sequence[Fields], *, whole: bool) -> list[Refusal]:
        """The items that errors name, by their places from 0.

        Args:
            errors: all of them.
            sent: the items, as objects of texts.
            whole: whether the places are those of `sent`.
        """
        texts = {(name, own[name].lower()): place for place, own in enumerate(sent) for name in own}
        found: dict[int, str] = {}
        for error in errors:
            own = ((name, text.lower()) for name, text in texts_in(value_at(error, self.what)))
            place = next((texts[each] for each in own if each in texts), None)
            pointed = re.search(self.place, str(value_at(error, self.where)))
            if place is None and whole and pointed and int(pointed[1]) < len(sent):
                place = int(pointed[1])
            if place is not None:
                found[place] = plain_words(" ".join(str(value_at(error, each) or "") for each in self.words))
        return [Refusal(place, reason) for place, reason in found.items()]


def first_at(error: Any, paths: Sequence[str]) -> Any:
    """The first of some values inside JSON that is there; an empty text where none is."""
    return next(filter(None, (value_at(error, path) for path in paths)), "")


def _compact(text: str) -> str:
    try:
        return json.dumps(json.loads(text), separators=(",", ":"))
    except ValueError:
        return text
