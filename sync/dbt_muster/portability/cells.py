"""Values around those that specs compare with, for columns of made-up tables."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from dbt_muster.portability.edges import SECOND
from dbt_muster.portability.literals import NOW, Literals
from dbt_muster.specs.meaning import Cell, Column, Instant, Type
from dbt_muster.testing.tables import SourceTable

_TEXTS = ("", "a", "A", "B", "Zoë", "it's", "100%", "a_b\\c", "  ")
_NUMBERS = (0, 1, 2, 3, 5, 10, 50, 100, 1000, -1)
_HUGE = 3_000_000_000
"""More than 32 bits hold; its square is less than 64 bits do, so that an expression may multiply two."""

Make = Callable[[], Cell]
Row = dict[str, Cell]


class Cells:
    """Makes cells; the same ones in the same order every time.

    Args:
        found: what specs compare with.
    """

    def __init__(self, found: Literals) -> None:
        self.chance = random.Random(20260131)  # noqa: S311 - the same world every time
        self.found = found
        ends = [moment + near for moment in sorted(found.moments) for near in (-SECOND, timedelta(0), SECOND)]
        self._ends = [Instant(moment) for moment in ends]

    def columns(self, table: SourceTable, declared: Mapping[str, Column]) -> dict[str, Make]:
        """What makes the cells of each column of a table."""
        makers = {column: self._column(kind, column) for column, kind in table.columns.items()}
        objects: dict[str, dict[tuple[str, ...], Make]] = {}
        for name, column in declared.items():
            if column.path:
                objects.setdefault(column.column, {})[column.path] = self._column(column.type, name)
            else:
                makers[column.column] = self._column(table.columns.get(column.column, column.type), name)
        return makers | {column: _made_object(paths) for column, paths in objects.items()}

    def rows(self, makers: Mapping[str, Make], count: int) -> list[Mapping[str, Cell]]:
        """Rows of cells."""
        return [self.row(makers) for _ in range(count)]

    def row(self, makers: Mapping[str, Make]) -> Row:
        """One row of cells."""
        return {column: make() for column, make in makers.items()}

    def _column(self, kind: Type, name: str) -> Make:
        given = self.found.by_name.get(name, set())
        match kind:
            case Type.INTEGER | Type.NUMBER:
                whole = kind is Type.INTEGER
                return self._of(_near_numbers(given, whole=whole), _far_numbers(whole=whole))
            case Type.BOOLEAN:
                return self._boolean
            case Type.DATE | Type.TIMESTAMP | Type.TIMESTAMPTZ:
                return self._moments()
            case Type.LIST:
                return self._list(_in_lists(given))
        return self._of(_near_texts(given))

    def _of(self, values: Sequence[Cell], seldom: Sequence[Cell] = ()) -> Make:
        turns = self._turns(seldom)

        def make() -> Cell:
            drawn = self.chance.random()
            if drawn < 0.1:
                return None
            return next(turns) if seldom and drawn < 0.15 else self.chance.choice(values)

        return make

    def _list(self, texts: Sequence[str]) -> Make:
        return lambda: (
            None
            if self.chance.random() < 0.1
            else tuple(self.chance.sample(texts, self.chance.randint(0, 2)))
        )

    def _boolean(self) -> Cell:
        return self.chance.choice((True, True, False, None))

    def _moments(self) -> Make:
        """Every other one is an end of a window, each of which has its turn; the others are any."""
        turns = self._turns(self._ends)

        def make() -> Cell:
            drawn = self.chance.random()
            if drawn < 0.05:
                return None
            if drawn < 0.5:
                return next(turns)
            return Instant(NOW - timedelta(minutes=self.chance.randrange(-2000, 400 * 1440)))

        return make

    def _turns(self, values: Sequence[Cell]) -> Iterator[Cell]:
        while values:
            yield from self.chance.sample(values, len(values))


def _near_numbers(given: set[Any], *, whole: bool) -> list[Cell]:
    """Numbers that specs compare with, and one beside them."""
    step = Decimal(1) if whole else Decimal("0.01")
    wanted = {Decimal(str(item)) for item in given if isinstance(item, int | Decimal)}
    around = {number + near for number in wanted for near in (-step, Decimal(0), step)}
    numbers = sorted(around | ({Decimal(number) for number in _NUMBERS} if len(wanted) < 3 else set()))
    return [int(number) if number == number.to_integral_value() else number for number in numbers]


def _far_numbers(*, whole: bool) -> list[Cell]:
    """Huge numbers, negative ones, and halves, which round to either side."""
    return (
        [_HUGE, -_HUGE, -1] if whole else [_HUGE + Decimal("0.01"), -_HUGE, Decimal("-2.5"), Decimal("2.5")]
    )


def _near_texts(given: set[Any]) -> list[Cell]:
    """Texts that specs compare with, in other capitals too, and longer by a letter."""
    texts = sorted(str(item) for item in given)
    around = [
        near for text in texts for near in (text, text, text.upper(), text.lower(), f"{text}x", f"x{text}")
    ]
    return [*around, *_TEXTS]


def _in_lists(given: set[Any]) -> list[str]:
    """What stands in lists: the texts that specs look for, the same in capitals, and others."""
    texts = [str(item) for item in sorted(given, key=str)] or ["a", "b"]
    return [*texts, texts[0].upper(), "other", ""]


def _made_object(paths: Mapping[tuple[str, ...], Make]) -> Make:
    """Objects with a value at each path, as JSON."""
    return lambda: _json(paths)


def _json(paths: Mapping[tuple[str, ...], Make]) -> str:
    whole: dict[str, Any] = {}
    for path, make in paths.items():
        inner = whole
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = _plain(make())
    return json.dumps(whole)


def _plain(cell: Cell) -> object:
    if isinstance(cell, Instant):
        return cell.utc.isoformat() + "Z"
    if isinstance(cell, Decimal):
        return float(cell)
    return list(cell) if isinstance(cell, tuple) else cell
