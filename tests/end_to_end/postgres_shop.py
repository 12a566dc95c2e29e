"""The shop, with its tables on a PostgreSQL server and a profile that dbt-postgres connects by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extras import execute_values

from tests.canaries import CANARIES, OF_DELIVERIES
from tests.end_to_end.shop import Shop
from tests.servers.postgres import PostgresServer

SCHEMA = "Shop-1"


def profile(name: str, server: PostgresServer, schema: str) -> str:
    """The text of `profiles.yml` for a project.

    Args:
        name: the profile's.
        server: where its one target is.
        schema: the target's; dbt makes it where it is missing.
    """
    target = {
        "type": "postgres",
        "host": server.folder,
        "port": 5432,
        "user": server.user,
        "password": "",
        "dbname": server.database,
        "schema": schema,
        "threads": 2,
    }
    return json.dumps({name: {"target": "dev", "outputs": {"dev": target}}})


class PostgresShop(Shop):
    """A shop in a schema of its own, which is made anew.

    Args:
        folder: of the project.
        server: where its warehouse is.
    """

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        super().__init__(folder)
        self._server = server
        (folder / "profiles.yml").write_text(profile("shop", server, SCHEMA))
        manifest = folder / "target/manifest.json"
        manifest.write_text(
            manifest.read_text().replace(r"\"warehouse\".\"main\"", rf"\"postgres\".\"{SCHEMA}\"")
        )
        with self.cursor() as cursor:
            cursor.execute(f'drop schema if exists "{SCHEMA}" cascade')
            cursor.execute(f'create schema "{SCHEMA}"')

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """One transaction."""
        with closing(self.connect()) as connection, connection, connection.cursor() as cursor:
            yield cursor

    def connect(self) -> Any:
        """A connection to the shop's schema."""
        server = self._server
        return psycopg2.connect(
            host=server.folder,
            user=server.user,
            dbname=server.database,
            options=f'-c search_path="{SCHEMA}"',
        )

    def write(self) -> None:
        """Put people and members into the warehouse."""
        with self.cursor() as cursor:
            cursor.execute(
                "drop table if exists muster_entities__customer, fans;"
                "create table muster_entities__customer (customer_id bigint, identifier__email text,"
                " identifier__external_id text, consent__marketing boolean);"
                "create table fans (customer_id bigint)"
            )
            execute_values(
                cursor,
                "insert into muster_entities__customer values %s",
                [[key, *person] for key, person in self.people.items()],
            )
            execute_values(cursor, "insert into fans values %s", [[key] for key in sorted(self.members)])

    def look_for_canaries(self) -> None:
        """See that nobody and no secret is where it must not be."""
        for table in filter(OF_DELIVERIES.fullmatch, self.tables()):
            with self.cursor() as cursor:
                cursor.execute(f'select * from "{table}"')
                columns = [column.name for column in cursor.description]
                CANARIES.look_at_table(table, columns, cursor.fetchall(), "PostgreSQL")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the shop's tables."""
        with self.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def tables(self) -> set[str]:
        """The names of all tables there are."""
        names = f"select table_name from information_schema.tables where table_schema = '{SCHEMA}'"
        return {row[0] for row in self.query(names)}
