"""Snowflake's own driver, against an emulator's server."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import snowflake.connector

from tests.engines.emulator import asked, left_out
from tests.engines.engines import Warehouse
from tests.oracle.world import Table, World
from tests.servers.snowflake_emulator import SnowflakeServer


class Snowflake(Warehouse):
    """Each world has a schema of its own.

    Args:
        server: the emulator's, which ends with the engine.
    """

    name = "snowflake"
    types: Mapping[str, str] = {
        "string": "varchar",
        "integer": "number(38, 0)",
        "number": "number(18, 2)",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp_ntz",
        "timestamptz": "timestamp_tz",
        "list": "array",
        "float": "float",
        "json": "variant",
    }
    mark = "?"

    def __init__(self, server: SnowflakeServer) -> None:
        self._server = server
        self._schemas = itertools.count(1)
        self._connection = snowflake.connector.connect(
            **server.settings(),
            database="worlds",
            paramstyle="qmark",
            session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False},
        )
        self._cursor = self._connection.cursor()

    def quoted(self, name: str) -> str:
        """A name, in capitals where it is one that is written without quotes."""
        plain = re.fullmatch("[a-z_][a-z0-9_$]*", name)
        return '"' + (name.upper() if plain else name).replace('"', '""') + '"'

    def run(self, sql: str, values: Sequence[object] | None = None) -> None:
        """Run a statement."""
        self._cursor.execute(asked(sql), values)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        self._cursor.execute(asked(sql))
        return [tuple(row) for row in self._cursor.fetchall()]

    def left_out(self, world: World) -> str | None:
        """Why the emulator cannot be asked about a world; None where it can."""
        return left_out(world)

    @contextmanager
    def schema(self) -> Iterator[None]:
        """An empty schema, which goes away."""
        schema = f"world_{next(self._schemas)}"
        self.run(f"create schema {schema}")
        self.run(f"use schema {schema}")
        try:
            yield
        finally:
            self.run(f"drop schema {schema} cascade")

    def fill(self, name: str, table: Table) -> None:
        """Make a table, with its rows."""
        columns = ", ".join(
            f"{self.quoted(column)} {self.types[kind]}" for column, kind in table.columns.items()
        )
        self.run(f"create table {self.quoted(name)} ({columns})")
        if not table.rows:
            return
        chosen = ", ".join(self._cast(place, kind) for place, kind in enumerate(table.columns.values(), 1))
        rows = ", ".join(["(" + ", ".join("?" * len(table.columns)) + ")"] * len(table.rows))
        values = [
            self._given(row.get(column), kind) for row in table.rows for column, kind in table.columns.items()
        ]
        self.run(f"insert into {self.quoted(name)} select {chosen} from values {rows}", values)

    def close(self) -> None:
        """Close the connection, and stop the server."""
        self._connection.close()
        self._server.close()

    def _cast(self, place: int, kind: str) -> str:
        if kind in ("list", "json"):
            return f"parse_json(column{place})::{self.types[kind]}"
        return f"column{place}::{self.types[kind]}"

    @staticmethod
    def _given(value: object, kind: str) -> object:
        if value is None:
            return None
        if kind == "list":
            return json.dumps(value)
        if kind == "boolean":
            return "true" if value else "false"
        return f"{value}+00:00" if kind == "timestamptz" else str(value)
