"""A full build of audiences over events, against one query written by hand for each audience.

Both are dbt projects over the same tables, and must give the same members. Two ways to write by hand are
measured: one read of the events with an aggregate for each condition, which is how most such queries are
written, and a narrow read for each condition, which is how one is tuned.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from tests.benchmarks.measure import Figure, Scale, Usage, best
from tests.benchmarks.project import AS_OF, Project, sql
from tests.benchmarks.workload import Audience, audiences

_AIM = 0.5
_BY_HAND = ("one scan", "a scan a condition")

# What muster keeps besides the audiences, and nobody writes by hand.
_LOG = ("muster_memberships", "muster_audiences", "package:muster")

_ENTITY: dict[str, Any] = {
    "entity": "customer",
    "model": "source('app', 'app_users')",
    "key": "user_id",
    "attributes": {"country": {"type": "string"}},
    "events": {
        "app": {
            "model": "source('app', 'app_events')",
            "key": "user_id",
            "at": "happened_at",
            "name": "event_name",
            "properties": {
                "amount": {"type": "number"},
                "channel": {"type": "string"},
                "quantity": {"type": "integer"},
            },
        }
    },
}
_SOURCES: dict[str, Any] = {
    "sources": [
        {
            "name": "app",
            "database": "data",
            "schema": "main",
            "tables": [{"name": "app_events"}, {"name": "app_users"}],
        }
    ]
}


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Build both ways, compare the members, and give seconds and ratios."""
    wanted = audiences(scale)
    figures = []
    for number, layout in enumerate(scale.layouts):
        data = folder / f"data_{number}.duckdb"
        make_events(data, scale, layout)
        figures += _layout(scale, folder / f"layout_{number}", data, layout, wanted)
        data.unlink()
    return figures


def make_events(data: Path, scale: Scale, layout: str) -> None:
    """Make the tables of people and events."""
    with duckdb.connect(str(data)) as connection:
        connection.execute(sql("users", users=scale.users))
        connection.execute(sql("events", events=scale.events, users=scale.users, as_of=AS_OF, layout=layout))


def with_muster(folder: Path, data: Path, wanted: list[Audience]) -> Project:
    """The project with a spec for each audience, compiled."""
    project = Project(folder, attach=data)
    project.write_yaml("models/sources.yml", _SOURCES)
    project.write_yaml("audience_specs/entities.yml", _ENTITY)
    for audience in wanted:
        project.write_audience(audience.name, audience.criteria())
    project.compile()
    return project


def by_hand(folder: Path, data: Path, wanted: list[Audience], style: str) -> Project:
    """The project with a query for each audience."""
    project = Project(folder, attach=data)
    project.write_yaml("models/sources.yml", _SOURCES)
    for audience in wanted:
        query = audience.one_scan() if style == "one scan" else audience.a_scan_a_condition()
        project.write(f"models/{audience.name}.sql", query)
    return project


def _layout(scale: Scale, folder: Path, data: Path, layout: str, wanted: list[Audience]) -> list[Figure]:
    names = [audience.name for audience in wanted]
    muster = with_muster(folder / "muster", data, wanted)
    hand = {style: by_hand(folder / style.replace(" ", "_"), data, wanted, style) for style in _BY_HAND}
    if scale.parsed_before:
        for project in (muster, *hand.values()):
            project.dbt("parse")
    # One after the other, and again, so that whatever else the machine does falls on all of them.
    ours: list[Usage] = []
    theirs: dict[str, list[Usage]] = {style: [] for style in _BY_HAND}
    for _ in range(max(1, scale.repeats - 1)):
        ours.append(_fresh(muster, "--exclude", *_LOG))
        for style, project in hand.items():
            theirs[style].append(_fresh(project))
    members = muster.members(names)
    for style, project in hand.items():
        _same(names, members, project.members(names), style)
    log = muster.dbt("run", "--select", *_LOG)
    return [
        *_times(f"muster, events {layout}", best(ours)),
        *_times(f"muster's log of members and changes, events {layout}", log),
        *(figure for style in _BY_HAND for figure in _ratios(layout, style, best(ours), best(theirs[style]))),
        Figure("build", f"members of all audiences, events {layout}", sum(size for size, _ in members), ""),
    ]


def _fresh(project: Project, *arguments: str) -> Usage:
    project.warehouse.unlink(missing_ok=True)
    return project.dbt("run", *arguments)


def _ratios(layout: str, style: str, ours: Usage, theirs: Usage) -> list[Figure]:
    title = f"muster / by hand, {style}, events {layout}"
    return [
        *_times(f"by hand, {style}, events {layout}", theirs),
        Figure("build", title, ours.seconds / theirs.seconds, "times", _AIM),
        Figure("build", f"{title}, CPU", ours.cpu / theirs.cpu, "times"),
    ]


def _times(title: str, usage: Usage) -> list[Figure]:
    return [
        Figure("build", title, usage.seconds, "s"),
        Figure("build", f"{title}, CPU", usage.cpu, "s"),
    ]


def _same(names: list[str], ours: list[tuple[int, int]], theirs: list[tuple[int, int]], style: str) -> None:
    different = [name for name, one, other in zip(names, ours, theirs, strict=True) if one != other]
    if different:
        raise AssertionError(f"muster and the queries by hand ({style}) differ in: {', '.join(different)}")
