"""A dialect's SQL, moved to DuckDB by sqlglot and run there, beside what the macros write for DuckDB."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlglot

from dbt_muster.portability.exceptions import mistakes
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.parts import mistaken, unmovable, unrunnable
from dbt_muster.portability.statements import Statement, relation_name, renderer
from dbt_muster.portability.transpiling import Moved
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Relation, Type
from dbt_muster.testing.tables import SourceTable
from dbt_muster.testing.times import stored

Row = tuple[Any, ...]

_QUOTED = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")""")


def build(path: Path, tables: Mapping[Relation, SourceTable], statements: Iterable[Statement]) -> None:
    """Write a database with a world's tables, and every model over them as DuckDB's macros say.

    A model that DuckDB's own form cannot make of made-up rows is left out, with all that read it: whatever is
    asked of them later is not run, and says so.

    Args:
        path: a file that is not there yet.
        tables: the world.
        statements: models, each after those that it reads; others are passed over.
    """
    renders = renderer("duckdb")
    models = [each for each in statements if each.kind != "sync" and not each.incremental]
    with duckdb.connect(str(path)) as connection:
        connection.execute(renders.call("muster_testing_session"))
        connection.execute(renders.call("muster_testing_plainly"))
        for relation, table in tables.items():
            _fill(connection, renders, relation_name(relation.kind, *relation.names), table)
        left_out: set[str] = set()
        while (broken := _made(connection, renders, models, left_out)) is not None:
            left_out.add(broken)
            left_out.update(each.name for each in models if not left_out.isdisjoint(each.refs))


def _made(
    connection: duckdb.DuckDBPyConnection,
    renders: Renderer,
    models: Iterable[Statement],
    left_out: Collection[str],
) -> str | None:
    """Make tables of models, all or none; the first that cannot be made, or None."""
    connection.begin()  # each table by itself would be written through to the disk
    for model in models:
        if model.name not in left_out:
            name, query = renders.call("muster_identifier", model.name), model.sql(renders)
            try:
                connection.execute(renders.call("muster_testing_create_model", name, query))
            except duckdb.Error:
                connection.rollback()
                return model.name
    connection.commit()
    return None


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


def session(path: Path) -> duckdb.DuckDBPyConnection:
    """A session that reads a database of made-up rows and knows the functions of other warehouses."""
    renders = renderer("duckdb")
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(renders.call("muster_testing_session"))
    connection.execute(renders.call("muster_testing_plainly"))
    connection.execute(renders.call("muster_testing_functions"))
    connection.execute(f"attach '{path}' as world (read_only)")
    connection.execute("use world")
    return connection


class Prover:
    """Compares statements on a database that `build` has written.

    Args:
        path: the database; it is only read.
    """

    def __init__(self, path: Path) -> None:
        self._connection = session(path)
        self._renders = renderer("duckdb")
        self._native: dict[Statement, Counter[Row]] = {}
        self._proved: dict[Statement, set[str]] = {}

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()

    def prove(self, statement: Statement, sql: str, moved: Moved, dialect: str) -> Finding | None:
        """None where the statement gives the very rows; else what stands against it.

        Args:
            statement: which.
            sql: it in its dialect.
            moved: it as sqlglot writes it for DuckDB.
            dialect: its dialect.
        """
        if moved.refusal is not None:
            return not_moved(statement, sql, moved.refusal, dialect)
        try:
            different = self._different(statement, moved.sql)
        except duckdb.Error as error:
            return not_taken(statement, sql, moved.sql, str(error), dialect)
        if not different:
            return None
        rows = "row is" if different == 1 else "rows are"
        said = f"{different} {rows} different from those that DuckDB's own form gives"
        return judged_difference(statement, sql, dialect, said, shown(moved.sql))

    def _different(self, statement: Statement, moved: str) -> int:
        """How many rows only one of a statement's own form and another query gives.

        What another dialect has come to in the very same words is not run again. Rows that are equal as
        Python reads them are equal; only where they are not is DuckDB asked, which compares across types.
        """
        proved = self._proved.setdefault(statement, set())
        text = _folded(moved)
        if text in proved:
            return 0
        if self._rows(moved) != self._native_rows(statement):
            native = statement.sql(self._renders)
            question = self._renders.call("muster_testing_different", native, moved)
            ((count,),) = self._connection.execute(question).fetchall()
            if count:
                return int(count)
        proved.add(text)
        return 0

    def _native_rows(self, statement: Statement) -> Counter[Row]:
        if statement not in self._native:
            # What `build` has made a table of need not be run again.
            name = self._renders.call("muster_identifier", statement.name)
            native = (
                statement.sql(self._renders)
                if statement.incremental
                else self._renders.call("muster_testing_rows", name)
            )
            self._native[statement] = self._rows(native)
        return self._native[statement]

    def _rows(self, query: str) -> Counter[Row]:
        return counted(self._connection.execute(query).fetchall())


def judged_difference(statement: Statement, sql: str, dialect: str, said: str, fragment: str) -> Finding:
    """A failure, unless sqlglot is known to move something in the statement wrongly."""
    tree = sqlglot.parse_one(sql, dialect=dialect)
    known = next(mistakes(tree, dialect), None)
    if known is not None:
        reason = f"sqlglot moves something here to DuckDB with another meaning: {known.reason}"
        return _not_run(statement, dialect, reason, mistaken(tree, known, dialect))
    return Finding("other_rows", "error", statement.name, dialect, said, fragment)


def not_moved(statement: Statement, sql: str, refusal: str, dialect: str) -> Finding:
    """A statement that sqlglot cannot write for DuckDB."""
    reason = f"sqlglot cannot move this to DuckDB: {refusal}"
    return _not_run(statement, dialect, reason, unmovable(sql, dialect))


def not_taken(statement: Statement, sql: str, moved: str, error: str, dialect: str) -> Finding:
    """A statement that DuckDB does not run as sqlglot writes it."""
    reason = f"what sqlglot makes of this, DuckDB does not run: {error.splitlines()[0]}"
    return _not_run(statement, dialect, reason, unrunnable(sql, moved, error, dialect))


def _not_run(statement: Statement, dialect: str, reason: str, fragment: str) -> Finding:
    """Why a statement counts as no more than parsed."""
    return Finding("not_run", "note", statement.name, dialect, reason, fragment)


def counted(rows: Iterable[Row]) -> Counter[Row]:
    """How often each row is there."""
    return Counter(tuple(map(_comparable, row)) for row in rows)


def _comparable(cell: Any) -> Any:
    """A cell that can be counted; times are of one zone, as DuckDB compares them in its own."""
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.astimezone(UTC).replace(tzinfo=None)
    return repr(cell) if isinstance(cell, list | dict) else cell


def _folded(sql: str) -> str:
    """SQL without capitals outside of texts: DuckDB knows no difference between names, in quotes or not."""
    if "\\" in sql:  # where a quote may be meant as a part of a text
        return sql
    return "".join(part if part.startswith("'") else part.lower() for part in _QUOTED.split(sql))
