"""`muster sync` through dbt-snowflake's adapter, on an emulator's server."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from dbt_muster.cli.main import group
from dbt_muster.delivery.ledger import now
from dbt_muster.delivery.processes import LEASE
from dbt_muster.render import Renderer
from dbt_muster.warehouse import Warehouse, WarehouseError, load_profile
from tests.destinations.replay import replay
from tests.servers.snowflake_emulator import SnowflakeServer

if TYPE_CHECKING:
    from tests.end_to_end.snowflake_shop import SnowflakeShop

# dbt-snowflake sets an old option of its driver, which says so.
pytestmark = pytest.mark.filterwarnings("ignore:.*insecure_mode")

Sync = Callable[[], dict[str, Any]]


@pytest.fixture
def shop(tmp_path: Path, snowflake_server: SnowflakeServer) -> Iterator[SnowflakeShop]:
    from tests.end_to_end.snowflake_shop import SnowflakeShop

    with closing(SnowflakeShop(tmp_path, snowflake_server)) as shop:
        shop.change(random.Random(7), population=100, moves=100)  # noqa: S311 - tests repeat
        yield shop


@pytest.fixture
def sync(shop: SnowflakeShop) -> Sync:
    def run() -> dict[str, Any]:
        command = ["sync", "--project-dir", str(shop.folder), "--select", "fans:exports", "--output", "json"]
        result = CliRunner().invoke(group, command)
        assert result.exit_code == 0, result.output
        pair: dict[str, Any] = json.loads(result.stdout)["pairs"][0]
        return pair

    return run


def test_the_files_tell_exactly_the_members_while_people_come_change_and_leave(
    sync: Sync, shop: SnowflakeShop
) -> None:
    chance = random.Random(11)  # noqa: S311 - tests repeat
    seen = dict.fromkeys(("adds", "changes", "removes", "unmatchable", "withheld"), 0)
    for _ in range(3):
        pair = sync()
        assert pair["status"] == "applied"
        for number in seen:
            seen[number] += pair[number]
        assert replay(shop.folder / "exports", "fans") == shop.expected_at_exports()
        shop.change(chance, population=100, moves=40)
    assert all(seen.values()), seen


def test_a_second_sync_sends_what_changed_alone(sync: Sync, shop: SnowflakeShop) -> None:
    sync()
    before = shop.expected_at_exports()
    assert sync()["accepted"] == 0
    leaver = next(key for key in sorted(shop.members) if str(key) in before)
    shop.members.discard(leaver)
    shop.write()
    pair = sync()
    assert [pair[number] for number in ("adds", "changes", "removes", "accepted")] == [0, 0, 1, 1]
    held = shop.query("select entity_key from muster_sync_state where confirmed")
    assert {key for (key,) in held} == before.keys() - {str(leaver)}


def test_a_run_elsewhere_is_left_alone_while_it_lives_and_taken_over_when_it_does_not(
    sync: Sync, shop: SnowflakeShop
) -> None:
    sync()
    with Warehouse(load_profile(shop.folder)) as warehouse:
        runs = warehouse.relation("muster_sync_runs")
        renderer = Renderer(warehouse.dialect)
        other = {
            "run_id": "other",
            "destination": "exports",
            "audience": "fans",
            "sequence": 2,
            "status": "running",
            "mode": "delta",
            "host": "elsewhere",
            "process": "12:1",
            "started_at": now(),
            "heartbeat_at": now(),
        }
        warehouse.execute(renderer.call("muster_sync_insert", runs, "muster_sync_runs", [other]))
    command = ["--project-dir", str(shop.folder), "--output", "json"]
    result = CliRunner().invoke(group, ["sync", *command, "--select", "fans:exports"])
    assert result.exit_code == 1
    (left,) = json.loads(result.stdout)["pairs"]
    assert "another sync is running (process 12 on elsewhere" in left["reason"]
    status = json.loads(CliRunner().invoke(group, ["status", *command]).stdout)["pairs"]
    assert [pair["status"] for pair in status if pair["destination"] == "exports"] == ["running"]
    with Warehouse(load_profile(shop.folder)) as warehouse:
        long_ago = {"heartbeat_at": now() - LEASE * 2}
        warehouse.execute(renderer.call("muster_sync_update_run", runs, "other", long_ago))
    assert sync()["status"] == "applied"
    assert shop.query("select status from muster_sync_runs order by sequence") == [
        ("applied",),
        ("interrupted",),
        ("applied",),
    ]
    status = json.loads(CliRunner().invoke(group, ["status", *command]).stdout)["pairs"]
    (found,) = [pair for pair in status if pair["destination"] == "exports"]
    assert (found["status"], found["members"], found["sent"]) == ("applied", len(shop.members), 0)


def test_views_in_the_warehouse_show_the_members(shop: SnowflakeShop) -> None:
    """Not the identifiers' values: the emulator cannot read JSON."""
    specs = shop.folder / "audience_specs"
    for page, more in (
        ("destinations.yml", "\n---\ndestination: census\ntype: warehouse\n"),
        ("audiences/fans.yml", "  - {to: census, match_on: [email, external_id]}\n"),
    ):
        (specs / page).write_text((specs / page).read_text() + more)
    command = ["sync", "--project-dir", str(shop.folder), "--select", "fans:census", "--output", "json"]
    result = CliRunner().invoke(group, command)
    assert result.exit_code == 0, result.output
    held = shop.query("select entity_key from muster_sync_state where destination = 'census'")
    shown = shop.query("select entity_key, id, email, external_id from muster_export_people")
    assert len(shown) > 50
    assert {row[:2] for row in shown} == {(key, f"customer:{key}") for (key,) in held}
    assert shop.query("select id, name from muster_export_audiences") == [("fans", "fans")]
    members = shop.query("select person_id, audience_id from muster_export_memberships")
    assert set(members) == {(f"customer:{key}", "fans") for (key,) in held}


def test_a_statement_that_fails_says_what_the_warehouse_said_and_the_next_one_works(
    shop: SnowflakeShop,
) -> None:
    with Warehouse(load_profile(shop.folder)) as warehouse:
        with pytest.raises(WarehouseError, match=r"(?i)nowhere"):
            warehouse.query("select * from nowhere")
        assert warehouse.query("select 1") == [(1,)]
        warehouse.execute(f"create table {warehouse.relation('t')} as select '100%; all' as x")
    assert shop.query("select x from t") == [("100%; all",)]
