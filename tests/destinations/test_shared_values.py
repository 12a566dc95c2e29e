"""Members with several values of an identifier, some of them in common, at every platform.

What a platform holds is compared with what one holds that was told of the members alone, and never of anybody
who left: so nothing has to be known of how a platform keeps several values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.destinations.stage import Person, Stage, Warehouse, all_stand_ins, person, set_secrets
from tests.destinations.standins.base import StandIn
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn

pytestmark = pytest.mark.xdist_group("shared values")


@pytest.fixture(params=all_stand_ins(), ids=lambda kind: kind.type)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    kind: type[StandIn] = request.param
    set_secrets(kind, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with kind().running() as stand_in:
        yield Stage(stand_in, Warehouse(several=kind.match_on))
    assert stand_in.violations == []


_COMMON = {
    "email": "A.Canary.P90@Example.com",
    "phone": "+441632900000",
    "external_id": "a-canary-90",
    "mobile_advertising_id": "0EBE52E7-03EE-455A-B3C4-000000000090",
}
"""Each the first in the order of the alphabet, so that it is sent where only one value is."""


def family(stage: Stage, *numbers: int) -> dict[int, Person]:
    """People who have one value of each identifier in common, and one of their own."""
    return {
        number: {**own, **{name: [_COMMON[name], str(own[name])] for name in stage.stand_in.match_on}}
        for number in numbers
        for own in [person(number)]
    }


def is_exact(stage: Stage) -> bool:
    """Whether the platform holds what one of its kind does that never heard of anybody but the members."""
    with type(stage.stand_in)().running() as stand_in:
        other = Stage(stand_in, Warehouse(stage.warehouse.several))
        other.fill(stage.members)
        assert other.sync().status == "applied"
        assert other.held()
        return stage.held() == other.held() and (not stand_in.flat or stage.is_exact())


def test_a_value_that_two_members_have_in_common_stays_when_one_of_them_leaves(stage: Stage) -> None:
    people = {**family(stage, 0, 1), 2: person(2)}
    stage.fill(people)
    stage.sync()
    stage.fill({1: people[1], 2: people[2]}, others={0: people[0]})
    assert stage.sync().status == "applied"
    assert is_exact(stage)
    assert stage.sync().sent == 0


def test_a_value_that_one_member_no_longer_has_stays_with_the_other(stage: Stage) -> None:
    people = family(stage, 0, 1)
    stage.fill(people)
    stage.sync()
    stage.fill({1: people[1], 0: person(0)})
    assert stage.sync().status == "applied"
    assert is_exact(stage)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1f", "\x7f"], ids=ascii)
def test_a_control_character_in_a_value_hides_from_nobody_that_two_members_have_it(
    stage: Stage, character: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = stage.pair().destination.capabilities.identifiers or {}
    if "external_id" not in accepted or accepted["external_id"].rule != "text":
        pytest.skip("no id is sent as it is here")
    monkeypatch.setattr(type(stage.stand_in), "match_on", ("external_id",))
    stage.warehouse.several = ("external_id",)
    people = {
        number: person(number, external_id=[f"canary{character}90", f"canary-{number}"]) for number in (0, 1)
    }
    stage.fill({**people, 2: person(2)})
    stage.sync()
    stage.fill({1: people[1], 2: person(2)}, others={0: people[0]})
    assert stage.sync().status == "applied"
    assert is_exact(stage)
    assert stage.sync().sent == 0


def test_a_former_member_stays_where_the_sync_only_adds_though_a_relative_is_erased(stage: Stage) -> None:
    if all(stage.pair().destination.form(name).most == 1 for name in stage.stand_in.match_on):
        pytest.skip("people with one value in common are one record here")
    stage.settings["mode"] = "add_only"
    people = family(stage, 0, 1)
    stage.fill(people)
    stage.sync()
    stage.fill({0: people[0]}, others={1: people[1]})
    stage.sync()
    pair, engine = stage.pair(), stage.engine()
    receipt = engine.eraser(pair.entity, []).erase("0", [pair], lambda key, pair: engine.sync(pair, only=key))
    assert receipt.complete
    stage.members = {1: people[1]}
    assert is_exact(stage)


def test_who_is_erased_while_the_audience_rests_takes_nothing_from_a_relative(stage: Stage) -> None:
    if all(stage.pair().destination.form(name).most == 1 for name in stage.stand_in.match_on):
        pytest.skip("people with one value in common are one record here")
    people = {**family(stage, 0, 1), 2: person(2)}
    stage.fill(people)
    stage.sync()
    pair, engine = stage.pair(), stage.engine()
    resting = replace(pair, ending="hold")
    eraser = engine.eraser(pair.entity, [])
    assert eraser.erase("0", [resting], lambda key, pair: engine.sync(pair, only=key)).complete
    stage.members = {1: people[1], 2: people[2]}
    assert is_exact(stage)


@pytest.mark.parametrize("kind", [MetaCustomAudiencesStandIn, GoogleDataManagerStandIn])
def test_nobody_is_sent_again_for_a_country_and_a_name_that_somebody_who_left_has_too(
    kind: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(kind, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    monkeypatch.setattr(kind, "match_on", ("email", "first_name", "last_name", "postcode", "country"))
    with kind().running() as stand_in:
        stage = Stage(stand_in)
        people = {number: person(number) for number in range(4)}
        twin = person(9, postcode=people[0]["postcode"])
        stage.fill({**people, 9: twin})
        stage.sync()
        stage.fill({**{number: people[number] for number in range(1, 4)}, 9: twin}, others={0: people[0]})
        report = stage.sync()
        assert (report.removes, report.adds) == (1, 1), "only whoever has the whole name and address too"
        assert stage.is_exact()
    assert stand_in.violations == []
