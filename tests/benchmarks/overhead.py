"""What one more audience adds to `dbt run`, beside what one more model written by hand of the same SQL adds.

Both have a description and the two data tests of a key, which dbt loads for every run, as any model should.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.benchmarks.measure import Figure, Scale, Usage, best
from tests.benchmarks.project import Project, sql

_AIM = 1.2
_USERS = 1_000


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Run with few and with many of each; the difference is what each one adds."""
    data = folder / "data.duckdb"
    with duckdb.connect(str(data)) as connection:
        connection.execute(sql("users", users=_USERS))
    few, many = scale.bare_models
    projects = {
        (kind, count): make(folder / f"{kind}_{count}", data, count)
        for count in scale.bare_models
        for kind, make in (("muster", _with_muster), ("bare", _bare))
    }
    if scale.parsed_before:
        for project in projects.values():
            project.dbt("parse")
    usages: dict[tuple[str, int], list[Usage]] = {key: [] for key in projects}
    for _ in range(scale.repeats):
        for key, project in projects.items():
            project.warehouse.unlink(missing_ok=True)
            usages[key].append(project.dbt("run"))
    audience, model = (
        _added(best(usages[kind, few]), best(usages[kind, many]), many - few) for kind in ("muster", "bare")
    )
    return [
        Figure("overhead", "each audience adds", audience.seconds * 1000, "ms"),
        Figure("overhead", "each bare model adds", model.seconds * 1000, "ms"),
        Figure("overhead", "audience / bare model", audience.seconds / model.seconds, "times", _AIM),
        Figure("overhead", "audience / bare model, CPU", audience.cpu / model.cpu, "times"),
    ]


def _added(few: Usage, many: Usage, more: int) -> Usage:
    return Usage((many.seconds - few.seconds) / more, (many.cpu - few.cpu) / more, many.peak)


def _sources(project: Project) -> None:
    tables = [{"name": "app_users"}]
    source = {"name": "app", "database": "data", "schema": "main", "tables": tables}
    project.write_yaml("models/sources.yml", {"sources": [source]})


def _with_muster(folder: Path, data: Path, count: int) -> Project:
    project = Project(folder, attach=data)
    _sources(project)
    project.write_yaml(
        "audience_specs/entities.yml",
        {
            "entity": "customer",
            "model": "source('app', 'app_users')",
            "key": "user_id",
            "attributes": {"country": {"type": "string"}},
        },
    )
    for number in range(count):
        project.write_audience(f"audience_{number:03}", {"all": [{"attribute": "country", "is": "GB"}]})
    project.compile()
    return project


def _bare(folder: Path, data: Path, count: int) -> Project:
    project = Project(folder, attach=data)
    _sources(project)
    for number in range(count):
        name = f"audience_{number:03}"
        project.write(f"models/{name}.sql", sql("bare"))
        key = {"name": "user_id", "description": "The key.", "data_tests": ["unique", "not_null"]}
        model = {"name": name, "description": "Who lives in Britain.", "columns": [key]}
        project.write_yaml(f"models/{name}.yml", {"models": [model]})
    return project
