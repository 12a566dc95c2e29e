"""What is Pinterest's own: a list that cannot be made empty, the audience over it, and actalikes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from pydantic import ValidationError

from dbt_muster.destinations.lookalikes import CountryRatio, LookalikeOptions
from dbt_muster.destinations.types.pinterest import Pinterest
from tests.destinations.standins import faults
from tests.destinations.standins.base import Call, StandIn
from tests.destinations.standins.pinterest import PinterestStandIn
from tests.destinations.trying import AUDIENCE, opened, trying

HASHES = [hashlib.sha256(f"{number}@example.com".encode()).hexdigest() for number in range(3)]


def options(**lookalike: Any) -> LookalikeOptions[CountryRatio]:
    return Pinterest.options_model.model_validate({"lookalike": lookalike})


def test_a_new_audience_holds_nobody_and_has_a_list_of_its_own() -> None:
    with trying(PinterestStandIn) as tried:
        assert tried.held() == set()
        assert len(tried.at.lists) == 1
        assert tried.at.audiences[tried.remote]["name"] == AUDIENCE.name


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/customer_lists"), ("PATCH", "/customer_lists/"), ("POST", "/audiences")]
)
def test_an_audience_is_made_once_whichever_answer_is_lost(method: str, path: str) -> None:
    def meets(_stand_in: StandIn, call: Call) -> bool:
        return call.method == method and call.path.rstrip("0123456789").endswith(path)

    at = PinterestStandIn()
    at.faults = [faults.first(1, meets, faults.acts_and_hangs_up)]
    with at.running():
        own = opened(at).ensure(AUDIENCE, None)
        assert at.audience_ids() == [own]
        assert len(at.lists) == 1
        assert at.held(own) == set()


def test_an_audience_that_was_lost_gets_a_new_list_since_the_old_one_still_holds_people() -> None:
    with trying(PinterestStandIn) as tried:
        tried.add(*HASHES)
        tried.at.lose(tried.remote)
        second = tried.destination.ensure(AUDIENCE, None)
        assert second != tried.remote
        assert tried.at.held(second) == set()


def test_actalikes_are_made_once_a_country_when_enough_people_were_found() -> None:
    wanted = options(countries=["US", "GB"], ratio="5%")
    with trying(PinterestStandIn) as tried:
        assert tried.destination.make_lookalikes(tried.remote, AUDIENCE, wanted) == []
        tried.add(*(hashlib.sha256(str(number).encode()).hexdigest() for number in range(100)))
        made = [tried.destination.make_lookalikes(tried.remote, AUDIENCE, wanted) for _ in range(2)]
        assert made[0] == made[1] == [f"{AUDIENCE.name}, lookalike {country} 5%" for country in ("US", "GB")]
        audiences = tried.at.audiences.values()
        rules = [each["rule"] for each in audiences if each["audience_type"] == "ACTALIKE"]
        assert [rule["country"] for rule in rules] == ["US", "GB"]
        assert all((rule["seed_id"], rule["percentage"]) == ([tried.remote], 5) for rule in rules)


@pytest.mark.parametrize("ratio", ["0%", "11%", "1.5%", "5"])
def test_an_actalike_is_of_one_to_ten_whole_per_cent(ratio: str) -> None:
    with pytest.raises(ValidationError, match="ratio"):
        options(countries=["US"], ratio=ratio)
