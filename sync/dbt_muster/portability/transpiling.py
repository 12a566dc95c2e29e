"""From one dialect to another and back: what does not survive the journey."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError, TokenError, UnsupportedError

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.pieces import cut, shape, slim
from dbt_muster.portability.taught import taught

_PLACE = re.compile(r"\. Line \d+, Col: \d+")
_STAND_IN = "piece"

Note = tuple[str, str, str]
"""The dialect that a part cannot be moved to, why, and the part."""


@dataclass(frozen=True)
class Moved:
    """A statement in DuckDB's SQL, or why sqlglot cannot write it so."""

    sql: str = ""
    refusal: str | None = None


def moved(tree: exp.Expr, *, kept: bool = True) -> Moved:
    """A statement of some dialect, moved to DuckDB; what sqlglot has no words for is put in others first.

    Args:
        tree: the statement.
        kept: whether the tree must stay as it is; one that may be used up is not copied.
    """
    tree = taught(tree.copy() if kept else tree)
    try:
        return Moved(tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE, copy=False))
    except SqlglotError as error:
        return Moved(refusal=_first_line(error))


@dataclass
class Arrivals:
    """What parts become in a dialect that they are moved to, whichever dialect they came from.

    A tree of the same shape is the same there, so dialects that have a part in common share the way.

    Attributes:
        known: by the part's shape and the dialect, the tree that is read there, or why there is none. None
            stands for a tree of the very shape that left.
    """

    known: dict[tuple[str, str], exp.Expr | str | None] = field(default_factory=dict)

    def of(self, tree: exp.Expr, shaped: str, other: str) -> exp.Expr | str | None:
        """What a dialect makes of a tree, which stays as it is.

        Args:
            tree: the part.
            shaped: its shape.
            other: the dialect that it is moved to.
        """
        if (shaped, other) not in self.known:
            there = _there(tree, other)
            same = isinstance(there, exp.Expr) and shape(there) == shaped
            self.known[shaped, other] = None if same else there
        return self.known[shaped, other]


class Journeys:
    """Moves statements of one dialect to others and back, and remembers the parts that it has moved.

    Args:
        dialect: a dbt adapter's type.
        others: the dialects that statements are moved to.
        arrivals: what is known of the ways there, from other dialects.
    """

    def __init__(self, dialect: str, others: Iterable[str], arrivals: Arrivals) -> None:
        self._dialect = dialect
        self._others = tuple(other for other in others if other != dialect)
        self._arrivals = arrivals
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
        for other, reason in journeys(whole, self._dialect, self._others, self._arrivals):
            yield other, reason, shown(part.sql(dialect=self._dialect))


def journeys(
    tree: exp.Expr, dialect: str, others: Iterable[str], arrivals: Arrivals
) -> Iterator[tuple[str, str]]:
    """The dialects that a tree cannot be moved to and back, each with the reason.

    Args:
        tree: what is moved; it stays as it is.
        dialect: where it comes from.
        others: where it goes.
        arrivals: what is known of the ways there; what is found out is added.
    """
    shaped = shape(tree)
    own = _unwritable(tree.copy(), dialect)
    for other in others:
        arrived = arrivals.of(tree, shaped, other)
        if isinstance(arrived, str):
            yield other, arrived
        elif reason := own if arrived is None else _unwritable(arrived.copy(), dialect):
            yield other, reason


def _there(tree: exp.Expr, other: str) -> exp.Expr | str:
    """What a dialect reads of a tree once it is written for it, or why it cannot be."""
    try:
        text = tree.sql(dialect=other, unsupported_level=ErrorLevel.RAISE)
        return sqlglot.parse_one(text, dialect=other, error_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        return _first_line(error)
    except (ParseError, TokenError) as error:
        return f"cannot be read back: {_PLACE.sub('', _first_line(error))}"


def _unwritable(tree: exp.Expr, dialect: str) -> str | None:
    """Why a dialect cannot say a tree, which is used up; None where it can."""
    try:
        tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE, copy=False)
    except UnsupportedError as error:
        return _first_line(error)
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _shapes(tree: exp.Expr, parts: Sequence[exp.Expr]) -> list[str]:
    """The shape of each part without those inside of it, and that of the frame."""
    identities = frozenset(map(id, parts))
    return [shape(part, identities) for part in (*parts, tree)]


def _finding(statement: str, dialect: str, other: str, reason: str, fragment: str) -> Finding:
    message = f"sqlglot cannot move this to {other}: {reason}"
    return Finding("transpile", "note", statement, dialect, message, fragment)
