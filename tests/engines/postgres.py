"""PostgreSQL, on a server of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - the driver names this class in lower case

from tests.engines.engines import Warehouse
from tests.servers.postgres import PostgresServer


class Postgres(Warehouse):
    """A world lives in one transaction, which is taken back.

    Args:
        server: which sorts text by a language, in sessions of a far time zone.
    """

    name = "postgres"
    types: Mapping[str, str] = {
        "string": "text",
        "integer": "bigint",
        "number": "numeric(18, 2)",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp",
        "timestamptz": "timestamptz",
        "list": "text[]",
        "float": "double precision",
        "json": "jsonb",
    }
    mark = "%s"

    def __init__(self, server: PostgresServer) -> None:
        self._connection = psycopg2.connect(host=server.folder, user=server.user, dbname=server.database)
        self._cursor: Cursor | None = None

    def run(self, sql: str, values: Sequence[object] | None = None) -> None:
        """Run a statement."""
        assert self._cursor is not None
        self._cursor.execute(sql, values)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        assert self._cursor is not None
        self._cursor.execute(sql)
        return list(self._cursor.fetchall())

    @contextmanager
    def schema(self) -> Iterator[None]:
        """An empty schema, which goes away."""
        try:
            with closing(self._connection.cursor()) as self._cursor:
                self._cursor.execute("create schema world; set local search_path to world")
                yield
        finally:
            self._cursor = None
            self._connection.rollback()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
