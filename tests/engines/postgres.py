"""PostgreSQL, on a server of the tests' own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - the driver names this class in lower case

from tests.engines.engines import Members, rendered
from tests.oracle.world import Key, Table, World, column_of
from tests.servers.postgres import PostgresServer


class Postgres:
    """The whole path but dbt, as on DuckDB. A world lives in one transaction, which is taken back.

    Args:
        server: which sorts text by a language, in sessions of a far time zone.
    """

    name = "postgres"
    _TYPES: Mapping[str, str] = {
        "string": "text",
        "integer": "bigint",
        "number": "numeric(18, 2)",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp",
        "timestamptz": "timestamptz",
        "list": "text[]",
    }

    def __init__(self, server: PostgresServer) -> None:
        self._connection = psycopg2.connect(host=server.folder, user=server.user, dbname=server.database)

    def members(self, world: World) -> Members:
        """Who is a member of each audience of the world."""
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute("create schema world; set local search_path to world")
                for name, table in world.tables.items():
                    self._fill(cursor, name, table)
                for model, sql in rendered(world, self.name):
                    cursor.execute(f'create table "{model}" as {sql}')
                key = column_of("key", world.entity["key"], world.table(world.entity["model"])).column
                return {name: self._keys(cursor, name, key) for name in world.audiences}
        finally:
            self._connection.rollback()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _fill(self, cursor: Cursor, name: str, table: Table) -> None:
        columns = ", ".join(
            f"{_quoted(column)} {self._TYPES[kind]}" for column, kind in table.columns.items()
        )
        cursor.execute(f'create table "{name}" ({columns})')
        if not table.rows:
            return
        marks = ", ".join(f"%s::{self._TYPES[kind]}" for kind in table.columns.values())
        values = [
            self._value(row.get(column), kind) for row in table.rows for column, kind in table.columns.items()
        ]
        rows = ", ".join([f"({marks})"] * len(table.rows))
        cursor.execute(f'insert into "{name}" values {rows}', values)

    @staticmethod
    def _value(value: object, kind: str) -> object:
        if value is None or isinstance(value, list | bool | int):
            return value
        return f"{value}+00" if kind == "timestamptz" else str(value)

    @staticmethod
    def _keys(cursor: Cursor, audience: str, key: str) -> frozenset[Key]:
        cursor.execute(f'select {_quoted(key)} from "{audience}"')
        found = [row[0] for row in cursor.fetchall()]
        assert len(found) == len(set(found)), f"{audience} has a key twice: {sorted(found)}"
        return frozenset(found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
