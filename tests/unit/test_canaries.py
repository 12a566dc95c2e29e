"""The plugin that looks for people and secrets finds them wherever they are written down."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.canaries import TOKEN, Canaries, look_through

ROOT = Path(__file__).parents[2]

LEAKING = """
import logging
import subprocess
import sys
import duckdb
from click.testing import CliRunner
import click
from tests.canaries import TOKEN, watch_warehouse

def test_prints():
    print("sent canary.p1@example.com")

def test_logs():
    logging.getLogger("dbt_muster.delivery").debug("body: %s", {"email": "Canary.P2%40example.com"})

def test_runs_a_command():
    CliRunner().invoke(click.command()(lambda: click.echo(f"login: {TOKEN}")))

def test_raises_in_a_command():
    def fail():
        raise RuntimeError("no such person: canary-3")
    CliRunner().invoke(click.command()(fail))

def test_writes_a_file(tmp_path):
    (tmp_path / "sync.jsonl").write_text('{"key": "canary-4"}')

def test_writes_a_ledger_file(tmp_path):
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute("create table muster_sync_runs as select 'canary-5' as reason, 'x' as entity_key")
        connection.execute(f"create table muster_sync_plan_7 as select '{TOKEN}' as identifiers")
        connection.execute("create table muster_sync_quarantine as select 'canary-7' as identifiers")

class Memory:
    def __init__(self):
        self.connection = duckdb.connect()

def test_starts_a_process():
    subprocess.run([sys.executable, "-c", "print('canary.p8@example.com')"], stdout=subprocess.PIPE)

def test_writes_a_ledger_in_memory():
    warehouse = Memory()
    watch_warehouse(warehouse)
    warehouse.connection.execute("create table muster_sync_rejects as select 'canary-6: no' as reason")
"""

INNOCENT = """
import duckdb

def test_holds_people_where_they_are_meant_to_be(tmp_path):
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute("create table customers as select 'canary.p1@example.com' as email")
        connection.execute("create table muster_sync_rejects as select 'canary-6' as entity_key")
        connection.execute("create table muster_sync_state as select 'canary.p1@example.com' as identifiers")
        connection.execute("create view muster_export_people as select 'canary.p1@example.com' as email")
    print("delivered 1 member")
"""


def session(tests: str) -> tuple[int, str]:
    """A session of its own, where this one does not look: its exit code, and what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.canaries", "-W", "ignore"]
    with tempfile.TemporaryDirectory() as folder:
        file, printed = Path(folder) / "test_it.py", Path(folder) / "printed"
        file.write_text(tests)
        with printed.open("w") as output:
            ended = subprocess.run(
                [*command, "--rootdir", folder, "--basetemp", str(file.with_name("basetemp")), str(file)],
                cwd=ROOT,
                env={"PYTHONPATH": f"{ROOT}:{ROOT / 'sync'}", "PATH": ""},
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        return ended.returncode, printed.read_text()


def test_a_session_fails_for_every_place_where_somebody_is_written_down() -> None:
    code, printed = session(LEAKING)
    assert "8 passed" in printed, printed
    assert code == 1
    for place in (
        "test_prints: captured: the identifier canary.p1@",
        "the logger dbt_muster.delivery: the identifier Canary.P2%40",
        f"test_runs_a_command: the output of a command: the secret {TOKEN}",
        "test_raises_in_a_command: the output of a command: the identifier canary-3",
        "sync.jsonl: the identifier canary-4",
        "w.duckdb: muster_sync_runs: the identifier canary-5",
        f"w.duckdb: muster_sync_plan_7: the secret {TOKEN}",
        "w.duckdb: muster_sync_quarantine: the identifier canary-7",
        "test_starts_a_process: the output of a process: the identifier canary.p8@",
        "test_writes_a_ledger_in_memory: muster_sync_rejects: the identifier canary-6",
    ):
        assert place in printed


def test_a_session_that_writes_down_nobody_passes() -> None:
    code, printed = session(INNOCENT)
    assert code == 0, printed


def test_a_secret_that_is_planted_is_found_in_any_spelling_of_its_letters() -> None:
    canaries = Canaries()
    assert canaries.plant("Se-Cret-1") == "Se-Cret-1"
    canaries.look("login SE-CRET-1 refused", "here")
    canaries.look("login se-cret-2 refused", "there")
    assert canaries.found == ["here: the secret se-cret-1"]


@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse.duckdb.wal"])
def test_a_warehouses_own_files_are_not_searched_for_people(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"canary.p1@example.com")
    canaries = Canaries()
    look_through(tmp_path, canaries)
    assert canaries.found == []
    (tmp_path / name).unlink()


def test_these_tests_run_under_the_plugin(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("canaries")
