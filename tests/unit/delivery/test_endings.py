"""What becomes of an audience at its destination when its spec says no longer that it is synced there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbt_muster.delivery import Engine, select_pairs
from dbt_muster.errors import UsageError
from dbt_muster.specs import load
from tests.destinations.replay import manifests, replay
from tests.unit.delivery.kit import MemoryWarehouse, Person, renderer

ENTITY = {
    "entity": "customer",
    "model": "ref('customers')",
    "key": "customer_id",
    "attributes": {"country": {"type": "string"}},
    "identifiers": {"email": "email", "phone": "phone", "external_id": "external_id"},
    "consent": {"ads": "ads"},
}


def write(root: Path, *, on_delete: str | None, destination: bool = True, enabled: bool = True) -> None:
    """The project; without `on_delete` the audience is no longer synced."""
    folder = root / "audience_specs"
    (folder / "audiences").mkdir(parents=True, exist_ok=True)
    (folder / "entities.yml").write_text(json.dumps(ENTITY))
    spec = {"destination": "out", "type": "files", "path": "out", "hashing": "none"}
    spec = spec if destination else {**spec, "destination": "elsewhere"}
    (folder / "destinations.yml").write_text(json.dumps(spec))
    audience = {
        "audience": "fans",
        "entity": "customer",
        "enabled": enabled,
        "criteria": [{"attribute": "country", "is_set": True}],
    }
    if on_delete is not None:
        audience["sync"] = [{"to": "out", "match_on": ["email"], "on_delete": on_delete}]
    (folder / "audiences" / "fans.yml").write_text(json.dumps(audience))


def run(root: Path, warehouse: MemoryWarehouse, *, dry_run: bool = False) -> list[tuple[str, str, int]]:
    """What `muster sync` does: every pair, then every ending."""
    project = load(root)
    engine = Engine(warehouse, renderer(), lambda model: f'"main"."{model}"')
    pairs = [*select_pairs(project, root=root), *engine.endings(project, root=root)]
    reports = [engine.plan(pair) if dry_run else engine.sync(pair) for pair in pairs]
    return [(report.status, report.ending, report.removes) for report in reports]


@pytest.fixture
def warehouse() -> MemoryWarehouse:
    made = MemoryWarehouse()
    made.set_people({key: Person(f"p{key}@example.com") for key in range(3)})
    made.set_members({0, 1, 2})
    return made


def test_an_audience_is_kept_unless_its_spec_said_otherwise(
    tmp_path: Path, warehouse: MemoryWarehouse
) -> None:
    write(tmp_path, on_delete="keep")
    run(tmp_path, warehouse)
    write(tmp_path, on_delete=None)
    assert run(tmp_path, warehouse) == []
    assert len(replay(tmp_path / "out", "fans")) == 3


@pytest.mark.parametrize("ending", ["empty", "delete"])
def test_an_audience_is_emptied_where_its_spec_said_so(
    tmp_path: Path, warehouse: MemoryWarehouse, ending: str
) -> None:
    write(tmp_path, on_delete=ending)
    assert run(tmp_path, warehouse) == [("applied", "keep", 0)]
    write(tmp_path, on_delete=None)
    assert run(tmp_path, warehouse, dry_run=True) == [("planned", ending, 3)]
    assert len(replay(tmp_path / "out", "fans")) == 3
    assert run(tmp_path, warehouse) == [("applied", ending, 3)]
    assert replay(tmp_path / "out", "fans") == {}
    assert run(tmp_path, warehouse) == []
    assert warehouse.rows("select count(*) from muster_sync_audiences") == [(0,)]


def test_neither_the_end_of_an_audience_nor_its_return_is_told_as_a_full_resync(
    tmp_path: Path, warehouse: MemoryWarehouse
) -> None:
    write(tmp_path, on_delete="empty")
    run(tmp_path, warehouse)
    write(tmp_path, on_delete=None)
    run(tmp_path, warehouse)
    write(tmp_path, on_delete="empty")
    assert run(tmp_path, warehouse) == [("applied", "keep", 0)]
    assert len(replay(tmp_path / "out", "fans")) == 3
    asked = warehouse.rows("select resync from muster_sync_runs order by sequence")
    assert asked == [("first run",), (None,), (None,)]


def test_the_last_word_of_the_spec_counts(tmp_path: Path, warehouse: MemoryWarehouse) -> None:
    write(tmp_path, on_delete="empty")
    run(tmp_path, warehouse)
    write(tmp_path, on_delete="keep")
    run(tmp_path, warehouse)
    write(tmp_path, on_delete=None)
    assert run(tmp_path, warehouse) == []


def test_a_disabled_audience_is_only_resting(tmp_path: Path, warehouse: MemoryWarehouse) -> None:
    write(tmp_path, on_delete="empty")
    run(tmp_path, warehouse)
    write(tmp_path, on_delete="empty", enabled=False)
    assert run(tmp_path, warehouse) == []
    assert len(manifests(tmp_path / "out", "fans")) == 1


def test_a_destination_that_is_needed_to_empty_an_audience_is_asked_for(
    tmp_path: Path, warehouse: MemoryWarehouse
) -> None:
    write(tmp_path, on_delete="empty")
    run(tmp_path, warehouse)
    write(tmp_path, on_delete=None, destination=False)
    with pytest.raises(UsageError, match="'out' is not declared any more"):
        run(tmp_path, warehouse)
