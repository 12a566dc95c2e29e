"""Why a column cannot be told: it is of no table, or of several."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.schema import MappingSchema

from dbt_muster.portability.codes import INSTEAD
from dbt_muster.portability.findings import Finding
from dbt_muster.specs.names import nearest

_NAME = re.compile(r"(?:[Cc]olumn '|Unknown column: )\"?([^'\"]+)")


def unresolved(statement: str, tree: exp.Expr, dialect: str, schema: MappingSchema, message: str) -> Finding:
    """The finding for a query whose columns sqlglot cannot tell.

    Args:
        statement: the model's name.
        tree: the query.
        dialect: a dbt adapter's type.
        schema: the tables that there are.
        message: what sqlglot said.
    """
    name = _NAME.search(message)
    for scope in traverse_scope(tree) if name and isinstance(tree, exp.Query) else ():
        for column in scope.columns:
            if name and column.name.lower() == name[1].lower():
                found = _why(column, _tables(scope, schema))
                if found is not None:
                    code, said, instead = found
                    fragment = column.sql(dialect=dialect)
                    return Finding(code, "error", statement, dialect, said, fragment, instead)
    said = f"{message.split('. Line')[0].rstrip('.')}: it is of no table here, or of several"
    return Finding("unresolved_column", "error", statement, dialect, said)


def _tables(scope: Scope, schema: MappingSchema) -> dict[str, list[str]]:
    """The columns of everything that a query reads, by the name that it has there; those around it too."""
    found: dict[str, list[str]] = {}
    around: Scope | None = scope
    while around is not None:
        for name, source in around.sources.items():
            found.setdefault(name, _columns(source, schema))
        around = around.parent if scope.is_correlated_subquery else None
    return found


def _columns(source: object, schema: MappingSchema) -> list[str]:
    if isinstance(source, Scope):
        expression = source.expression
        return list(expression.named_selects) if isinstance(expression, exp.Query) else []
    return list(schema.column_names(source)) if isinstance(source, exp.Table) else []


def _why(column: exp.Column, tables: Mapping[str, list[str]]) -> tuple[str, str, str | None] | None:
    """The code, the message, and what to write instead; None where this column is none of those."""
    if column.table and column.table not in tables:
        near = nearest(column.table, tables)
        said = f"nothing here is called `{column.table}`"
        return "unknown_column", said, f"{near}.{column.name}" if near else INSTEAD["unknown_column"]
    looked_at = {column.table: tables[column.table]} if column.table else tables
    owners = [name for name, columns in looked_at.items() if _has(columns, column.name)]
    if len(owners) > 1:
        listed = " and of ".join(f"`{name}`" for name in owners)
        choice = " or ".join(f"{name}.{column.name}" for name in owners)
        return "ambiguous_column", f"`{column.name}` is a column of {listed}", choice
    if owners:
        return None
    if unknown := [name for name, columns in looked_at.items() if not columns]:
        said = f"nothing is known of the columns of `{unknown[0]}`, and no other table has `{column.name}`"
        return "unknown_column", said, INSTEAD["unknown_column"]
    near = nearest(column.name, {each for columns in looked_at.values() for each in columns})
    where = " or ".join(f"`{name}`" for name in looked_at)
    return (
        "unknown_column",
        f"there is no column `{column.name}` in {where}",
        near or INSTEAD["unknown_column"],
    )


def _has(columns: list[str], name: str) -> bool:
    return name.lower() in (column.lower() for column in columns)
