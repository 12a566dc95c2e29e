"""The project that installs muster as a package, built twice by dbt-snowflake on an emulator's server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.gym import CHANGES, DAYS, MEMBERS, OFTEN, SIZES, Rows, build, do, gym
from tests.servers.snowflake_emulator import SnowflakeServer

SCHEMA = "gym"

pytestmark = [pytest.mark.dbt, pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, snowflake_server: SnowflakeServer) -> Path:
    """The project, after a build on each of two days."""
    from tests.end_to_end.snowflake_shop import profile

    folder = gym(tmp_path_factory.mktemp("elsewhere") / "gym", profile("gym", snowflake_server, SCHEMA))
    # What an incremental model adds goes through a temporary view or table, of which the emulator has none.
    with (folder / "dbt_project.yml").open("a") as project:
        project.write("\nmodels:\n  +tmp_relation_type: transient\n")
    do(folder, ["dbt", "deps"], ["muster", "compile"], *(build(day) for day in DAYS))
    return folder


@pytest.fixture
def rows(built: Path, snowflake_server: SnowflakeServer) -> Iterator[Rows]:
    import snowflake.connector

    from tests.end_to_end.snowflake_shop import DATABASE

    settings = snowflake_server.settings()
    connection = snowflake.connector.connect(**settings, database=DATABASE, schema=SCHEMA)

    def ask(sql: str) -> list[tuple[Any, ...]]:
        cursor = connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]

    with closing(connection):
        yield ask


def test_the_last_builds_members_are_there(rows: Rows) -> None:
    assert rows("select member_id from drifting_away order by member_id") == MEMBERS
    assert rows(f"select member_id from {OFTEN}") == []
    members = rows("select audience, entity, entity_key from muster_memberships order by entity_key")
    assert members == [("drifting_away", "member", str(key)) for (key,) in MEMBERS]


def test_the_log_tells_who_came_and_who_left_when(rows: Rows) -> None:
    log = rows("select as_of::date::varchar, audience, entity_key, change from muster_membership_changes")
    assert sorted(log) == CHANGES


def test_each_build_recorded_the_sizes(rows: Rows) -> None:
    sizes = rows("select as_of::date::varchar, audience, size from muster_audience_sizes")
    assert sorted(sizes) == SIZES
