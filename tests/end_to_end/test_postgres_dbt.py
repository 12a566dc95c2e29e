"""The project that installs muster as a package, built by dbt on a real PostgreSQL server, twice."""

from __future__ import annotations

import csv
import shlex
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.commands import REPOSITORY, start
from tests.servers.postgres import PostgresServer

SCHEMA = "Gym"
OFTEN = "a" * 50
"""The longest name that an audience may have."""
SPEC = f"""
audience: {OFTEN}
description: Came at least twice in the last 30 days, last for an hour or so.
entity: member
criteria:
  - {{event: visits, within: 30 days, count: {{at_least: 2}}}}
  - {{event: visits, last: {{of: minutes, between: [40, 90]}}}}
"""
DAYS = ("2026-02-25", "2026-04-01")

Rows = Callable[[str], list[tuple[Any, ...]]]

pytestmark = [pytest.mark.dbt, pytest.mark.slow]


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Path:
    """The project, after a build on each of two days."""
    pytest.importorskip("dbt.adapters.postgres", reason="dbt-postgres is not installed")
    from tests.end_to_end.postgres_shop import profile

    folder = tmp_path_factory.mktemp("elsewhere") / "gym"
    shutil.copytree(REPOSITORY / "tests/other_project", folder)
    packages = folder / "packages.yml"
    packages.write_text(packages.read_text().replace("../../", str(REPOSITORY)))
    (folder / "profiles.yml").write_text(profile("gym", postgres_server, SCHEMA))
    (folder / f"audience_specs/audiences/{OFTEN}.yml").write_text(SPEC)
    builds = [["dbt", "build", "--vars", f"muster_as_of: {day}"] for day in DAYS]
    for command in [["dbt", "deps"], ["muster", "compile"], *builds]:
        finished = start(command, folder)
        assert finished.returncode == 0, f"{shlex.join(command)}\n{finished.stdout}"
    return folder


@pytest.fixture
def rows(gym: Path, postgres_server: PostgresServer) -> Rows:
    import psycopg2

    def ask(sql: str) -> list[tuple[Any, ...]]:
        server = postgres_server
        options = f'-c search_path="{SCHEMA}"'
        connection = psycopg2.connect(
            host=server.folder, user=server.user, dbname=server.database, options=options
        )
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    return ask


def test_the_last_builds_members_are_there(rows: Rows) -> None:
    members = rows("select member_id from drifting_away order by member_id")
    assert members == [(101,), (102,), (103,), (104,), (105,)]
    assert rows(f"select member_id from {OFTEN}") == []
    assert rows("select count(*) from muster_memberships") == [(5,)]


def test_the_log_tells_who_came_and_who_left_when(rows: Rows) -> None:
    log = rows("select as_of::date::text, audience, entity_key, change from muster_membership_changes")
    assert sorted(log) == [
        ("2026-02-25", OFTEN, "102", "entered"),
        *(("2026-02-25", "drifting_away", str(key), "entered") for key in (101, 103, 104, 105)),
        ("2026-04-01", OFTEN, "102", "exited"),
        ("2026-04-01", "drifting_away", "102", "entered"),
    ]


def test_each_build_recorded_the_sizes(rows: Rows) -> None:
    sizes = rows("select as_of::date::text, audience, size from muster_audience_sizes")
    assert sorted(sizes) == [
        ("2026-02-25", OFTEN, 1),
        ("2026-02-25", "drifting_away", 4),
        ("2026-04-01", OFTEN, 0),
        ("2026-04-01", "drifting_away", 5),
    ]


def test_the_promised_types_are_those_of_the_tables(rows: Rows) -> None:
    types: dict[str, str] = dict(
        rows(
            "select table_name || '.' || column_name, data_type from information_schema.columns "
            f"where table_schema = '{SCHEMA}'"
        )
    )
    assert types["muster_membership_changes.as_of"] == "timestamp without time zone"
    assert types["muster_membership_changes.entity_key"] == "text"
    assert types["muster_audience_sizes.size"] == "bigint"


def test_the_members_that_may_be_sent_are_delivered_once(gym: Path) -> None:
    for _ in range(2):
        finished = start(["muster", "sync"], gym)
        assert finished.returncode == 0, finished.stdout
    files = [file.read_text() for file in (gym / "out").rglob("*.csv")]
    delivered = [
        (row["_action"], row["email"]) for file in files for row in csv.DictReader(file.splitlines())
    ]
    assert sorted(delivered) == [
        ("add", "alva@example.com"),
        ("add", "bo@example.com"),
        ("add", "dora@example.com"),
    ]
