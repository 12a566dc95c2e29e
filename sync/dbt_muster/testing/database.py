"""DuckDB in memory: where tests run."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from dbt_muster.errors import MusterError, UsageError

if TYPE_CHECKING:
    import duckdb

_MISSING = """\
Tests run on DuckDB in memory, and Python's duckdb is not installed here.
Install it beside muster: pip install 'dbt-muster[duckdb]'"""

# One thread: the tables hold a few rows. Nothing outside: a spec under test reads and loads no file.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
}


class DatabaseError(MusterError):
    """DuckDB refused a statement."""


class Database:
    """An empty database in memory; a context manager.

    Raises:
        UsageError: duckdb is not installed.
    """

    def __init__(self) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise UsageError(_MISSING) from error
        self._error: type[Exception] = duckdb.Error
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:", config=_SETTINGS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; none for one that gives nothing.

        Raises:
            DatabaseError: the statement cannot be run.
        """
        try:
            return self._connection.execute(statement).fetchall()
        except self._error as error:
            raise DatabaseError(str(error).strip()) from error
