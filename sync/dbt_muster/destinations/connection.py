"""A connection that is kept over everything that is done with a destination, and its rate with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from dbt_muster.destinations.http import Api


class Connection:
    """Opens an interface when it is needed, or once for all that is done while it is kept.

    Platforms count calls by account, whichever audience a call is for. So audiences that are delivered one
    after another go over one `Api`, which knows when the last call was made and for how long none may be.

    Args:
        make: gives the interface, not open yet.
    """

    def __init__(self, make: Callable[[], Api]) -> None:
        self._make = make
        self._keepers: ExitStack | None = None
        self._api: Api | None = None

    @contextmanager
    def open(self) -> Iterator[Api]:
        """The interface, ready to be called: the one that is kept, or one for this alone."""
        if self._keepers is None:
            with self._make() as api:
                yield api
            return
        if self._api is None:
            self._api = self._keepers.enter_context(self._make())
        yield self._api

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the interface open from its first use on; within another `kept` it is that one's."""
        if self._keepers is not None:
            yield
            return
        with ExitStack() as self._keepers:
            try:
                yield
            finally:
                self._keepers = self._api = None
