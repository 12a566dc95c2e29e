"""Reading a statement as strictly as sqlglot can read its dialect."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.functions import KNOWN

# What sqlglot warns of, a statement that it passes over, is a finding or a note here, and is said there.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_SHOWN = 200


def parsed(statement: str, sql: str, dialect: str) -> tuple[exp.Expr | None, list[Finding]]:
    """The tree of one statement, and what is wrong with it.

    Args:
        statement: the model's name, for the findings.
        sql: its text.
        dialect: a dbt adapter's type.
    """
    try:
        trees = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
    except (ParseError, TokenError) as error:
        return None, [_unreadable(statement, sql, dialect, error)]
    (tree, *others) = trees
    if tree is None or others:
        message = "this is no statement" if tree is None else f"these are {len(trees)} statements"
        return None, [Finding("parse", "error", statement, dialect, message, shown(sql))]
    return tree, list(_unknown(statement, tree, dialect))


def shown(sql: str) -> str:
    """SQL on one line, cut where it is long."""
    text = " ".join(sql.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _unreadable(statement: str, sql: str, dialect: str, error: Exception) -> Finding:
    if isinstance(error, TokenError):
        message = f"{dialect} does not read this: something in quotes, or a comment, has no end"
        return Finding("parse", "error", statement, dialect, message, shown(sql))
    details = getattr(error, "errors", None) or [{}]
    first = details[0]
    fragment = f"{first.get('start_context', '')}{first.get('highlight', '')}{first.get('end_context', '')}"
    message = f"{dialect} does not read this: {first.get('description') or str(error).splitlines()[0]}"
    return Finding("parse", "error", statement, dialect, message, shown(fragment or sql))


def _unknown(statement: str, tree: exp.Expr, dialect: str) -> Iterator[Finding]:
    """What sqlglot passes over rather than reads: whole commands, and functions that the dialect has not."""
    for command in tree.find_all(exp.Command):
        message = f"{dialect} does not read the whole of this statement"
        yield Finding("unparsed", "error", statement, dialect, message, shown(command.sql(dialect=dialect)))
    seen: set[str] = set()
    for function in tree.find_all(exp.Anonymous):
        name = function.name.lower()
        if name in KNOWN.get(dialect, frozenset()) or name in seen:
            continue
        seen.add(name)
        yield Finding(
            "unknown_function",
            "error",
            statement,
            dialect,
            f"{dialect} has no function `{function.name}`",
            shown(function.sql(dialect=dialect)),
        )
