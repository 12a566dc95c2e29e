"""What an answer of an HTTP interface means, whatever the platform; and its words without anybody's data."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import httpx

Fields = Mapping[str, Any]
"""A JSON object: values by their names."""

Kind = Literal["taken", "later", "refused", "login", "stopped", "gone"]

# What these mean is the same wherever HTTP is spoken (RFC 9110); 423 and 425 are "not now" as well.
_LATER = frozenset({408, 423, 425, 429})
_STOP = {
    401: "the login was not accepted; see whether its key, token or secret is right and has not ended",
    403: "the login may not do this; give it the permission, or take one that has it",
    404: "there is nothing at the address; see whether it is right",
    405: "the address does not take this method; see whether it is right",
    410: "the address is closed for good; take another, or end the sync",
}

_PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d ().-]{5,}\d|\b[0-9a-fA-F]{32,}\b|\b[0-9A-Za-z_-]{40,}\b")
_LONGEST_WORDS = 200

# Digits from which seconds are a moment since 1970, and no time to wait: 10 since September 2001.
_MOMENT = 10


class Meaning(NamedTuple):
    """What an answer means.

    Attributes:
        kind: `taken`; `later` (try again); `refused` (nothing of it was taken, and another batch may be);
            `login` (the token was not accepted, and a new one might be); `stopped` (no other call would be
            taken either); `gone` (the audience is no longer there).
        words: for people, what happened and what to do.
        wait: seconds before the next attempt, or before the next call where this one was taken.
        doubtful: whether what was asked may have been done all the same, as after every 5xx.
        named: of what was refused, the items at fault by their places from 0, each with the reason.
    """

    kind: Kind
    words: str = ""
    wait: float | None = None
    doubtful: bool = False
    named: Mapping[int, str] = MappingProxyType({})


class Status(NamedTuple):
    """What an HTTP status means on one platform, where that is more than it means anywhere.

    Attributes:
        code: the status.
        kind: as in `Meaning`.
        words: as in `Meaning`.
        wait: as in `Meaning`.
        path: a regular expression for the paths at which it means this.
        json: True where only an answer with JSON means it, which is the platform's own; False where only one
            without does, which may be from something on the way.
    """

    code: int
    kind: Kind
    words: str = ""
    wait: float | None = None
    path: str = ""
    json: bool | None = None

    def meaning(self, response: httpx.Response) -> Meaning | None:
        """What an answer means; None where this does not say."""
        there = response.status_code == self.code and re.search(self.path, response.request.url.path)
        if not there or self.json not in (None, is_json(response)):
            return None
        return Meaning(self.kind, self.words or f"HTTP {self.code}", self.wait)


def by_status(response: httpx.Response) -> Meaning:
    """What an answer means by its status alone (RFC 9110)."""
    status = response.status_code
    if response.is_success:
        return Meaning("taken")
    if status >= 500 or status in _LATER:
        return Meaning("later", f"HTTP {status}", wait_of(response))
    if response.is_redirect or status < 400:
        return Meaning("stopped", f"answered HTTP {status}; redirects are not followed. Correct the url.")
    if status in _STOP:
        kind: Kind = "login" if status == 401 else "stopped"
        return Meaning(kind, f"answered HTTP {status}: {_STOP[status]}.")
    return Meaning("refused", f"refused the batch with HTTP {status}.")


def wait_of(response: httpx.Response, header: str = "retry-after") -> float | None:
    """Seconds to wait, as a header says; None where it says nothing.

    It may hold seconds or a date, as Retry-After does (RFC 9110, 10.2.3), or a moment as seconds since 1970.
    """
    text = response.headers.get(header, "").strip()
    if not text:
        return None
    if text.isdigit():
        return float(text) if len(text) < _MOMENT else max(0.0, float(text) - time.time())
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def plain_words(text: object) -> str:
    """A platform's own words, cut short, without what looks like an address, a number, a hash or a key."""
    return _PERSONAL.sub("…", " ".join(str(text).split()))[:_LONGEST_WORDS]


def value_at(content: Any, path: str) -> Any:
    """What stands somewhere inside JSON; None where it is not there.

    Args:
        content: JSON that was read.
        path: names and places from 0, such as `segments.0.name`; an empty path is all of it.
    """
    for name in path.split(".") if path else ():
        if isinstance(content, list):
            content = content[int(name)] if name.isdigit() and int(name) < len(content) else None
        else:
            content = content.get(name) if isinstance(content, dict) else None
    return content


def values_at(content: Any, path: str) -> list[Any]:
    """Everything that stands somewhere inside JSON, through each element of the lists on the way.

    Args:
        content: JSON that was read.
        path: names, such as `error.details.reason`; an empty path is all of it.
    """
    found = _elements(content)
    for name in path.split(".") if path else ():
        named = (each.get(name) for each in found if isinstance(each, dict))
        found = [each for value in named for each in _elements(value)]
    return found


def _elements(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def texts_in(content: Any) -> Iterator[tuple[str, str]]:
    """Every text inside JSON with the name that it stands under, however deep."""
    for name, value in content.items() if isinstance(content, dict) else ():
        if isinstance(value, str):
            yield name, value
        yield from texts_in(value)
    for value in content if isinstance(content, list) else ():
        yield from texts_in(value)


def is_json(response: httpx.Response) -> bool:
    """Whether an answer has JSON, as a platform's own answers do; a page is from something on the way."""
    try:
        response.json()
    except ValueError:
        return False
    return True


def text_at(response: httpx.Response, path: str) -> str:
    """A text inside an answer's JSON, in plain words, at a path of `value_at`; empty where there is none."""
    try:
        return plain_words(value_at(response.json(), path) or "")
    except ValueError:
        return ""
