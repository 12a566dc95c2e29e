"""Which part of a statement it is that keeps it from being proved."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, SqlglotError

from dbt_muster.portability.exceptions import Mistake
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.pieces import shape

_NAMED = re.compile(r"(?:name|Macro|function) \"?'?(\w+)")
_POINTED = re.compile(r"^LINE \d+: (?P<line>.*)\n(?P<before> *)\^", flags=re.MULTILINE)
_WORDS = 60
"""So many letters are shown from where DuckDB points to."""


def unmovable(sql: str, dialect: str) -> str:
    """The smallest part that sqlglot cannot move to DuckDB; the whole where each part can be.

    Args:
        sql: a statement that cannot be moved.
        dialect: its dialect.
    """
    node: exp.Expr = sqlglot.parse_one(sql, dialect=dialect)
    reason = _refusal(node)
    while reason is not None:
        inside = next((each for each in node.iter_expressions() if _refusal(each) == reason), None)
        if inside is None:
            break
        node = inside
    return _text(node, dialect)


def _refusal(node: exp.Expr) -> str | None:
    try:
        node.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        return str(error).splitlines()[0]
    except (AttributeError, KeyError, TypeError, ValueError):  # it needs what stands around it
        return None
    return None


def mistaken(tree: exp.Expr, mistake: Mistake, dialect: str) -> str:
    """The part that sqlglot is known to move wrongly."""
    kind, *inside = mistake.nodes
    found = next(node for node in tree.find_all(kind) if not inside or node.find(inside[0]))
    return _text(found, dialect)


def unrunnable(sql: str, moved: str, error: str, dialect: str) -> str:
    """The part that DuckDB does not run, as far as its complaint tells; else the whole.

    Args:
        sql: the statement in its dialect.
        moved: it as sqlglot writes it for DuckDB.
        error: what DuckDB says of that.
        dialect: the statement's dialect.
    """
    named = _NAMED.search(error.splitlines()[0])
    if named:
        for text, read in ((sql, dialect), (moved, "duckdb")):
            found = _called(sqlglot.parse_one(text, dialect=read), named[1], read)
            if found is not None:
                return _text(found, read)
    pointed = _POINTED.search(error)
    if pointed:
        start = len(pointed["before"]) - len("LINE 1: ")
        return shown(pointed["line"][max(start, 0) :][:_WORDS])
    return shown(sql)


def _called(tree: exp.Expr, name: str, dialect: str) -> exp.Expr | None:
    """The first call of a function by the name that a dialect has for it."""
    others: set[str] = set()
    for node in tree.find_all(exp.Func):
        # What a thousand audiences have in common is written once.
        kind = shape(node)
        if kind not in others:
            if node.sql(dialect=dialect).lower().startswith(f"{name.lower()}("):
                return node
            others.add(kind)
    return None


def _text(node: exp.Expr, dialect: str) -> str:
    return shown(node.sql(dialect=dialect, unsupported_level=ErrorLevel.IGNORE))
