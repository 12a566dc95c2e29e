"""Made-up rows for the tables that a model reads, around the literals of its SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlglot import expressions as exp

from dbt_muster.portability.cells import Cells
from dbt_muster.portability.edges import odd_moments
from dbt_muster.portability.literals import NOW, Literals
from dbt_muster.specs.meaning import Relation, Type
from dbt_muster.testing.tables import SourceTable

ROWS = 100
_COMPARISONS = (exp.Binary, exp.In, exp.Between)


def made_up(
    tables: Mapping[str, Mapping[str, Type]], tree: exp.Expr, *, backwards: bool = False
) -> dict[Relation, SourceTable]:
    """The tables with rows, the same every time.

    Args:
        tables: the columns of each, and what they hold.
        tree: the SQL that reads them.
        backwards: whether the rows stand in the other order.
    """
    cells = Cells(_literals(tree))
    found = {}
    for name, columns in tables.items():
        table = SourceTable("UTC", dict(columns), dict.fromkeys(columns))
        rows = cells.rows(cells.columns(table, {}), ROWS)
        rows += rows[: ROWS // 20]
        table.rows += rows[::-1] if backwards else rows
        found[Relation("ref", (name,))] = table
    return found


def _literals(tree: exp.Expr) -> Literals:
    """What columns are compared with; a text that is a time is the end of a window."""
    found = Literals({}, {NOW, *(each.utc for each in odd_moments(()))}, {})
    for comparison in tree.find_all(*_COMPARISONS):
        names = [column.name for column in comparison.find_all(exp.Column)]
        for literal in comparison.find_all(exp.Literal):
            value = _value(literal)
            found.moments.update(_moments(value))
            for name in names:
                found.by_name.setdefault(name, set()).add(value)
    return found


def _value(literal: exp.Literal) -> Any:
    if literal.is_string:
        return literal.name
    try:
        return int(literal.name) if literal.name.isdigit() else Decimal(literal.name)
    except InvalidOperation:
        return literal.name


def _moments(value: object) -> Iterator[datetime]:
    try:
        moment = datetime.fromisoformat(str(value)) if isinstance(value, str) else None
    except ValueError:
        return
    if moment is not None:
        yield moment.replace(tzinfo=None)
