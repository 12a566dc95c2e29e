"""Who is held out of a split is a member, and is never sent anywhere."""

from __future__ import annotations

from dataclasses import replace

from dbt_muster.delivery import Pair
from dbt_muster.specs.meaning import Split
from tests.unit.delivery.kit import Person, Scene

SPLIT = Split("fans", (("control", 1000), ("email", 4500), ("ads", 4500)))
VARIANTS = {1: "control", 2: "email", 3: "ads", 4: "email"}


def scene() -> Scene:
    made = Scene()
    made.warehouse.connection.execute("alter table fans add column variant varchar")
    set_variants(made, VARIANTS)
    return made


def set_variants(made: Scene, variants: dict[int, str]) -> None:
    made.warehouse.set_people({key: Person(f"p{key}@example.com") for key in variants})
    made.warehouse.connection.execute("delete from fans")
    for key, variant in variants.items():
        made.warehouse.connection.execute("insert into fans values (?, ?)", [key, variant])


def pair(made: Scene, *variants: str) -> Pair:
    whole = made.pair()
    return replace(
        whole, audience=replace(whole.audience, split=SPLIT), sync=replace(whole.sync, variants=variants)
    )


def test_the_control_is_never_sent() -> None:
    made = scene()
    report = made.sync(pair=pair(made))
    assert set(made.platform.held) == {"2", "3", "4"}
    assert (report.members, report.withheld, report.adds) == (4, 1, 3)


def test_a_sync_takes_the_variants_that_it_names() -> None:
    made = scene()
    made.sync(pair=pair(made, "ads"))
    assert set(made.platform.held) == {"3"}


def test_who_moves_into_the_control_is_removed() -> None:
    made = scene()
    made.sync(pair=pair(made))
    set_variants(made, {**VARIANTS, 2: "control"})
    report = made.sync(pair=pair(made))
    assert report.removes == 1
    assert set(made.platform.held) == {"3", "4"}
