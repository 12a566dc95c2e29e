"""From one dialect to another and back: what does not survive the journey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError, UnsupportedError

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown


def journeys(statement: str, tree: exp.Expr, dialect: str, others: Iterable[str]) -> Iterator[Finding]:
    """A note for each other dialect that cannot say the statement, or cannot be read back.

    The macros write each dialect by themselves, so a note here is no fault of the statement in its own
    dialect: it says that sqlglot alone could not move it.
    """
    for other in others:
        if other == dialect:
            continue
        try:
            there = tree.sql(dialect=other, unsupported_level=ErrorLevel.RAISE)
            back = sqlglot.parse_one(there, dialect=other, error_level=ErrorLevel.RAISE)
            back.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE)
        except UnsupportedError as error:
            yield _note(statement, dialect, other, str(error).splitlines()[0])
        except (ParseError, TokenError) as error:
            yield _note(statement, dialect, other, f"cannot be read back: {str(error).splitlines()[0]}")


def _note(statement: str, dialect: str, other: str, reason: str) -> Finding:
    message = f"sqlglot cannot move this to {other}: {reason}"
    return Finding("transpile", "note", statement, dialect, message, shown(reason))
