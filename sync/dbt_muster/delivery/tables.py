"""The tables that syncs write: made where missing, and given the columns that an earlier version lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from dbt_muster.errors import MusterError
from dbt_muster.render import Renderer

KEPT_AS = {
    "spark": "Delta Lake (installed in the session or on the cluster) or, created beforehand, Iceberg",
    "trino": "a connector that updates and deletes rows, such as Delta Lake's or Iceberg's",
}
"""What tables need whose rows are changed, where not every table's can be, by the adapter's type."""


class Connection(Protocol):
    """What syncs need of a warehouse."""

    def execute(self, sql: str) -> None:
        """Run one statement and commit it."""

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one query and give its rows."""

    def relation(self, name: str) -> str:
        """The SQL name of one of muster's own tables."""


@contextmanager
def changing_rows(dialect: str, what: str) -> Iterator[None]:
    """Let an error say what the tables need.

    Args:
        dialect: the adapter's type.
        what: what is not done, and which tables it would have changed.
    """
    try:
        yield
    except MusterError as error:
        if dialect not in KEPT_AS:
            raise
        raise MusterError(f"{what}, which on {dialect} needs {KEPT_AS[dialect]}. {error}") from None


@contextmanager
def quickly_written(connection: Connection, renderer: Renderer) -> Iterator[None]:
    """Write tables quickly rather than small meanwhile, where the warehouse can be asked to and does it."""
    begin, end = (renderer.call("muster_quickly_written", each).strip() for each in (True, False))
    try:
        if begin:
            connection.execute(begin)
    except MusterError:
        begin = ""  # a configuration may be locked, and this is only for speed
    try:
        yield
    finally:
        if begin:
            connection.execute(end)


class Tables:
    """Some of muster's own tables in a warehouse.

    Args:
        connection: an open warehouse.
        renderer: the macros in its dialect.
        names: the tables.
    """

    def __init__(self, connection: Connection, renderer: Renderer, names: Sequence[str]) -> None:
        self._connection = connection
        self._renderer = renderer
        self._relations = {name: connection.relation(name) for name in names}

    def are_current(self) -> bool:
        """Whether every table is there, with every column that it has in this version."""
        return self._answers("tables_probe", self._relations)

    def make(self) -> None:
        """Create what is missing, in the order of the names, and add columns to what an earlier version made.

        Rows that are there have nothing in a column that is added.

        Raises:
            MusterError: the warehouse does not let a table be made or changed.
        """
        if self.are_current():
            return
        for name, relation in self._relations.items():
            self._create(name, relation)
        if self.are_current():
            return  # nothing was there before, as at the first sync
        for name, relation in self._relations.items():
            for column in self._renderer.call("muster_sync_column_names", name).split():
                if not self._answers("columns_probe", relation, [column]):
                    self._add(name, relation, column)

    def _create(self, name: str, relation: str) -> None:
        try:
            self._execute("create_table", relation, name)
        except MusterError:
            # PostgreSQL's `if not exists` fails where another first sync makes the table at the same moment.
            if not self._answers("probe", relation):
                raise

    def _add(self, name: str, relation: str, column: str) -> None:
        try:
            self._execute("add_column", relation, name, column)
        except MusterError as error:
            if self._answers("columns_probe", relation, [column]):
                return  # another sync added it at the same moment
            raise MusterError(
                f"The table {name} was made by an earlier version of muster: it has no column {column!r}, "
                f"and none can be added. {error} Let the owner of the table add it, or run a sync once."
            ) from None

    def _answers(self, macro: str, *arguments: object) -> bool:
        try:
            self._connection.query(self._renderer.call(f"muster_sync_{macro}", *arguments))
        except MusterError:
            return False
        return True

    def _execute(self, macro: str, *arguments: object) -> None:
        self._connection.execute(self._renderer.call(f"muster_sync_{macro}", *arguments))
