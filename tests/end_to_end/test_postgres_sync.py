"""`muster sync` on a real PostgreSQL server, through dbt-postgres' adapter."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from dbt_muster.cli.main import group
from dbt_muster.delivery.ledger import Ledger
from dbt_muster.render import Renderer
from dbt_muster.warehouse import Warehouse, WarehouseError, load_profile
from tests.destinations.replay import replay
from tests.end_to_end.commands import REPOSITORY, Run
from tests.end_to_end.crm import Crm

if TYPE_CHECKING:
    from tests.end_to_end.postgres_shop import PostgresShop

Sync = Callable[..., Result]


@pytest.fixture
def shop(postgres_shop: PostgresShop) -> PostgresShop:
    return postgres_shop


@pytest.fixture
def sync(run: Run) -> Sync:
    return partial(run, "sync", "--output", "json")


def pairs(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return {pair["destination"]: pair for pair in json.loads(result.stdout)["pairs"]}


def test_destinations_hold_exactly_the_members_while_people_come_change_and_leave(
    sync: Sync, shop: PostgresShop, crm: Crm
) -> None:
    chance = random.Random(11)  # noqa: S311 - tests repeat
    seen = dict.fromkeys(("adds", "changes", "removes", "unmatchable", "withheld"), 0)
    for _ in range(4):
        for pair in pairs(sync()).values():
            assert pair["status"] == "applied"
            for number in seen:
                seen[number] += pair[number]
        assert crm.held == shop.expected_at_crm()
        assert replay(shop.folder / "exports", "fans") == shop.expected_at_exports()
        shop.change(chance, population=200, moves=80)
    assert all(seen.values()), seen


def test_a_second_sync_of_the_same_members_sends_nothing(sync: Sync, crm: Crm) -> None:
    sync()
    before = crm.batches
    assert pairs(sync())["crm"]["accepted"] == 0
    assert crm.batches == before


def test_the_status_has_the_numbers_of_the_sync(sync: Sync, shop: PostgresShop) -> None:
    synced = pairs(sync())
    command = ["status", "--project-dir", str(shop.folder), "--max-age", "1h", "--output", "json"]
    found = pairs(CliRunner().invoke(group, command))
    for destination, pair in found.items():
        assert (pair["status"], pair["stale"]) == ("applied", False)
        assert pair["planned"] == pair["sent"] == synced[destination]["adds"]
        assert pair["accepted"] == synced[destination]["accepted"]


def test_a_dry_run_shows_the_same_plan_and_leaves_no_trace(sync: Sync, shop: PostgresShop, crm: Crm) -> None:
    planned = pairs(sync("--dry-run"))
    assert crm.batches == 0
    assert shop.tables() == {"muster_entities__customer", "fans"}
    done = pairs(sync())
    for destination, plan in planned.items():
        assert plan["status"] == "planned"
        for number in ("members", "adds", "changes", "removes", "unmatchable", "withheld"):
            assert plan[number] == done[destination][number]


def test_a_plan_is_known_to_the_planner_before_it_is_read(
    sync: Sync, shop: PostgresShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it is taken for tiny, and read as a whole once for each batch."""
    monkeypatch.setattr(Ledger, "drop_plan", lambda _ledger, _run: None)
    sync("--select", "fans:crm")
    (plan,) = (table for table in shop.tables() if table.startswith("muster_sync_plan_"))
    assumed = "select reltuples::bigint from pg_class where oid = '{}'::regclass"
    for table in (plan, "muster_sync_batches"):
        assert shop.query(assumed.format(table)) == shop.query(f"select count(*) from {table}"), table
    ((index,),) = shop.query(f"select indexdef from pg_indexes where tablename = '{plan}'")
    assert index.endswith("USING brin (batch)")


def test_what_is_held_is_in_the_form_that_was_sent(sync: Sync, shop: PostgresShop) -> None:
    sync()
    held = shop.query(
        "select entity_key, identifiers from muster_sync_state where destination = 'exports' and confirmed"
    )
    assert {key: json.loads(identifiers) for key, identifiers in held} == shop.expected_at_exports()


def test_views_in_the_warehouse_show_the_members_and_follow_the_identifiers(
    sync: Sync, shop: PostgresShop
) -> None:
    """PostgreSQL replaces a view only where its columns stay, so one whose columns changed is made anew."""
    specs = shop.folder / "audience_specs"
    destinations, fans = specs / "destinations.yml", specs / "audiences" / "fans.yml"
    destinations.write_text(destinations.read_text() + "\n---\ndestination: census\ntype: warehouse\n")
    written = fans.read_text()
    for match_on in ("[email, external_id]", "[external_id]", "[external_id, email]"):
        fans.write_text(f"{written}  - {{to: census, match_on: {match_on}}}\n")
        assert pairs(sync("--select", "fans:census"))["census"]["status"] == "applied"
        columns = match_on.strip("[]")
        shown = shop.query(f"select entity_key, {columns} from muster_export_people")
        held = shop.query(
            "select entity_key, identifiers from muster_sync_state where destination = 'census'"
        )
        assert len(shown) > 100
        assert {row[0]: list(row[1:]) for row in shown} == {
            key: list(json.loads(identifiers).values()) for key, identifiers in held
        }
        shop.change(random.Random(5), population=200, moves=40)  # noqa: S311 - tests repeat
    assert shop.query("select id, name from muster_export_audiences") == [("fans", "fans")]
    assert shop.query(
        "select count(*) from muster_export_memberships m join muster_export_people p on p.id = m.person_id"
    ) == shop.query("select count(*) from muster_export_memberships")


def test_two_first_syncs_may_create_the_tables_at_once(sync: Sync, shop: PostgresShop) -> None:
    """The one that comes second waits for the first, and is told that the table is there."""
    table = Renderer("postgres").call("muster_sync_create_table", "muster_sync_runs", "muster_sync_runs")
    waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
    with closing(shop.connect()) as other, other.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute(table)
        result = threads.submit(sync, "--select", "fans:crm")
        while not shop.query(waiting) and not result.done():
            time.sleep(0.01)
        other.commit()
        assert pairs(result.result())["crm"]["status"] == "applied"


@pytest.mark.slow
@pytest.mark.parametrize("batches", [1, 3])
def test_a_sync_that_is_killed_while_it_delivers_is_put_right_by_the_next(
    sync: Sync, shop: PostgresShop, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Crm(seconds_a_batch=0.05) as slow:
        environment = {**os.environ, "CRM_URL": slow.url, "PYTHONPATH": str(REPOSITORY / "sync")}
        command = [sys.executable, "-c", "from dbt_muster.cli.main import main; main()", "sync"]
        command += ["--select", "fans:crm"]
        with (
            (shop.folder / "killed.log").open("w") as log,
            subprocess.Popen(command, cwd=shop.folder, env=environment, stdout=log, stderr=log) as process,
        ):
            deadline = time.monotonic() + 60
            while slow.batches < batches and time.monotonic() < deadline:
                time.sleep(0.001)
            process.kill()
        assert shop.query("select status from muster_sync_runs where finished_at is null") == [("planned",)]
        monkeypatch.setenv("CRM_URL", slow.url)
        shop.change(random.Random(13), population=200, moves=60)  # noqa: S311 - tests repeat
        assert pairs(sync())["crm"]["status"] == "applied"
        assert slow.held == shop.expected_at_crm()
    assert shop.query("select count(*) from muster_sync_state where not confirmed") == [(0,)]
    assert shop.query("select status from muster_sync_runs where finished_at is null") == []
    assert not [name for name in shop.tables() if "plan" in name]


def test_a_statement_that_fails_says_what_the_warehouse_said_and_the_next_one_works(
    shop: PostgresShop,
) -> None:
    with Warehouse(load_profile(shop.folder)) as warehouse:
        with pytest.raises(WarehouseError, match="nowhere"):
            warehouse.query("select * from nowhere")
        assert warehouse.query("select 1") == [(1,)]
        warehouse.execute(f"create table {warehouse.relation('t')} as select '100%' as x")
    assert shop.query("select x from t") == [("100%",)]


def test_a_server_that_is_not_there_is_an_error_without_the_password(shop: PostgresShop) -> None:
    path = shop.folder / "profiles.yml"
    elsewhere = path.read_text().replace('"password": ""', '"password": "hunter2"')
    path.write_text(elsewhere.replace('"port": 5432', '"port": 1, "retries": 0'))
    with (
        pytest.raises(WarehouseError, match="cannot be reached") as raised,
        Warehouse(load_profile(shop.folder)),
    ):
        pass
    assert "hunter2" not in str(raised.value)
