"""The project that installs muster as a package, built by dbt on a real PostgreSQL server, twice."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.gym import CHANGES, DAYS, MEMBERS, OFTEN, SIZES, Rows, build, delivered, do, gym
from tests.servers.postgres import PostgresServer

SCHEMA = "Gym"

pytestmark = [pytest.mark.dbt, pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Path:
    """The project, after a build on each of two days."""
    pytest.importorskip("dbt.adapters.postgres", reason="dbt-postgres is not installed")
    from tests.end_to_end.postgres_shop import profile

    folder = gym(tmp_path_factory.mktemp("elsewhere") / "gym", profile("gym", postgres_server, SCHEMA))
    do(folder, ["dbt", "deps"], ["muster", "compile"], *(build(day) for day in DAYS))
    return folder


@pytest.fixture
def rows(built: Path, postgres_server: PostgresServer) -> Rows:
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
    assert rows("select member_id from drifting_away order by member_id") == MEMBERS
    assert rows(f"select member_id from {OFTEN}") == []
    assert rows("select count(*) from muster_memberships") == [(5,)]


def test_the_log_tells_who_came_and_who_left_when(rows: Rows) -> None:
    log = rows("select as_of::date::text, audience, entity_key, change from muster_membership_changes")
    assert sorted(log) == CHANGES


def test_each_build_recorded_the_sizes(rows: Rows) -> None:
    assert sorted(rows("select as_of::date::text, audience, size from muster_audience_sizes")) == SIZES


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


def test_the_members_that_may_be_sent_are_delivered_once(built: Path) -> None:
    do(built, ["muster", "sync"], ["muster", "sync"])
    assert delivered(built) == [
        ("add", "alva@example.com"),
        ("add", "bo@example.com"),
        ("add", "dora@example.com"),
    ]
