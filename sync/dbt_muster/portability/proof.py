"""A dialect's SQL, moved to DuckDB by sqlglot and run there, beside what the macros write for DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, SqlglotError

from dbt_muster.portability.exceptions import mistakes
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.statements import Statement, relation_name, renderer
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Relation, Type
from dbt_muster.testing.tables import SourceTable
from dbt_muster.testing.times import stored


def build(path: Path, tables: Mapping[Relation, SourceTable], statements: Iterable[Statement]) -> None:
    """Write a database with a world's tables, and every model over them as DuckDB's macros say.

    Args:
        path: a file that is not there yet.
        tables: the world.
        statements: models, each after those that it reads.
    """
    renders = renderer("duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(renders.call("muster_testing_session"))
        for relation, table in tables.items():
            _fill(connection, renders, relation_name(relation.kind, *relation.names), table)
        for statement in statements:
            if not statement.incremental:
                name = renders.call("muster_identifier", statement.name)
                query = statement.sql(renders)
                connection.execute(renders.call("muster_testing_create_model", name, query))


def _fill(connection: duckdb.DuckDBPyConnection, renders: Renderer, name: str, table: SourceTable) -> None:
    relation = renders.call("muster_identifier", name)
    columns = {column: kind.value for column, kind in table.columns.items()}
    connection.execute(renders.call("muster_testing_create_table", relation, columns))
    rows = [
        {
            column: stored(renders, row.get(column), kind, table.zones.get(column), table.timezone)
            for column, kind in table.columns.items()
            if kind is not Type.UNKNOWN or column in row
        }
        for row in table.rows
    ]
    if rows:
        connection.execute(renders.call("muster_testing_insert", relation, columns, rows))


class Prover:
    """Compares statements on a database that `build` has written.

    Args:
        path: the database; it is only read.
    """

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect()
        self._renders = renderer("duckdb")
        self._connection.execute(self._renders.call("muster_testing_session"))
        self._connection.execute(f"attach '{path}' as world (read_only)")
        self._connection.execute("use world")

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()

    def prove(self, statement: Statement, tree: exp.Expr, dialect: str) -> Finding | None:
        """None where the statement gives the very rows; else what stands against it."""
        try:
            moved = tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
        except SqlglotError as error:
            reason = str(error).splitlines()[0]
            return _note(statement, dialect, f"sqlglot cannot move this to DuckDB: {reason}")
        native = statement.sql(self._renders)
        try:
            different = self._different(native, moved)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            return _note(statement, dialect, f"what sqlglot makes of this, DuckDB does not run: {reason}")
        if not different:
            return None
        known = next(mistakes(tree, dialect), None)
        if known is not None:
            reason = f"sqlglot moves something here to DuckDB with another meaning: {known.reason}"
            return _note(statement, dialect, reason)
        rows = "row is" if different == 1 else "rows are"
        message = f"{different} {rows} different from those that DuckDB's own form gives"
        return Finding("other_rows", "error", statement.name, dialect, message, shown(moved))

    def _different(self, native: str, moved: str) -> int:
        """How many rows only one of two queries gives."""
        question = self._renders.call("muster_testing_different", native, moved)
        (row,) = self._connection.execute(question).fetchall()
        return int(row[0])


def _note(statement: Statement, dialect: str, reason: str) -> Finding:
    return Finding("not_run", "note", statement.name, dialect, reason)
