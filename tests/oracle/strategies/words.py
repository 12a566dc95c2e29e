"""Texts, numbers and patterns: few enough that a spec's values and the data's meet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.strategies.dice import Dice

WORDS = (
    "GB",
    "gb",
    "US",
    "a",
    "",
    "GB ",
    " ",
    "O'Brien",
    'say "hi"',
    "100%",
    "100",
    "a_b",
    "axb",
    "a\\b",
    "a\\\\b",
    "é",
    "É",
    "e\u0301",
    "日本",
    "😀",
    "{{ x }}",
    "-- x",
    "null",
    "$1;",
)
PATTERNS = (
    "GB",
    "^GB$",
    "^.$",
    "a.b",
    "a_b",
    "100%",
    "[A-Z]+",
    "^[^a-z]*$",
    "(a|é)",
    "O'B",
    "a\\\\b",
    "\\$1",
    "^$",
    "[0-9]{2,}",
    "\\{\\{ x? ?\\}\\}",
    "日",
    "^\\w+$",
    "\\s",
    "[\\d%]",
    "^\\S",
    "B$",
)
INTEGERS = (0, 1, 2, 3, -1, 10, 100, 2**53 + 1, 2**53)
DECIMALS = tuple(
    Decimal(text) for text in ("0", "1", "0.1", "0.01", "-0.01", "1.5", "9.99", "10", "-3", "99.99")
)
BETWEEN = (9.995, 0.105, 20, -0.005)
"""Numbers that no data has, nor the sum of a few."""
UNREACHABLE = (0.333, 1.001, -0.007, 1.667, 5.003, 9.997)
"""Numbers that no average of fewer than ten values with two decimals is."""
EVENT_KINDS = ("opened", "Opened", "sign up.done")


@dataclass(frozen=True)
class Palette:
    """The few values of one world, which its specs and its data share."""

    texts: tuple[str, ...]
    integers: tuple[int, ...]
    decimals: tuple[Decimal, ...]

    def text(self, dice: Dice) -> str:
        """A text, as a spec or a table has it: now and then two together."""
        text = dice.pick(self.texts)
        text = text.swapcase() if dice.chance(15) else text
        return text + dice.pick(self.texts) if dice.chance(15) else text

    def some_text(self, dice: Dice) -> str:
        """A text that is not empty."""
        return self.text(dice) or "a"

    def whole(self, dice: Dice) -> int | float:
        """A number to compare integers with."""
        return 1.5 if dice.chance(10) else dice.pick(self.integers)

    def number(self, dice: Dice) -> int | float:
        """A number to compare numbers with."""
        if dice.chance(20):
            return dice.pick((*BETWEEN, *self.integers))
        number = dice.pick(self.decimals)
        return int(number) if number == int(number) else float(number)


def palette(dice: Dice) -> Palette:
    """The values of a world."""
    return Palette(
        tuple(dice.several(WORDS, 3, 6)),
        tuple(dice.several(INTEGERS, 3, 5)),
        tuple(dice.several(DECIMALS, 3, 5)),
    )
