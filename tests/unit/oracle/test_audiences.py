"""Limits, staying and expiring, and who is held back, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle import delivery
from tests.oracle.evaluate import Evaluation
from tests.oracle.world import Key, Row, World
from tests.unit.oracle.worlds import event, world

EVERYBODY: dict[str, Any] = {"all": []}


def limited(*scores: str | None, **limit: Any) -> set[Key]:
    rows: list[Row] = [
        {"id": number, "score": None if score is None else Decimal(score)}
        for number, score in enumerate(scores, 1)
    ]
    one = world(people=rows, columns={"score": "number"})
    return set(Evaluation(one).members({"criteria": EVERYBODY, "limit": {"by": "score", **limit}}))


def test_a_limit_takes_the_largest_and_never_a_missing_value() -> None:
    assert limited("1", "3", None, "2", top=2) == {2, 4}
    assert limited("1", "3", None, "2", top=9) == {1, 2, 4}
    assert limited("1", "3", None, "2", top=2, order="ascending") == {1, 4}


def test_of_equal_values_a_limit_takes_the_smallest_keys() -> None:
    assert limited("5", "5", "5", top=2) == {1, 2}
    assert limited("5", "4", "5", "4", top=3, order="ascending") == {1, 2, 4}


def evaluated(*instants: datetime, **keys: str) -> dict[datetime, bool]:
    """Whether the one person, who has an event on the 1st, is a member after each evaluation.

    The criteria hold on the two days after an event.
    """
    found: dict[datetime, bool] = {}
    audience = {
        "audience": "it",
        "entity": "person",
        "criteria": [{"event": "app", "within": "2 days"}],
        **keys,
    }
    for number, instant in enumerate(instants):
        one = world(event(1, 1), people=1)
        there = replace(one, as_of=instant, before=instants[:number], audiences={"it": audience})
        found[instant] = 1 in Evaluation(there).members_of("it")
    return found


def days(*numbers: float) -> list[datetime]:
    return [datetime(2026, 11, 1, 12) + timedelta(days=number) for number in numbers]


def test_a_member_stays_that_long_after_it_last_qualified() -> None:
    found = evaluated(*days(0, 1, 2, 3, 4, 5), stay="3 days")
    assert list(found.values()) == [True, True, True, True, False, False]  # it last qualified on day 1


def test_who_was_never_seen_as_a_member_does_not_stay() -> None:
    assert list(evaluated(*days(2, 3), stay="9 days").values()) == [False, False]


def test_a_membership_ends_that_long_after_it_began_until_it_fails_once() -> None:
    steps = days(0, 0.5, 1, 1.25, 1.75)
    found = evaluated(*steps, expire="1 day")
    assert list(found.values()) == [True, True, False, False, False]


def test_after_it_failed_once_an_expired_member_may_enter_again() -> None:
    audience = {
        "audience": "it",
        "entity": "person",
        "criteria": [{"event": "app", "within": "2 days"}],
        "expire": "1 day",
    }
    steps = days(0, 1, 2, 3)
    one = world(event(1, 1), event(1, 4), people=1)

    def is_member(count: int) -> bool:
        there = replace(one, as_of=steps[count], before=tuple(steps[:count]), audiences={"it": audience})
        return 1 in Evaluation(there).members_of("it")

    assert [is_member(count) for count in range(4)] == [True, False, False, True]


def test_an_evaluation_of_the_past_reads_the_last_state_before_it() -> None:
    instants = days(0, 1, 2, 3, 4)
    one = world(event(1, 1), people=1)
    audience = {
        "audience": "it",
        "entity": "person",
        "criteria": [{"event": "app", "within": "2 days"}],
        "stay": "3 days",
    }
    there = replace(one, audiences={"it": audience})

    def at(day: float) -> bool:
        late = replace(there, as_of=days(day)[0], before=tuple(instants))
        return 1 in Evaluation(late).members_of("it")

    assert [at(3.5), at(4), at(-1)] == [True, False, False]


def sent(**specs: Any) -> World:
    audiences = {
        name: {"audience": name, "entity": "person", "criteria": [{"attribute": "id", "in": keys}]}
        for name, keys in {"a": [1, 2], "b": [2, 3], "c": [3]}.items()
    }
    groups = {name: {"group": name, "entity": "person", **spec} for name, spec in specs.items()}
    return replace(world(), audiences=audiences, groups=groups)


def test_a_priority_gives_each_key_to_its_first_audience() -> None:
    evaluation = Evaluation(sent(g={"priority": ["b", "a", "c"]}))
    assert evaluation.assigned("g") == {"b": {2, 3}, "a": {1}}
    assert evaluation.withheld("a") == {"priority": {2}}
    assert evaluation.withheld("c") == {"priority": {3}}
    assert evaluation.withheld("b") == {}


def test_members_of_a_suppressed_audience_are_sent_nowhere() -> None:
    evaluation = Evaluation(sent(g={"suppress": ["c"]}))
    assert evaluation.withheld("b") == evaluation.withheld("c") == {"suppressed": {3}}
    assert evaluation.withheld("a") == {}


def test_a_holdout_is_by_the_hash_of_its_name() -> None:
    assert delivery.slot("g", 1) == 9708  # md5('g:1') begins with bc5271dc, which is 3159519708
    slots = {key: delivery.slot("g", key) for key in (1, 2, 3)}
    middle = sorted(slots.values())[1]
    share = f"{middle / 100 + 0.01:.2f}%"
    held = {key for key, slot in slots.items() if slot <= middle}
    evaluation = Evaluation(sent(g={"holdout": share}))
    everybody = {"a": {1, 2}, "b": {2, 3}, "c": {3}}
    for name, keys in everybody.items():
        assert evaluation.withheld(name) == ({"holdout": keys & held} if keys & held else {})
