"""A model moved to another warehouse and from there to DuckDB, run beside what it itself becomes there."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from decimal import Decimal
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from sqlglot import expressions as exp

from dbt_muster.portability.own.reading import Typed
from dbt_muster.portability.own.rows import made_up
from dbt_muster.portability.proof import build, counted, session
from dbt_muster.portability.transpiling import Moved

_DIGITS = 12
"""Of a floating-point number: the last ones depend on the order of an addition."""


class OwnProof:
    """The rows that a model gives.

    Args:
        typed: its query, and what it reads.
        native: the query in DuckDB's SQL, or why there is none.
    """

    def __init__(self, typed: Typed, native: Moved) -> None:
        self._native = native.sql
        self.refusal = typed.unmade
        if native.refusal is not None:
            self.refusal = f"sqlglot cannot move this to DuckDB: {native.refusal}"
        self._rows: Counter[Any] | None = None
        self._folder = TemporaryDirectory()
        if self.refusal is None and typed.query is not None:
            self._paths = [self._built(typed, typed.query, backwards=turned) for turned in (False, True)]
            self.refusal = self._first_run()

    def close(self) -> None:
        """Let the made-up rows go."""
        self._folder.cleanup()

    def differs(self, sql: str) -> bool:
        """Whether another query gives other rows.

        Raises:
            duckdb.Error: DuckDB does not run it.
        """
        return self._run(self._paths[0], sql) != self._rows

    def _first_run(self) -> str | None:
        """Run the model itself; why nothing can be compared with what it gives, or None."""
        try:
            self._rows, other = (self._run(path, self._native) for path in self._paths)
        except duckdb.Error as error:
            return f"what sqlglot makes of this, DuckDB does not run: {str(error).splitlines()[0]}"
        if other != self._rows:
            return "its rows are others at each run, or depend on the order in which a table is read"
        if not other:
            return "no made-up row comes through it, so that there is nothing to compare"
        return None

    def _built(self, typed: Typed, query: exp.Query, *, backwards: bool) -> Path:
        path = Path(self._folder.name) / f"{'backwards' if backwards else 'world'}.duckdb"
        build(path, made_up(typed.kinds, query, backwards=backwards), [])
        return path

    def _run(self, path: Path, sql: str) -> Counter[Any]:
        with closing(session(path)) as connection:
            rows = connection.execute(sql).fetchall()
        return counted(tuple(map(_rounded, row)) for row in rows)


def _rounded(cell: Any) -> Any:
    """A number as far as two ways to calculate it agree, of whatever type; what is no number is itself."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return cell
    if isinstance(cell, int) or not isfinite(cell):
        return f"{cell}"
    return f"{int(cell)}" if cell == int(cell) else f"{cell:.{_DIGITS}g}"
