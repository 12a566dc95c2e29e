"""What Iterable has of its own: failures that are named by value, hybrid projects, and people forgotten."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dbt_muster.destinations import Refusal
from dbt_muster.destinations.types.iterable import Iterable
from tests.destinations.stage import Stage, people, person, set_secrets
from tests.destinations.standins.iterable import IterableStandIn
from tests.destinations.trying import trying


def refused(answer: dict[str, Any], *subscribers: dict[str, str], removing: bool = False) -> list[Refusal]:
    """Who was not taken of those who were sent."""
    assert Iterable.failed is not None
    return Iterable.failed.refused(httpx.Response(200, json=answer), subscribers, removing=removing)


ANN, BOB = {"email": "ann@example.com"}, {"email": "bob@example.com"}


@pytest.mark.parametrize("kind", ["invalid", "invalidData", "conflict", "forgotten", "notFound"])
def test_an_address_that_failed_is_found_whatever_its_case(kind: str) -> None:
    answer = {"failCount": 1, "failedUpdates": {f"{kind}Emails": ["Ann@Example.com"]}}
    assert [each.index for each in refused(answer, BOB, ANN)] == [1]


@pytest.mark.parametrize("kind", ["invalid", "invalidData", "conflict", "forgotten", "notFound"])
def test_a_user_id_that_failed_is_found_by_itself_alone(kind: str) -> None:
    answer = {"failCount": 1, "failedUpdates": {f"{kind}UserIds": ["u1"]}}
    assert [each.index for each in refused(answer, {"userId": "U1"}, {"userId": "u1"})] == [1]


def test_the_older_lists_beside_failed_updates_count_as_well() -> None:
    answer = {"failCount": 2, "invalidEmails": ["a@x.example"], "invalidUserIds": ["u"]}
    found = refused(answer, {"email": "a@x.example"}, {"userId": "u"})
    assert [each.index for each in found] == [0, 1]
    assert all("not valid" in each.reason for each in found)


def test_a_hybrid_project_is_sent_both_and_prefers_the_user_id() -> None:
    with trying(IterableStandIn) as tried:
        tried.send("add", [{"external_id": "u1", "email": "a@example.com"}])
        (body,) = tried.bodies("/lists/subscribe")
        assert body["subscribers"] == [{"userId": "u1", "preferUserId": True, "email": "a@example.com"}]
        assert isinstance(body["listId"], int)


def test_nobody_is_unsubscribed_from_a_channel_and_who_is_not_known_is_gone_already() -> None:
    with trying(IterableStandIn) as tried:
        tried.send("add", [{"email": "a@example.com"}])
        result, _ = tried.send("remove", [{"email": "a@example.com"}, {"email": "never@example.com"}])
        assert result.refusals == []
        assert tried.held() == set()
        assert [body["channelUnsubscribe"] for body in tried.bodies("/lists/unsubscribe")] == [False]


def test_who_was_forgotten_is_refused_in_one_call_and_leaves_without_a_word() -> None:
    people = [{"email": "a@example.com"}, {"email": "gone@example.com"}]
    with trying(IterableStandIn) as tried:
        tried.at.forgotten = {"gone@example.com"}
        result, _ = tried.send("add", people)
        assert [(each.index, "forgotten" in each.reason) for each in result.refusals] == [(1, True)]
        assert len(tried.bodies("/lists/subscribe")) == 1
        assert tried.send("remove", people)[0].refusals == []


def test_failures_that_are_only_counted_are_searched_for() -> None:
    people: list[dict[str, Any]] = [{"email": f"{number}@example.com"} for number in range(16)]
    with trying(IterableStandIn) as tried:
        tried.at.mute = True
        tried.at.refuses = {"11@example.com"}
        result, _ = tried.send("add", people)
        assert [refusal.index for refusal in result.refusals] == [11]
        assert len(tried.held()) == 15


def test_who_was_forgotten_is_never_sent_again_in_any_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(IterableStandIn, monkeypatch)
    with IterableStandIn().running() as at:
        assert isinstance(at, IterableStandIn)
        stage = Stage(at)
        at.forgotten = {stage.sent("email", person(1))}
        stage.fill(people(range(3)))
        first = stage.sync()
        before = stage.writes()
        second = stage.sync()
        assert (first.rejected, first.accepted, second.unmatchable, second.sent) == (1, 2, 1, 0)
        assert stage.writes() == before
        stage.fill({**people(range(3)), 1: person(1, email="another@example.com")})
        assert stage.sync().adds == 1
        assert stage.is_exact()
