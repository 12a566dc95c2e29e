"""The project that installs muster as a package, built twice by dbt-spark in a session of this machine's own.

One process does all of it: the session's tables are known to that process alone, and starting Spark takes
long.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.commands import REPOSITORY
from tests.end_to_end.gym import CHANGES, DAYS, MEMBERS, OFTEN, SIZES, do, gym
from tests.end_to_end.spark_session import profile, skip_without_spark

QUERIES = {
    "members": "select member_id from gym.drifting_away order by member_id",
    "often": f"select member_id from gym.{OFTEN}",
    "memberships": "select audience, entity, entity_key from gym.muster_memberships order by entity_key",
    "changes": (
        "select cast(date(as_of) as string), audience, entity_key, change from gym.muster_membership_changes"
    ),
    "sizes": "select cast(date(as_of) as string), audience, size from gym.muster_audience_sizes",
}
PROCESS = f"""
import json, sys
from pathlib import Path
from click.testing import CliRunner
from dbt.cli.main import dbtRunner
from dbt_muster.cli.main import group
from dbt_muster.warehouse import Warehouse, WarehouseError, load_profile

told = {{"builds": []}}
for day in {DAYS!r}:
    built = dbtRunner().invoke(["build", "--vars", f"muster_as_of: {{day}}"])
    told["builds"].append([built.success, str(built.exception)])

def sync():
    synced = CliRunner().invoke(group, ["sync", "--output", "json"])
    return [synced.exit_code, synced.output]

with Warehouse(load_profile(Path.cwd())) as warehouse:
    for name, query in {QUERIES!r}.items():
        told[name] = warehouse.query(query)
    try:
        warehouse.query("select * from nowhere")
    except WarehouseError as error:
        told["error"] = str(error)
    told["after"] = warehouse.query("select 1")
told["sync without Delta"] = sync()
with Warehouse(load_profile(Path.cwd())) as warehouse:
    for table in ("runs", "batches", "rejects", "state"):
        warehouse.execute(f"create table gym.muster_sync_{{table}} (run_id string) using parquet")
told["sync of plain tables"] = sync()
Path("told.json").write_text(json.dumps(told))
"""

Told = dict[str, Any]

pytestmark = [pytest.mark.dbt, pytest.mark.slow]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's folder, in which everything has been done."""
    skip_without_spark()
    folder = tmp_path_factory.mktemp("elsewhere") / "gym"
    gym(folder, profile("gym", "gym", folder))
    do(folder, ["dbt", "deps"], ["muster", "compile"])
    environment = {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONPATH": str(REPOSITORY / "sync"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROCESS],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (folder / "told.json").exists(), done.stdout + done.stderr
    return folder


@pytest.fixture
def told(project: Path) -> Told:
    told: Told = json.loads((project / "told.json").read_text())
    return told


def test_the_last_builds_members_are_there(told: Told) -> None:
    assert told["builds"] == [[True, "None"]] * 2
    assert told["members"] == [list(member) for member in MEMBERS]
    assert told["often"] == []
    assert told["memberships"] == [["drifting_away", "member", str(key)] for (key,) in MEMBERS]


def test_the_log_tells_who_came_and_who_left_when(told: Told) -> None:
    assert sorted(map(tuple, told["changes"])) == CHANGES


def test_each_build_recorded_the_sizes(told: Told) -> None:
    assert sorted(map(tuple, told["sizes"])) == SIZES


def test_a_statement_that_fails_says_what_spark_said_and_the_next_one_works(told: Told) -> None:
    assert "nowhere" in told["error"]
    assert told["after"] == [[1]]


@pytest.mark.parametrize("tables", ["sync without Delta", "sync of plain tables"])
def test_a_sync_whose_tables_cannot_change_their_rows_says_what_they_need_and_sends_nothing(
    told: Told, project: Path, tables: str
) -> None:
    code, output = told[tables]
    assert code == 1, output
    (pair,) = json.loads(output)["pairs"]
    assert pair["status"] == "failed"
    assert "needs Delta Lake" in pair["reason"]
    assert "Iceberg" in pair["reason"]
    assert not (project / "out").exists()
