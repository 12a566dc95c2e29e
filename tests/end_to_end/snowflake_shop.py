"""The shop, with its tables at an emulator of Snowflake, and a profile that dbt-snowflake connects by."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import snowflake.connector

from tests.canaries import CANARIES, OF_DELIVERIES
from tests.end_to_end.shop import Shop
from tests.servers.snowflake_emulator import SnowflakeServer

SCHEMA = "shop"
DATABASE = "warehouse"
"""Another name than any schema's: the emulator takes a schema for a database of the same name."""


def profile(name: str, server: SnowflakeServer, schema: str) -> str:
    """The text of `profiles.yml` for a project.

    Args:
        name: the profile's.
        server: where its one target is.
        schema: the target's; dbt makes it where it is missing.
    """
    settings = server.settings()
    settings.pop("network_timeout")
    target = {**settings, "type": "snowflake", "database": DATABASE, "schema": schema, "threads": 2}
    return json.dumps({name: {"target": "dev", "outputs": {"dev": target}}})


class SnowflakeShop(Shop):
    """A shop in a schema of its own, which is made anew.

    Args:
        folder: of the project.
        server: where its warehouse is.
    """

    def __init__(self, folder: Path, server: SnowflakeServer) -> None:
        super().__init__(folder)
        (folder / "profiles.yml").write_text(profile("shop", server, SCHEMA))
        manifest = folder / "target/manifest.json"
        manifest.write_text(manifest.read_text().replace(r"\"warehouse\".\"main\"", f"{DATABASE}.{SCHEMA}"))
        for model in ("muster_entities__customer", "fans"):
            manifest.write_text(manifest.read_text().replace(rf".\"{model}\"", f".{model}"))
        self._connection = snowflake.connector.connect(**server.settings(), database=DATABASE)
        for statement in (
            f"drop schema if exists {SCHEMA} cascade",
            f"create schema {SCHEMA}",
            f"use schema {SCHEMA}",
        ):
            self.query(statement)

    def close(self) -> None:
        """See that nobody and no secret is where it must not be; then close the connection."""
        with closing(self._connection):
            for (name,) in self.query(
                f"select table_name from information_schema.tables where table_schema = '{SCHEMA.upper()}'"
            ):
                if OF_DELIVERIES.fullmatch(name.lower()):
                    cursor = self._connection.cursor()
                    cursor.execute(f"select * from {name}")
                    columns = [column.name.lower() for column in cursor.description]
                    CANARIES.look_at_table(name.lower(), columns, cursor.fetchall(), "Snowflake")

    def write(self) -> None:
        """Put people and members into the warehouse."""
        self.query(
            "create or replace table muster_entities__customer (customer_id number(38, 0),"
            " identifier__email varchar, identifier__external_id varchar, consent__marketing boolean)"
        )
        self.query("create or replace table fans (customer_id number(38, 0))")
        people = ", ".join(
            f"({key}, {_text(email)}, {_text(external)}, {str(consent).lower()})"
            for key, (email, external, consent) in self.people.items()
        )
        self.query(f"insert into muster_entities__customer values {people}")
        self.query("insert into fans values " + ", ".join(f"({key})" for key in sorted(self.members)))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the shop's tables."""
        cursor = self._connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]


def _text(value: str | None) -> str:
    return "null" if value is None else f"'{value}'"
