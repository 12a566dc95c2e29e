"""What is Pinterest's own: a list that cannot be made empty, the audience over it, and actalikes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from pydantic import ValidationError

from dbt_muster.destinations.pinterest import PinterestOptions
from tests.destinations.opened import AUDIENCE, opened, record, send
from tests.destinations.standins import faults
from tests.destinations.standins.base import Call, StandIn
from tests.destinations.standins.pinterest import PinterestStandIn

HASHES = [hashlib.sha256(f"{number}@example.com".encode()).hexdigest() for number in range(3)]


def options(**lookalike: Any) -> PinterestOptions:
    return PinterestOptions.model_validate({"lookalike": lookalike})


def test_a_new_audience_holds_nobody_and_has_a_list_of_its_own() -> None:
    with PinterestStandIn().running() as pinterest:
        assert isinstance(pinterest, PinterestStandIn)
        own = opened(pinterest).ensure(AUDIENCE, None)
        assert pinterest.held(own) == set()
        assert len(pinterest.lists) == 1
        assert pinterest.audiences[own]["name"] == "Fans"


@pytest.mark.parametrize("lost", ["create_list", "change", "create"])
def test_an_audience_is_made_once_whichever_answer_is_lost(lost: str) -> None:
    def meets(stand_in: StandIn, call: Call) -> bool:
        assert isinstance(stand_in, PinterestStandIn)
        return stand_in._route(call)[0] == lost

    with PinterestStandIn().running() as pinterest:
        assert isinstance(pinterest, PinterestStandIn)
        pinterest.faults = [faults.first(1, meets, faults.acts_and_hangs_up)]
        own = opened(pinterest).ensure(AUDIENCE, None)
        assert pinterest.audience_ids() == [own]
        assert len(pinterest.lists) == 1
        assert pinterest.held(own) == set()


def test_an_audience_that_was_lost_gets_a_new_list_since_the_old_one_still_holds_people() -> None:
    with PinterestStandIn().running() as pinterest:
        assert isinstance(pinterest, PinterestStandIn)
        first = opened(pinterest).ensure(AUDIENCE, None)
        send(opened(pinterest), first, *(record("add", each, email=each) for each in HASHES))
        pinterest.lose(first)
        second = opened(pinterest).ensure(AUDIENCE, None)
        assert second != first
        assert pinterest.held(second) == set()


def test_actalikes_are_made_once_a_country() -> None:
    wanted = options(countries=["US", "GB"], ratio="5%")
    with PinterestStandIn().running() as pinterest:
        assert isinstance(pinterest, PinterestStandIn)
        destination = opened(pinterest)
        own = destination.ensure(AUDIENCE, None)
        made = [destination.make_lookalikes(own, AUDIENCE, wanted) for _ in range(2)]
        assert made[0] == made[1] == ["Fans, actalike US 5%", "Fans, actalike GB 5%"]
        rules = [each["rule"] for each in pinterest.audiences.values() if each["audience_type"] == "ACTALIKE"]
        assert rules == [{"seed_id": [own], "country": country, "percentage": 5} for country in ("US", "GB")]
        assert pinterest.violations == []


@pytest.mark.parametrize("ratio", ["0%", "11%", "1.5%", "5"])
def test_an_actalike_is_of_one_to_ten_whole_per_cent(ratio: str) -> None:
    with pytest.raises(ValidationError, match="ratio"):
        options(countries=["US"], ratio=ratio)
