"""`muster sync` of hashed members to files: how fast, and whether ten times the members take more memory.

DuckDB is embedded, so what the process holds is the warehouse's memory and the sync's. DuckDB takes whatever
it may, so it is given little for the measurement of memory: what is left to grow is the sync's.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from tests.benchmarks.measure import Figure, Scale, Usage
from tests.benchmarks.project import Project, sql

_AIM = 1.2
_LITTLE = "200MB"


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Deliver few and many members for the first time, each from a fresh warehouse."""
    few, many = scale.delivered
    built = _build(folder / str(many), many)
    limited = folder / "limited"
    shutil.copytree(built, limited, symlinks=True)
    free = _deliver(built, many)
    large = _deliver(limited, many, _LITTLE)
    small = _deliver(_build(folder / str(few), few), few, _LITTLE)
    return [
        Figure("deliver", f"{many:,} members to files", free.seconds, "s"),
        Figure("deliver", f"{many:,} members to files, CPU", free.cpu, "s"),
        Figure("deliver", "members a second", many / free.seconds, "/s"),
        Figure("deliver", f"peak memory, {many:,} members, DuckDB unlimited", free.peak, "MiB"),
        Figure("deliver", f"peak memory, {few:,} members", small.peak, "MiB"),
        Figure("deliver", f"peak memory, {many:,} members", large.peak, "MiB"),
        Figure("deliver", f"peak memory, {many:,} / {few:,} members", large.peak / small.peak, "times", _AIM),
    ]


def _build(folder: Path, members: int) -> Path:
    """A project whose one audience has that many members, built and never delivered."""
    project = Project(folder)
    with duckdb.connect(str(project.warehouse)) as connection:
        connection.execute(sql("people", members=members))
    source = {"name": "crm", "schema": "main", "tables": [{"name": "people"}]}
    project.write_yaml("models/sources.yml", {"sources": [source]})
    project.write_yaml(
        "audience_specs/entities.yml",
        {
            "entity": "customer",
            "model": "source('crm', 'people')",
            "key": "customer_id",
            "attributes": {"country": {"type": "string"}},
            "identifiers": {"email": "email", "external_id": "external_id"},
        },
    )
    project.write_yaml(
        "audience_specs/destinations.yml", {"destination": "exports", "type": "files", "path": "out"}
    )
    project.write_audience(
        "everyone",
        {"all": [{"attribute": "country", "is": "GB"}]},
        sync=[{"to": "exports", "match_on": ["email", "external_id"]}],
    )
    project.compile()
    project.dbt("run", "--select", "+everyone")
    return folder


def _deliver(folder: Path, members: int, memory: str | None = None) -> Usage:
    """Sync a built project, and check that everybody arrived."""
    usage = Project(folder, memory=memory).muster("sync")
    delivered = sum(path.read_bytes().count(b"\n") - 1 for path in (folder / "out").rglob("*.csv"))
    if delivered != members:
        raise AssertionError(f"{delivered:,} members were delivered, not {members:,}")
    return usage
