"""A destination in the warehouse: three views that show exactly who is delivered, whatever happened."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.delivery import Pair
from dbt_muster.delivery.exports import PARTS
from dbt_muster.destinations.checking import shared_views
from dbt_muster.destinations.types.warehouse import Warehouse, WarehouseSettings
from dbt_muster.specs import load
from tests.unit.delivery.kit import Killed, Person, Scene

EXPORTED = ("email", "phone", "external_id")


@pytest.fixture
def scene() -> Scene:
    scene = Scene(platform=Warehouse("census", WarehouseSettings(), root=Path()), consent="ads")
    scene.warehouse.connection.execute("create table vips (customer_id bigint)")
    return scene


def pair(scene: Scene, name: str = "fans", match_on: tuple[str, ...] = ()) -> Pair:
    """A pair of one of two audiences."""
    found = scene.pair()
    audience = replace(found.audience, name=name, description=f"All {name}.")
    sync = replace(found.sync, match_on=match_on)
    return replace(found, audience=audience, sync=sync, exported=EXPORTED)


def people(scene: Scene) -> dict[str, tuple[Any, ...]]:
    """People as the view shows them: e-mail address, phone number, external id."""
    rows = scene.warehouse.rows(f"select id, {', '.join(EXPORTED)} from muster_export_people")
    found = {row[0]: tuple(row[1:]) for row in rows}
    assert len(found) == len(rows), "a person is shown twice"
    return found


def memberships(scene: Scene) -> set[tuple[str, str]]:
    """Who is in what, by the ids of the other two views."""
    rows = scene.warehouse.rows("select person_id, audience_id from muster_export_memberships")
    assert len(set(rows)) == len(rows)
    assert {row[0] for row in rows} == set(people(scene))
    return {(row[0], row[1]) for row in rows}


def expected(everybody: Mapping[int, Person], members: set[int]) -> set[tuple[str, str]]:
    return {(f"customer:{key}", "fans") for key in members if everybody[key].consent}


def test_the_views_have_the_columns_of_the_contract(scene: Scene) -> None:
    scene.set({1: Person("Ann@Example.com", "+441632960001", "x1"), 2: Person("bob@example.com")})
    report = scene.sync(pair=pair(scene))
    assert (report.status, report.adds, report.accepted) == ("applied", 2, 2)
    columns = {
        part: [
            column[0]
            for column in scene.warehouse.connection.execute(f"from muster_export_{part}").description
        ]
        for part in PARTS
    }
    assert columns["audiences"][:3] == ["id", "name", "description"]
    assert columns["memberships"] == ["person_id", "audience_id"]
    assert columns["people"] == ["id", "entity", "entity_key", *EXPORTED]
    assert scene.warehouse.rows("select * from muster_export_audiences") == [
        ("fans", "fans", "All fans.", "customer")
    ]
    assert people(scene) == {
        "customer:1": ("ann@example.com", "+441632960001", "x1"),
        "customer:2": ("bob@example.com", None, None),
    }


@pytest.mark.parametrize("code", range(32))
def test_a_control_character_in_a_value_hides_nothing_of_a_person(scene: Scene, code: int) -> None:
    scene.set({1: Person("ann@example.com", None, f"x{chr(code)}1")})
    scene.sync(pair=pair(scene))
    assert people(scene) == {"customer:1": ("ann@example.com", None, f"x{chr(code)}1")}


def test_who_withdraws_consent_or_leaves_is_shown_no_more(scene: Scene) -> None:
    everybody = {key: Person(f"p{key}@example.com") for key in range(5)}
    scene.set(everybody)
    scene.sync(pair=pair(scene))
    assert memberships(scene) == expected(everybody, set(everybody))
    everybody[1] = Person("p1@example.com", consent=False)
    scene.set(everybody, {0, 1, 2, 3})
    report = scene.sync(pair=pair(scene))
    assert (report.removes, report.withheld) == (2, 1)
    assert memberships(scene) == expected(everybody, {0, 2, 3})


def test_a_person_in_two_audiences_is_one_person_with_what_either_says(scene: Scene) -> None:
    scene.set({1: Person("old@example.com", "+441632960001", "x1")})
    scene.warehouse.connection.execute("insert into vips values (1)")
    scene.sync(pair=pair(scene, match_on=("email", "phone")))
    scene.set({1: Person("new@example.com", "+441632960001", "x1")})
    scene.sync(pair=pair(scene, "vips", match_on=("email", "external_id")))
    assert people(scene) == {"customer:1": ("new@example.com", "+441632960001", "x1")}
    assert memberships(scene) == {("customer:1", "fans"), ("customer:1", "vips")}


def test_views_follow_identifiers_that_come_and_go(scene: Scene) -> None:
    scene.set({1: Person("ann@example.com", None, "x1")})
    scene.sync(pair=pair(scene))
    scene.sync(pair=replace(pair(scene, match_on=("external_id",)), exported=("external_id",)))
    rows = scene.warehouse.rows("select * from muster_export_people")
    assert rows == [("customer:1", "customer", "1", "x1")]


def test_a_destination_whose_guard_objects_shows_what_it_showed(scene: Scene) -> None:
    everybody = {key: Person(f"p{key}@example.com") for key in range(9)}
    scene.set(everybody)
    scene.sync(pair=pair(scene))
    scene.set(everybody, {0})
    scene.guard = replace(scene.guard, largest_moves=1)
    assert scene.sync(pair=pair(scene)).status == "blocked"
    assert memberships(scene) == expected(everybody, set(everybody))


def test_e_mail_addresses_are_hashed_where_that_is_asked(scene: Scene) -> None:
    scene.platform = Warehouse("census", WarehouseSettings(hashing="sha256"), root=Path())
    scene.set({1: Person("Test@Example.com", None, "x1")})
    scene.sync(pair=pair(scene))
    digest = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
    assert people(scene) == {"customer:1": (digest, None, "x1")}


@pytest.mark.parametrize("seed", range(2))
def test_views_are_right_after_any_number_of_deaths(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - tests repeat
    everybody: dict[int, Person] = {}
    for _ in range(8):
        for key in chance.sample(range(10), 4):
            everybody[key] = Person(f"p{chance.randint(0, 30)}@example.com", consent=chance.random() < 0.8)
        members = {key for key in everybody if chance.random() < 0.7}
        scene.set(everybody, members)
        left = [chance.randint(0, 40)]

        def step(_name: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        scene.warehouse.step = step
        try:
            scene.sync(pair=pair(scene))
        except Killed:
            pass
        finally:
            scene.warehouse.step = lambda _name: None
        assert scene.sync(pair=pair(scene)).status == "applied"
        assert memberships(scene) == expected(everybody, members)
        assert {key: row[0] for key, row in people(scene).items()} == {
            f"customer:{key}": everybody[key].email for key in members if everybody[key].consent
        }


def test_an_audience_that_is_no_longer_synced_leaves_the_views_to_the_others(scene: Scene) -> None:
    scene.set({1: Person("ann@example.com"), 2: Person("bob@example.com")})
    scene.warehouse.connection.execute("insert into vips values (1)")
    scene.sync(pair=pair(scene))
    scene.sync(pair=pair(scene, "vips"))
    ended = replace(pair(scene), ending="empty", exported=())
    assert scene.sync(pair=ended).status == "applied"
    assert memberships(scene) == {("customer:1", "vips")}
    assert people(scene) == {"customer:1": ("ann@example.com", None, None)}
    assert scene.warehouse.rows("select id from muster_export_audiences") == [("vips",)]


def test_who_is_erased_is_shown_no_more(scene: Scene) -> None:
    scene.set({1: Person("ann@example.com"), 2: Person("bob@example.com")})
    scene.sync(pair=pair(scene))
    eraser = scene.engine().eraser(pair(scene).entity, [])
    receipt = eraser.erase("1", [pair(scene)], lambda key, asked: scene.engine().sync(asked, only=key))
    assert receipt.complete
    assert set(people(scene)) == {"customer:2"}
    scene.sync(pair=pair(scene))
    assert memberships(scene) == {("customer:2", "fans")}


def test_two_destinations_whose_views_would_have_one_name_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "audience_specs").mkdir()
    page = tmp_path / "audience_specs" / "destinations.yml"
    page.write_text("destination: a\ntype: warehouse\n---\ndestination: b\ntype: warehouse\n")
    (problem,) = shared_views(load(tmp_path), tmp_path)
    assert (problem.code, problem.line) == ("shared_views", 4)
    page.write_text("destination: a\ntype: warehouse\n---\ndestination: b\ntype: warehouse\nprefix: own\n")
    assert list(shared_views(load(tmp_path), tmp_path)) == []
