"""The plan of a sync (what a destination must be told) beside two bare EXCEPTs over the same members.

Both hash every member's address, since what a destination holds is hashes. The plan also finds changed
addresses, orders, and cuts into batches.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from dbt_muster.render import Renderer
from tests.benchmarks.measure import Figure, Scale
from tests.benchmarks.project import sql

_AIM = 2.0
_THREADS = 2
_REQUEST = {
    "destination": "exports",
    "audience": "fans",
    "key": "customer_id",
    "keyed_by": "entity_key",
    "consent": None,
    "identifiers": [
        {
            "name": "email",
            "source": "email",
            "place": 1,
            "rule": "email",
            "hash": True,
            "hashed": False,
            "country": None,
            "many": None,
        }
    ],
    "needs_identifier": True,
    "batch_size": 50_000,
    "snapshot": False,
    "add_only": False,
}
_RELATIONS = {"audience": "fans", "entity": "people", "state": "muster_sync_state"}


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Make a state and members that differ from it by one in a hundred; time both ways."""
    renderer = Renderer("duckdb")
    plan = renderer.call("muster_sync_create_plan", "plan", _REQUEST, _RELATIONS)
    with duckdb.connect(str(folder / "diff.duckdb")) as connection:
        connection.execute(f"set threads = {_THREADS}")
        for part in ("people", "fans", "state"):
            connection.execute(sql("diff", part=part, members=scale.diffed))
        ours, theirs = [], []
        for _ in range(scale.repeats):
            theirs.append(_timed(lambda: _excepts(connection), connection, "added", "removed"))
            ours.append(_timed(lambda: connection.execute(plan), connection, "plan"))
        _excepts(connection)
        connection.execute(plan)
        _compare(connection)
    seconds = min(taken for taken, _ in ours), min(taken for taken, _ in theirs)
    cpu = min(taken for _, taken in ours), min(taken for _, taken in theirs)
    return [
        Figure("diff", f"plan of {scale.diffed:,} members, 1 % of them new or gone", seconds[0], "s"),
        Figure("diff", "two bare EXCEPTs", seconds[1], "s"),
        Figure("diff", "plan / two bare EXCEPTs", seconds[0] / seconds[1], "times", _AIM),
        Figure("diff", "plan / two bare EXCEPTs, CPU", cpu[0] / cpu[1], "times"),
    ]


def _excepts(connection: duckdb.DuckDBPyConnection) -> None:
    for side in ("added", "removed"):
        connection.execute(sql("excepts", side=side))


def _timed(
    action: Callable[[], object], connection: duckdb.DuckDBPyConnection, *tables: str
) -> tuple[float, float]:
    started, cpu = time.perf_counter(), _cpu()
    action()
    taken = time.perf_counter() - started, _cpu() - cpu
    for table in tables:
        connection.execute(f"drop table {table}")
    return taken


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Both found the same additions and removals."""
    for table, action in (("added", "add"), ("removed", "remove")):
        rows = connection.execute(sql("difference", table=table, action=action)).fetchall()
        if rows != [(0,)]:
            raise AssertionError(f"the plan and the EXCEPT disagree about {rows} rows that are {table}")
