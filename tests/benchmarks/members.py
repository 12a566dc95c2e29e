"""A project whose one audience has so many members, each with an address and a phone number, never sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.benchmarks.project import Project, sql

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
        connection.execute(sql("people", members=members))
    source = {"name": "crm", "schema": "main", "tables": [{"name": "people"}]}
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
    return project
