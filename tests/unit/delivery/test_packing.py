"""How muster's tables are packed on DuckDB: quickly, well, or as the configuration says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
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


@pytest.mark.parametrize(("version", "packing"), [("v1.2.0", "zstd"), ("v1.0.0", "auto")])
def test_the_state_is_packed_as_the_file_of_duckdb_knows_to(
    version: str, packing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = duckdb.connect()
    connection.execute(f"attach '{tmp_path / 'old.duckdb'}' as old (storage_version '{version}')")
    connection.execute("use old")
    scene = Scene()
    seen = []
    execute, query = scene.warehouse.execute, scene.warehouse.query

    def ask(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql).fetchall() if "duckdb_databases" in sql else query(sql)

    def look(sql: str) -> None:
        if "insert into" in sql and "muster_sync_state" in sql:
            seen.extend(scene.warehouse.rows("select current_setting('force_compression')"))
        execute(sql)

    monkeypatch.setattr(scene.warehouse, "query", ask)
    monkeypatch.setattr(scene.warehouse, "execute", look)
    scene.set({1: ANN})
    assert scene.sync().status == "applied"
    assert seen == [(packing,)]
    assert scene.warehouse.rows("select current_setting('force_compression')") == [("auto",)]


def test_a_configuration_that_is_locked_keeps_no_sync_back() -> None:
    scene = Scene()
    scene.set({1: ANN})
    scene.warehouse.connection.execute("set lock_configuration = true")
    assert scene.sync().status == "applied"
