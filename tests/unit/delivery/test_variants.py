"""Who is held out of a split is a member, and is never sent anywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dbt_muster.delivery import Circumstances, Pair
from dbt_muster.plan.audiences import division_hash
from dbt_muster.specs.meaning import Rules, Split
from dbt_muster.specs.meaning.groups import Holdout
from dbt_muster.warehouse import Manifest, Upstream
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


def built(**written: str) -> Circumstances:
    """dbt has read the audience's model as it was then, with what `muster compile` wrote into it."""
    return Circumstances(Upstream(Manifest(Path(), {}, written={"fans": {"digest": "", **written}})))


RENAMED = Split("fans", (("control", 1000), ("mail", 4500), ("ads", 4500)))
HOLDOUT = Rules(holdout=Holdout("safety", 500))


@pytest.mark.parametrize(
    ("split", "rules"),
    [(RENAMED, Rules()), (None, Rules()), (SPLIT, HOLDOUT)],
    ids=["renamed", "gone", "held"],
)
def test_nothing_is_sent_or_removed_while_dbt_knows_another_split_or_holdout(
    split: Split | None, rules: Rules
) -> None:
    made = scene()
    then = pair(made)
    made.circumstances = built(division=str(division_hash(then.audience, then.rules)))
    assert made.sync(pair=then).status == "applied"
    held = dict(made.platform.held)
    now = replace(then, audience=replace(then.audience, split=split), rules=rules)
    for report in (made.engine().plan(now), made.sync(pair=now)):
        assert report.status == "failed"
        assert "Run `dbt run` first" in str(report.reason)
    assert made.platform.held == held
    made.circumstances = built(division=str(division_hash(then.audience, then.rules)))
    assert made.sync(pair=then).status == "applied"


def test_a_model_of_an_earlier_version_is_held_to_its_digest() -> None:
    made = scene()
    made.circumstances = built()
    assert made.sync(pair=pair(made)).status == "applied"
    made.circumstances = built(digest="another")
    assert "Run `dbt run` first" in str(made.sync(pair=pair(made)).reason)


def test_without_a_split_it_makes_no_difference_what_else_has_changed() -> None:
    made = Scene(circumstances=built(digest="another"))
    made.set({1: Person("p1@example.com")})
    assert made.sync().status == "applied"
