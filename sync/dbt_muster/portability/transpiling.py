"""From one dialect to another and back: what does not survive the journey."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError, TokenError, UnsupportedError

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.pieces import cut, shape, slim

_PLACE = re.compile(r"\. Line \d+, Col: \d+")
_STAND_IN = "piece"

Note = tuple[str, str, str]
"""The dialect that a part cannot be moved to, why, and the part."""


@dataclass(frozen=True)
class Moved:
    """A statement in DuckDB's SQL, or why sqlglot cannot write it so."""

    sql: str = ""
    refusal: str | None = None


def moved(tree: exp.Expr) -> Moved:
    """A statement of some dialect, moved to DuckDB."""
    try:
        return Moved(tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE))
    except SqlglotError as error:
        return Moved(refusal=str(error).splitlines()[0])


class Journeys:
    """Moves statements of one dialect to others and back, and remembers the parts that it has moved.

    Args:
        dialect: a dbt adapter's type.
        others: the dialects that statements are moved to.
    """

    def __init__(self, dialect: str, others: Iterable[str]) -> None:
        self._dialect = dialect
        self._others = tuple(other for other in others if other != dialect)
        self._known: dict[str, tuple[Note, ...]] = {}

    def notes(self, statement: str, tree: exp.Expr) -> list[Finding]:
        """A note for each other dialect that cannot say a part of the statement, or cannot be read back.

        The macros write each dialect by themselves, so a note here is no fault of the statement in its own
        dialect: it says that sqlglot alone could not move it.

        Args:
            statement: its name.
            tree: its tree, which stays as it is.
        """
        if not self._others:
            return []
        tree = slim(tree)
        shapes = _shapes(tree, cut(tree))
        if not self._known.keys() >= set(shapes):
            self._move(tree.copy(), shapes)
        found = {note: None for each in shapes for note in self._known[each]}
        return [_finding(statement, self._dialect, *note) for note in found]

    def _move(self, tree: exp.Expr, shapes: Sequence[str]) -> None:
        """Move the parts whose shapes are new, the innermost first, and then what is left without them."""
        *of_parts, of_frame = shapes
        for part, known_as in reversed(list(zip(cut(tree), of_parts, strict=True))):
            # What was cut out of the part stands in it as a column by now.
            part.replace(exp.column(_STAND_IN))
            if known_as not in self._known:
                alone = exp.Select(expressions=[exp.alias_(part, _STAND_IN)]).from_("pieces")
                self._known[known_as] = tuple(self._journeys(alone, part))
        if of_frame not in self._known:
            self._known[of_frame] = tuple(self._journeys(tree, tree))

    def _journeys(self, whole: exp.Expr, part: exp.Expr) -> Iterator[Note]:
        for other in self._others:
            reason = journey(whole, self._dialect, other)
            if reason is not None:
                yield other, reason, shown(part.sql(dialect=self._dialect))


def journey(tree: exp.Expr, dialect: str, other: str) -> str | None:
    """Why a statement cannot be moved from one dialect to another and back; None where it can."""
    try:
        there = tree.sql(dialect=other, unsupported_level=ErrorLevel.RAISE)
        back = sqlglot.parse_one(there, dialect=other, error_level=ErrorLevel.RAISE)
        back.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE, copy=False)
    except UnsupportedError as error:
        return str(error).splitlines()[0]
    except (ParseError, TokenError) as error:
        return f"cannot be read back: {_PLACE.sub('', str(error).splitlines()[0])}"
    return None


def _shapes(tree: exp.Expr, parts: Sequence[exp.Expr]) -> list[str]:
    """The shape of each part without those inside of it, and that of the frame."""
    identities = frozenset(map(id, parts))
    return [shape(part, identities) for part in (*parts, tree)]


def _finding(statement: str, dialect: str, other: str, reason: str, fragment: str) -> Finding:
    message = f"sqlglot cannot move this to {other}: {reason}"
    return Finding("transpile", "note", statement, dialect, message, fragment)
