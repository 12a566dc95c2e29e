"""A sync with `where` takes the members who meet its conditions, and lets go of who no longer does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dbt_muster.delivery import select_pairs
from dbt_muster.errors import MusterError
from dbt_muster.plan import plan
from dbt_muster.specs import load
from tests.unit.delivery.kit import Person, Scene
from tests.unit.plan.shop import write_shop

BRITISH = [{"attribute": "country", "is": "GB"}]


def write(root: Path, where: object) -> None:
    write_shop(root)
    folder = root / "audience_specs"
    (folder / "destinations.yml").write_text('{"destination": "out", "type": "files", "path": "out"}')
    audience = {
        "audience": "buyers",
        "entity": "customer",
        "criteria": [{"event": "orders"}],
        "sync": [{"to": "out", "where": where}],
    }
    (folder / "audiences" / "buyers.yml").write_text(json.dumps(audience))


def test_the_conditions_become_a_model_that_the_delivery_reads(tmp_path: Path) -> None:
    write(tmp_path, BRITISH)
    project = load(tmp_path)
    (pair,) = select_pairs(project, root=tmp_path)
    name = pair.models["where"]
    (stub,) = [stub for stub in plan(project).stubs if stub.model == name]
    assert "attribute__country" in stub.text
    assert any(name in each.text for each in plan(project).properties)


def test_a_mistake_in_the_conditions_is_reported_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, [{"attribute": "contry", "is": "GB"}])
    with pytest.raises(MusterError, match="did you mean `country`"):
        load(tmp_path)


def test_only_members_who_meet_the_conditions_are_sent(tmp_path: Path) -> None:
    write(tmp_path, BRITISH)
    (found,) = select_pairs(load(tmp_path), root=tmp_path)
    scene = Scene()
    scene.set({key: Person(f"p{key}@example.com") for key in range(4)}, members={0, 1, 2})
    scene.warehouse.connection.execute(f"create table {found.models['where']} (customer_id bigint)")
    scene.warehouse.connection.execute(f"insert into {found.models['where']} values (1), (2), (3)")
    pair = scene.pair()
    pair = replace(pair, sync=replace(pair.sync, where=found.sync.where))
    report = scene.sync(pair=pair)
    assert (report.members, report.withheld, set(scene.platform.held)) == (3, 1, {"1", "2"})
    scene.warehouse.connection.execute(f"delete from {found.models['where']} where customer_id = 1")
    scene.sync(pair=pair)
    assert set(scene.platform.held) == {"2"}


def test_conditions_that_dbt_has_not_built_yet_are_said_and_nothing_is_sent(tmp_path: Path) -> None:
    write(tmp_path, BRITISH)
    (found,) = select_pairs(load(tmp_path), root=tmp_path)
    scene = Scene()
    scene.set({1: Person("p1@example.com")})
    pair = replace(scene.pair(), sync=replace(scene.pair().sync, where=found.sync.where))
    for report in (scene.engine().plan(pair), scene.sync(pair=pair)):
        assert report.status == "failed"
        assert "conditions of the sync's `where` cannot be read: run `dbt run`" in str(report.reason)
        assert found.models["where"] in str(report.reason)
    assert scene.platform.batches == []
    assert scene.plan().status == "planned"
