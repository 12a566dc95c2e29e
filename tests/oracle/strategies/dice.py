"""Choices that hypothesis makes and shrinks, cheaply: a world takes hundreds of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _numbers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)  # made once: making a strategy costs more than drawing from it


class Dice:
    """Hypothesis's draws by another name; what stands first or is smaller counts as simpler.

    Args:
        draw: of a composite strategy.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._draw(_numbers(low, high))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.number(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        """True, that often; false is the simpler one."""
        return self.number(0, 99) >= 100 - percent

    def times(self, least: int, most: int, percent: int = 75) -> Iterator[int]:
        """Counts up to `least`, and on, each time with that chance, to at most `most`."""
        for number in range(most):
            if number >= least and not self.chance(percent):
                return
            yield number

    def several(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Different options, in any order."""
        left = list(options)
        return [left.pop(self.number(0, len(left) - 1)) for _ in self.times(least, min(most, len(left)), 50)]
