"""`muster sync` is killed (SIGKILL) again and again; the next sync that lives leaves every destination right.

Half of the kills come at a random instant of the whole run, half at a random moment after delivery was seen
to begin, so that most of them hit what matters. Between them people come, leave and change.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.destinations.replay import replay
from tests.end_to_end.crm import Crm
from tests.end_to_end.shop import Shop
from tests.end_to_end.starting import Starter

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 52 if "MUSTER_FAULT_RUNS" in os.environ else 10
"""`make test-faults` kills more often than `make test`, which has a campaign of faults besides."""
POPULATION = 1_200
MOVES = 400

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes the way that POSIX knows"),
]


@pytest.fixture
def crm() -> Iterator[Crm]:
    with Crm(seconds_a_batch=0.004) as server:
        yield server


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def starter(shop: Shop, crm: Crm) -> Iterator[Starter]:
    starter = Starter(shop.folder, {"CRM_URL": crm.url})
    yield starter
    starter.close()


@pytest.mark.parametrize("seconds", [1.0, 1.6, 2.2])
def test_the_command_itself_can_be_killed_too(shop: Shop, crm: Crm, starter: Starter, seconds: float) -> None:
    """The other test saves Python's start by forking; this one starts the command as a person does."""
    chance = random.Random(1)  # noqa: S311 - tests repeat
    shop.change(chance, population=POPULATION, moves=POPULATION)
    command = [sys.executable, "-c", "from dbt_muster.cli.main import main; main()", "sync"]
    environment = {**os.environ, "CRM_URL": crm.url, "PYTHONPATH": str(REPOSITORY / "sync")}
    with (
        (shop.folder / "killed.log").open("w") as log,
        subprocess.Popen(command, cwd=shop.folder, env=environment, stdout=log, stderr=log) as process,
    ):
        time.sleep(seconds)
        process.kill()
    shop.change(chance, population=POPULATION, moves=MOVES)
    assert starter.sync() == 0, starter.log()
    assert crm.held == shop.expected_at_crm()
    assert replay(shop.folder / "exports", "fans") == shop.expected_at_exports()


def moment_to_kill(chance: random.Random, shop: Shop, crm: Crm, seconds: float) -> Callable[[], None]:
    """A wait that ends at the instant to kill at."""
    kind = chance.choice(["any time", "parts", "batches", "batches"])
    runs_before = _run_folders(shop)
    batches_before = crm.batches
    pause = chance.uniform(0, 0.25)

    def wait() -> None:
        if kind == "any time":
            time.sleep(chance.uniform(0, seconds))
            return
        deadline = time.monotonic() + 4 * seconds + 1
        while time.monotonic() < deadline:
            if kind == "parts" and _run_folders(shop) > runs_before:
                break
            if kind == "batches" and crm.batches > batches_before:
                break
            time.sleep(0.0005)
        time.sleep(pause if kind == "batches" else pause / 10)

    return wait


def _run_folders(shop: Shop) -> int:
    folder = shop.folder / "exports/fans"
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


def where_it_died(shop: Shop) -> str:
    """What the ledger says of the run that was killed, in the words of its tables."""
    with duckdb.connect(str(shop.warehouse)) as connection:
        try:
            rows = connection.execute(
                "select destination, status, (select count(*) from muster_sync_batches as batches "
                "where batches.run_id = runs.run_id and batches.status = 'sending') "
                "from muster_sync_runs as runs where finished_at is null order by sequence desc"
            ).fetchall()
        except duckdb.CatalogException:
            return "before the tables"
    if not rows:
        return "between runs"
    destination, status, sending = rows[0]
    return f"{destination}: {'sending' if sending else status}"


def test_destinations_are_exactly_right_after_any_number_of_kills(
    shop: Shop, crm: Crm, starter: Starter
) -> None:
    chance = random.Random(20261123)  # noqa: S311 - tests repeat
    shop.change(chance, population=POPULATION, moves=POPULATION)
    assert starter.sync() == 0, starter.log()
    shop.change(chance, population=POPULATION, moves=MOVES)
    started = time.monotonic()
    assert starter.sync() == 0, starter.log()
    seconds = time.monotonic() - started
    deaths: Counter[str] = Counter()
    while not seen_enough(deaths) and deaths.total() < 4 * KILLS:
        for _ in range(chance.randint(1, 4)):
            shop.change(chance, population=POPULATION, moves=MOVES)
            if starter.sync(moment_to_kill(chance, shop, crm, seconds)) == -signal.SIGKILL:
                deaths[where_it_died(shop)] += 1
        if chance.random() < 0.5:
            shop.change(chance, population=POPULATION, moves=MOVES)
        assert starter.sync() == 0, starter.log()
        assert crm.held == shop.expected_at_crm()
        assert replay(shop.folder / "exports", "fans") == shop.expected_at_exports()
        assert_nothing_is_left_over(shop)
    sys.stdout.write(f"killed {deaths.total()} syncs: {dict(deaths.most_common())}\n")
    assert seen_enough(deaths), deaths


def seen_enough(deaths: Counter[str]) -> bool:
    """Whether as many died as should, and enough of them where it matters: how many is a matter of luck."""
    in_delivery = sum(count for where, count in deaths.items() if ": " in where)
    return (
        deaths.total() >= KILLS
        and in_delivery >= KILLS / 3
        and deaths["crm: sending"] >= KILLS / 8
        and deaths["exports: sending"] >= KILLS // 26
    )


def assert_nothing_is_left_over(shop: Shop) -> None:
    """No plan table, no open run, no state in doubt, no part that no manifest names."""
    with duckdb.connect(str(shop.warehouse)) as connection:
        tables = connection.execute("select table_name from information_schema.tables").fetchall()
        assert not [name for (name,) in tables if name.startswith("muster_sync_plan")]
        assert connection.execute(
            "select count(*) from muster_sync_runs where finished_at is null"
        ).fetchall() == [(0,)]
        assert connection.execute(
            "select count(*) from muster_sync_state where not confirmed"
        ).fetchall() == [(0,)]
    folder = shop.folder / "exports"
    named = {
        part["path"]
        for manifest in (folder / "fans/manifests").glob("*.json")
        for part in json.loads(manifest.read_text())["files"]
    }
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "manifests" and path.name != "latest.json"
    }
    assert there == named
