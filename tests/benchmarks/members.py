"""A project whose one audience has so many members, each with an address and a phone number, never sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from tests.benchmarks.project import Project, sql
from tests.servers.postgres import PostgresServer

_ENTITY: Mapping[str, Any] = {
    "entity": "customer",
    "model": "source('crm', 'people')",
    "key": "customer_id",
    "attributes": {"country": {"type": "string"}},
    "identifiers": {"email": "email", "phone": "phone", "external_id": "external_id"},
}


def build(
    folder: Path, members: int, destinations: Sequence[Mapping[str, Any]], match_on: Sequence[str]
) -> Project:
    """Make and build the project.

    Args:
        folder: where.
        members: how many people there are, who are all members.
        destinations: as they are written in destinations.yml, each with its name.
        match_on: the identifiers that each is sent.
    """
    project = Project(folder)
    with duckdb.connect(str(project.warehouse)) as connection:
        connection.execute(sql("people", numbers=f"range({members})"))
    _build(project, "main", destinations, match_on)
    return project


def build_in_postgres(
    folder: Path,
    server: PostgresServer,
    members: int,
    destinations: Sequence[Mapping[str, Any]],
    match_on: Sequence[str],
) -> Project:
    """Make and build the same project in a PostgreSQL server, in place of what is there; as `build`."""
    import psycopg2

    opened = psycopg2.connect(host=server.folder, user=server.user, dbname=server.database)
    with closing(opened) as connection, connection.cursor() as cursor:
        cursor.execute("drop schema if exists public cascade; create schema public")
        cursor.execute(sql("people", numbers=f"generate_series(0, {members - 1})"))
        connection.commit()
    output = {
        "type": "postgres",
        "host": server.folder,
        "user": server.user,
        "password": "",
        "port": 5432,
        "dbname": server.database,
        "schema": "public",
        "threads": 2,
    }
    project = Project(folder, output=output)
    _build(project, "public", destinations, match_on)
    return project


def _build(
    project: Project, schema: str, destinations: Sequence[Mapping[str, Any]], match_on: Sequence[str]
) -> None:
    source = {"name": "crm", "schema": schema, "tables": [{"name": "people"}]}
    project.write_yaml("models/sources.yml", {"sources": [source]})
    project.write_yaml("audience_specs/entities.yml", _ENTITY)
    project.write_yaml("audience_specs/destinations.yml", *destinations)
    project.write_audience(
        "everyone",
        {"all": [{"attribute": "country", "is": "GB"}]},
        sync=[{"to": each["destination"], "match_on": list(match_on)} for each in destinations],
    )
    project.compile()
    project.dbt("run", "--select", "+everyone")
