"""Tables that an earlier version made get the columns that they lack, and keep their rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dbt_muster.delivery.ledger import ERASURES, TABLES
from dbt_muster.delivery.tables import Tables
from dbt_muster.errors import MusterError
from dbt_muster.warehouse import WarehouseError
from tests.unit.delivery.kit import Person, Scene


def synced() -> Scene:
    scene = Scene(match_on=("email",))
    scene.set({number: Person(f"p{number}@example.com") for number in range(3)})
    assert scene.sync().status == "applied"
    return scene


@pytest.mark.parametrize(
    "change",
    [
        "alter table muster_sync_rejects drop column for_good",
        "alter table muster_sync_runs drop column matched",
        "alter table muster_sync_runs drop column quarantined",
        "alter table muster_sync_batches drop column job",
        "drop table muster_sync_quarantine",
        "drop table muster_sync_audiences",
    ],
)
def test_a_sync_goes_on_over_the_tables_of_an_earlier_version(change: str) -> None:
    scene = synced()
    scene.warehouse.connection.execute(change)
    scene.set({number: Person(f"p{number}@example.com") for number in range(1, 4)})
    report = scene.sync()
    assert (report.status, report.adds, report.removes) == ("applied", 1, 1)
    assert set(scene.platform.held) == {"1", "2", "3"}
    assert Tables(scene.warehouse, scene.renderer, TABLES).are_current()


def test_a_plan_over_the_tables_of_an_earlier_version_says_what_to_do() -> None:
    scene = synced()
    scene.warehouse.connection.execute("alter table muster_sync_rejects drop column for_good")
    report = scene.engine().plan(scene.pair())
    assert report.status == "failed"
    assert report.reason is not None
    assert "The next `muster sync` adds what they lack" in report.reason


def test_a_column_that_cannot_be_added_is_named() -> None:
    scene = synced()
    scene.warehouse.connection.execute("alter table muster_sync_rejects drop column for_good")
    execute = scene.warehouse.execute

    def refuse(sql: str) -> None:
        if sql.strip().startswith("alter"):
            raise WarehouseError("The warehouse (duckdb) said: permission denied.")
        execute(sql)

    scene.warehouse.execute = refuse  # type: ignore[method-assign]
    with pytest.raises(MusterError, match=r"muster_sync_rejects .*no column 'for_good'.*permission denied"):
        Tables(scene.warehouse, scene.renderer, TABLES).make()


def test_a_column_that_another_sync_adds_at_the_same_moment_is_there() -> None:
    scene = synced()
    scene.warehouse.connection.execute("alter table muster_sync_rejects drop column for_good")
    execute = scene.warehouse.execute

    def twice(sql: str) -> None:
        execute(sql)
        if sql.strip().startswith("alter"):
            raise WarehouseError("The warehouse (duckdb) said: the column is there.")

    scene.warehouse.execute = twice  # type: ignore[method-assign]
    tables = Tables(scene.warehouse, scene.renderer, TABLES)
    tables.make()
    assert tables.are_current()


@pytest.mark.parametrize("table", [*TABLES, ERASURES])
def test_the_page_lists_every_column_in_its_order(table: str) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/delivery.md").read_text()
    (listed,) = re.findall(rf"^\| `{table}` \|[^|]*\| (.*) \|$", page, re.MULTILINE)
    columns = Scene().renderer.call("muster_sync_column_names", table).split()
    assert re.sub(r" \([^)]*\)", "", listed).split(", ") == columns
