"""How muster's tables are packed on DuckDB: quickly, or as the configuration says."""

from __future__ import annotations

import pytest

from dbt_muster.warehouse import WarehouseError
from tests.unit.delivery.kit import Person, Scene

ANN = Person("ann@example.com", "+441632960001", "a-1")


def test_what_a_plan_is_written_with_on_duckdb_holds_for_the_plan_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene()
    scene.set({1: ANN})
    seen = []
    execute = scene.warehouse.execute

    def look(sql: str) -> None:
        if "create table" in sql and "muster_sync_plan_" in sql:
            seen.extend(scene.warehouse.rows("select current_setting('force_compression')"))
            raise WarehouseError("no room")
        execute(sql)

    monkeypatch.setattr(scene.warehouse, "execute", look)
    assert scene.sync().status == "failed"
    seen += scene.warehouse.rows("select current_setting('force_compression')")
    assert seen == [("uncompressed",), ("auto",)]


def test_a_configuration_that_is_locked_keeps_no_sync_back() -> None:
    scene = Scene()
    scene.set({1: ANN})
    scene.warehouse.connection.execute("set lock_configuration = true")
    assert scene.sync().status == "applied"
