"""Python's search for circles of objects that nobody uses any more, held back where it finds next to none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Holds the cyclic garbage collector still.

    A thousand specs are some hundred thousand objects, all of them in use until the end; looking through
    them for circles again and again takes longer than reading them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def collect_seldom() -> None:
    """Has the cyclic garbage collector look around a hundred times less often, for the rest of the process.

    SQL as trees is full of circles, which are free after each statement; looking for them as often as Python
    does by itself takes a quarter of the time.
    """
    gc.set_threshold(100_000, 20, 100)
