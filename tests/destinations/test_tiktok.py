"""What is TikTok's own: tables of cells, errors under HTTP 200, names that are cut off, lookalikes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from dbt_muster.destinations.types.tiktok import TikTok
from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.faults import creations, first
from tests.destinations.standins.tiktok import TikTokStandIn
from tests.destinations.trying import AUDIENCE, adding, opened, removing, run_of, send, standing_in

ANN, BOB, TEL = (hashlib.sha256(name.encode()).hexdigest() for name in ("ann", "bob", "tel"))


@pytest.fixture
def tiktok() -> Iterator[TikTokStandIn]:
    with standing_in(TikTokStandIn) as stand_in:
        yield stand_in


def _mappings(stand_in: TikTokStandIn) -> list[dict[str, Any]]:
    return [call.json for call in stand_in.calls if call.path == "/segment/mapping/"]


def test_every_row_has_a_cell_for_every_kind_of_identifier_and_kinds_that_nobody_has_are_left_out(
    tiktok: TikTokStandIn,
) -> None:
    destination = opened(tiktok)
    run = run_of(destination, destination.ensure(AUDIENCE, None))
    send(destination, run, [adding(email=ANN, phone=None, idfa=None), adding(email=[BOB, ANN], phone=TEL)])
    body = _mappings(tiktok)[0]
    assert body["id_schema"] == ["EMAIL_SHA256", "PHONE_SHA256"]
    assert [[cell.get("id") for cell in row] for row in body["batch_data"]] == [
        [ANN, None],
        [BOB, TEL],
        [ANN, TEL],
    ]
    send(destination, run, [removing(email=[BOB, ANN], phone=TEL)])
    assert tiktok.held(run.remote or "") == {frozenset({("email", ANN)})}


def test_addresses_are_written_by_the_rule_that_the_settings_choose(tiktok: TikTokStandIn) -> None:
    assert opened(tiktok).form("email").rule == "email"
    chosen = opened(tiktok, email_rule="email_dotless")
    assert (chosen.form("email").rule, chosen.form("email").hash) == ("email_dotless", "sha256")
    assert chosen.form("phone").rule == "phone"


def test_a_long_name_keeps_its_marker_within_what_tiktok_shows(tiktok: TikTokStandIn) -> None:
    destination = opened(tiktok)
    long = replace(AUDIENCE, name="People who came back after a year " * 4)
    remote = destination.ensure(long, None)
    assert tiktok.audiences[remote]["name"].endswith("[muster-0123456789ab]")
    assert destination.ensure(long, None) == remote


def test_an_audience_on_a_later_page_is_found_and_not_made_again(tiktok: TikTokStandIn) -> None:
    destination = opened(tiktok)
    others = [replace(AUDIENCE, marker=f"muster-{number:012d}") for number in range(4)]
    for audience in [*others, AUDIENCE]:
        destination.ensure(audience, None)
    destination.ensure(AUDIENCE, None)
    assert len(tiktok.audience_ids()) == 5


def test_an_audience_is_renamed_and_counted(tiktok: TikTokStandIn) -> None:
    destination = opened(tiktok)
    remote = destination.ensure(AUDIENCE, None)
    destination.ensure(replace(AUDIENCE, name="Best customers"), remote)
    assert tiktok.audiences[remote]["name"] == "Best customers [muster-0123456789ab]"
    assert destination.matched(remote) == 1_000


def test_trouble_while_an_audience_is_made_does_not_make_two(tiktok: TikTokStandIn) -> None:
    def makes_and_denies_it(_: object, call: Call) -> Answer:
        tiktok.handle(call)
        return Answer(200, {"code": 50000, "message": "System error", "data": {}})

    tiktok.faults.append(first(1, creations, makes_and_denies_it))
    assert [opened(tiktok).ensure(AUDIENCE, None)] == tiktok.audience_ids()


def test_a_lookalike_is_made_once_and_another_where_the_wish_changes(tiktok: TikTokStandIn) -> None:
    destination = opened(tiktok)
    remote = destination.ensure(AUDIENCE, None)
    wish = {"size": "narrow", "locations": ["2635167"]}
    for size in ("narrow", "narrow", "broad"):
        options = TikTok.options_model.model_validate({"lookalike": {**wish, "size": size}})
        names = destination.make_lookalikes(remote, AUDIENCE, options)
        assert names == [f"{AUDIENCE.name}, lookalike {size}"]
    made = [each["lookalike_spec"] for each in tiktok.audiences.values() if "lookalike_spec" in each]
    assert made == [
        {
            "source_audience_id": remote,
            "audience_size": size,
            "include_source": False,
            "location_ids": ["2635167"],
            "mobile_os": "ALL",
            "placements": ["TikTok"],
        }
        for size in ("NARROW", "BROAD")
    ]
    # A lookalike's name carries a longer marker, so it is never taken for the audience itself.
    assert destination.ensure(AUDIENCE, None) == remote


def test_a_size_that_tiktok_does_not_have_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ValidationError, match="'narrow', 'balanced' or 'broad'"):
        TikTok.options_model.model_validate({"lookalike": {"size": "tiny", "locations": ["1"]}})


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0, "taken"),
        (40001, "stopped"),
        (40002, "refused"),
        (40100, "later"),
        (40105, "stopped"),
        (50000, "later"),
    ],
)
def test_a_code_under_http_200_says_what_an_answer_means(tiktok: TikTokStandIn, code: int, kind: str) -> None:
    destination = opened(tiktok)
    assert isinstance(destination, TikTok)
    answer = httpx.Response(200, json={"code": code, "message": "…"})
    assert destination.meaning(answer).kind == kind


def test_an_answer_without_a_code_is_not_taken_for_a_yes(tiktok: TikTokStandIn) -> None:
    destination = opened(tiktok)
    assert isinstance(destination, TikTok)
    assert destination.meaning(httpx.Response(200, text="<html>")).kind == "later"
    assert destination.meaning(httpx.Response(200, json={"message": "OK"})).kind == "later"
