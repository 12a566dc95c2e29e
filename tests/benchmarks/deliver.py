"""`muster sync` of hashed members to files: how fast, and whether ten times the members take more memory.

DuckDB is embedded, so what the process holds is the warehouse's memory and the sync's. DuckDB takes whatever
it may, so it is given little for the measurement of memory: what is left to grow is the sync's.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.benchmarks.measure import Figure, Scale, Usage
from tests.benchmarks.members import build
from tests.benchmarks.project import Project

_AIM = 1.2
_LITTLE = "200MB"
_FILES = {"destination": "exports", "type": "files", "path": "out"}
_MATCH_ON = ("email", "external_id")


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Deliver few and many members for the first time, each from a fresh warehouse."""
    few, many = scale.delivered
    built = build(folder / str(many), many, [_FILES], _MATCH_ON).folder
    limited = folder / "limited"
    shutil.copytree(built, limited, symlinks=True)
    free = _deliver(built, many)
    large = _deliver(limited, many, _LITTLE)
    small = _deliver(build(folder / str(few), few, [_FILES], _MATCH_ON).folder, few, _LITTLE)
    return [
        Figure("deliver", f"{many:,} members to files", free.seconds, "s"),
        Figure("deliver", f"{many:,} members to files, CPU", free.cpu, "s"),
        Figure("deliver", "members a second", many / free.seconds, "/s"),
        Figure("deliver", f"peak memory, {many:,} members, DuckDB unlimited", free.peak, "MiB"),
        Figure("deliver", f"peak memory, {few:,} members", small.peak, "MiB"),
        Figure("deliver", f"peak memory, {many:,} members", large.peak, "MiB"),
        Figure("deliver", f"peak memory, {many:,} / {few:,} members", large.peak / small.peak, "times", _AIM),
    ]


def _deliver(folder: Path, members: int, memory: str | None = None) -> Usage:
    """Sync a built project, and check that everybody arrived."""
    usage = Project(folder, memory=memory).muster("sync")
    delivered = sum(path.read_bytes().count(b"\n") - 1 for path in (folder / "out").rglob("*.csv"))
    if delivered != members:
        raise AssertionError(f"{delivered:,} members were delivered, not {members:,}")
    return usage
