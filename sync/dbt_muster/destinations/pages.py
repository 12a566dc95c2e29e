"""Lists that come page by page: the forms in which platforms do that, each as data.

A platform states in which form its audiences are listed, and all forms are read in the same way. What an
answer says of the next page is taken as parameters alone, so that no answer sends a login to another host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import httpx

from dbt_muster.destinations.answers import Fields, value_at
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.records import StoppedError


@dataclass(frozen=True)
class Pages:
    """A list that comes whole, and what it has in common with those that come in pages.

    Attributes:
        items: where an answer has the list, as in `value_at`.
        each: where an element of the list has what is listed; empty where it is the element itself.
        params: what every call says.
        may_lack: whether an answer without the list is an empty one.
    """

    items: str
    each: str = ""
    params: Fields = field(default_factory=dict)
    may_lack: bool = False

    def read(self, ask: Callable[[Fields], httpx.Response], more: Fields | None = None) -> Iterator[Fields]:
        """Everything that is listed, by as many calls as are needed.

        Args:
            ask: calls with parameters.
            more: what every call says besides.

        Raises:
            StoppedError: an answer has no list, or names itself as the next page, so that what there is
                cannot be known.
        """
        same = {**self.params, **(more or {})}
        asked = same
        while True:
            page = ask(asked).json()
            found = value_at(page, self.items)
            if not isinstance(found, list):
                if found is not None or not self.may_lack:
                    raise StoppedError(f"An answer was to list {self.items}, and does not.")
                found = []
            yield from (value_at(each, self.each) for each in found)
            following = self.following(page, asked, len(found))
            if following is None:
                return
            if not following or {**same, **following} == asked:
                raise StoppedError(f"An answer that lists {self.items} names itself as the next page.")
            asked = {**same, **following}

    def at(self, api: Api, path: str, more: Fields | None = None) -> Iterator[Fields]:
        """Everything that is listed at a path, as in `read`."""
        return self.read(lambda params: api.call("GET", path, params=params), more)

    def following(self, page: Fields, params: Fields, count: int) -> Fields | None:
        """What the next call says besides; None after the last page.

        Args:
            page: the answer.
            params: what the call said that it is the answer to.
            count: how many elements came.
        """
        return None


@dataclass(frozen=True, kw_only=True)
class Linked(Pages):
    """An answer has the next page's address.

    Attributes:
        link: where.
        only: the one parameter of the address that is said; all of them where this is empty.
    """

    link: str
    only: str = ""

    def following(self, page: Fields, params: Fields, count: int) -> Fields | None:
        """The parameters of the next page's address."""
        link = value_at(page, self.link)
        if not link:
            return None
        said = dict(parse_qsl(urlsplit(str(link)).query))
        return {name: value for name, value in said.items() if self.only in ("", name)}


@dataclass(frozen=True, kw_only=True)
class Bookmarked(Pages):
    """An answer has a text that stands for the next page.

    Attributes:
        bookmark: where.
        param: the parameter that says it.
    """

    bookmark: str
    param: str

    def following(self, page: Fields, params: Fields, count: int) -> Fields | None:
        """The bookmark, where there is one."""
        found = value_at(page, self.bookmark)
        return {self.param: found} if found else None


@dataclass(frozen=True, kw_only=True)
class Offset(Pages):
    """A call says how many elements it skips; a page with fewer than it may have is the last.

    Attributes:
        size: elements of a page.
        limit: the parameter that says the size.
        skip: the parameter that says how many are skipped.
    """

    size: int
    limit: str
    skip: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", {**self.params, self.limit: self.size, self.skip: 0})

    def following(self, page: Fields, params: Fields, count: int) -> Fields | None:
        """The place after the elements that came."""
        return None if count < self.size else {self.skip: int(params[self.skip]) + count}


@dataclass(frozen=True, kw_only=True)
class Numbered(Pages):
    """Pages have numbers from 1, and an answer says how many there are.

    Attributes:
        last: where.
        param: the parameter that says the number.
    """

    last: str
    param: str = "page"

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", {**self.params, self.param: 1})

    def following(self, page: Fields, params: Fields, count: int) -> Fields | None:
        """The next number, where there is such a page."""
        number = int(params[self.param])
        return {self.param: number + 1} if number < int(value_at(page, self.last) or 1) else None
