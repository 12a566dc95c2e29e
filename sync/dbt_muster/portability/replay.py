"""Deliveries run on DuckDB step by step: each as a dialect has it, and as the macros write it for DuckDB.

Every step begins from the tables that DuckDB's own form of the steps before it has left. What the dialect's
form does to the table that it writes is looked at and taken back; then DuckDB's own form does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.proof import counted, judged_difference, not_moved, not_taken
from dbt_muster.portability.statements import Statement, renderer
from dbt_muster.portability.transpiling import Moved

_GONE = "the table is not there"


class Replay:
    """Compares the steps of deliveries.

    Args:
        path: a database with the models that are delivered; it is only read.
        statements: the stories, whole.
    """

    def __init__(self, path: Path, statements: Iterable[Statement]) -> None:
        self._path = path
        self._renders = renderer("duckdb")
        self._stories: dict[str, list[Statement]] = {}
        for statement in statements:
            if statement.kind == "sync":
                self._stories.setdefault(statement.story, []).append(statement)
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._story, self._place = "", 0
        self._native: dict[Statement, Any] = {}

    def close(self) -> None:
        """Let the databases go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def prove(self, statement: Statement, sql: str, moved: Moved, dialect: str) -> Finding | None:
        """None where a step does the very same; else what stands against it.

        Args:
            statement: the step.
            sql: it in its dialect.
            moved: it as sqlglot writes it for DuckDB.
            dialect: its dialect.
        """
        if moved.refusal is not None:
            return not_moved(statement, sql, moved.refusal, dialect)
        self._reach(statement)
        try:
            found = self._effect(statement, moved.sql)
        except duckdb.Error as error:
            return not_taken(statement, sql, moved.sql, str(error), dialect)
        if statement not in self._native:
            self._native[statement] = self._effect(statement, statement.sql(self._renders))
        if found == self._native[statement]:
            return None
        said = (
            "this leaves other rows than DuckDB's own form" if statement.writes else "this gives other rows"
        )
        return judged_difference(statement, sql, dialect, said, shown(moved.sql))

    def _reach(self, statement: Statement) -> None:
        """Bring the tables to where a step begins."""
        if self._connection is None or self._story != statement.story or self._place > statement.place:
            self.close()
            self._connection = duckdb.connect(config={"threads": 1})
            self._connection.execute(self._renders.call("muster_testing_session"))
            self._connection.execute(self._renders.call("muster_testing_functions"))
            self._connection.execute(f"attach '{self._path}' as world (read_only)")
            self._connection.execute("set search_path = 'memory.main,world.main'")
            self._story, self._place = statement.story, 0
        for step in self._stories[statement.story][self._place : statement.place]:
            self._connection.execute(step.sql(self._renders))
        self._place = statement.place

    def _effect(self, statement: Statement, sql: str) -> Any:
        """The rows that a step gives, or those of the table that it writes; nothing is kept of it."""
        assert self._connection is not None  # noqa: S101 - `_reach` has opened it
        self._connection.begin()
        try:
            rows = self._connection.execute(sql).fetchall()
            return counted(rows) if statement.writes is None else self._contents(statement.writes)
        finally:
            self._connection.rollback()

    def _contents(self, table: str) -> Any:
        assert self._connection is not None  # noqa: S101
        relation = self._renders.call("muster_identifier", table)
        try:
            columns = self._connection.execute(
                self._renders.call("muster_testing_columns", relation)
            ).fetchall()
            rows = self._connection.execute(self._renders.call("muster_testing_rows", relation)).fetchall()
        except duckdb.CatalogException:
            return _GONE
        return [(name.lower(), kind) for name, kind, *_ in columns], counted(rows)
