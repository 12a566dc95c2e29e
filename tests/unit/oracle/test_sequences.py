"""Sequences, against examples that a person can follow."""

from __future__ import annotations

from typing import Any

from tests.unit.oracle.worlds import event, found, world

CART, PAY = {"event": "app.cart"}, {"event": "app.pay", "within": "1 day"}


def sequence(*steps: Any, **window: str) -> Any:
    return {"sequence": list(steps), **window}


def test_the_second_step_is_after_the_first_and_at_its_far_end_at_the_latest() -> None:
    one = world(
        *(event(1, 1, "cart"), event(1, 2, "pay")),
        *(event(2, 1, "cart"), event(2, 2.125, "pay")),
        *(event(3, 1, "cart"), event(3, 1, "pay")),
    )
    assert found(one, sequence(CART, PAY)) == {1}


def test_an_earlier_choice_of_the_first_step_may_fail_where_a_later_one_holds() -> None:
    one = world(event(1, 1, "cart"), event(1, 5, "cart"), event(1, 5.5, "pay"))
    assert found(one, sequence(CART, PAY)) == {1}


def test_all_steps_lie_in_the_window() -> None:
    one = world(event(1, 20, "cart"), event(1, 21, "pay"), event(2, 20.625, "cart"), event(2, 21, "pay"))
    assert found(one, sequence(CART, PAY, within="3 days")) == {2}  # the window begins on the 20th at noon


def test_steps_of_one_kind_are_different_events() -> None:
    one = world(event(1, 1, "cart"), event(2, 1, "cart"), event(2, 2, "cart"))
    assert found(one, sequence(CART, {"event": "app.cart"})) == {2}


def test_a_step_is_compared_with_a_named_one() -> None:
    one = world(
        *(event(1, 1, "cart", word="a"), event(1, 1.5, "pay", word="b")),
        *(event(2, 1, "cart", word="a"), event(2, 1.25, "cart", word="b"), event(2, 1.5, "pay", word="a")),
    )
    where = [{"property": "word", "is": {"step": "cart", "property": "word"}}]
    assert found(one, sequence({**CART, "as": "cart"}, {**PAY, "where": where})) == {2}


def test_nothing_of_a_kind_lies_strictly_between_two_steps() -> None:
    one = world(
        *(event(1, 1, "cart"), event(1, 1.25, "leave"), event(1, 1.5, "pay")),
        *(event(2, 1, "cart"), event(2, 1.5, "leave"), event(2, 1.5, "pay")),
        *(event(3, 1, "cart"), event(3, 1.25, "leave"), event(3, 1.5, "cart"), event(3, 1.75, "pay")),
    )
    assert found(one, sequence(CART, {"without": "app.leave"}, PAY)) == {2, 3}


def test_time_must_have_run_out_for_what_did_not_follow() -> None:
    left = sequence({"event": "app.cart"}, {"without": "app.pay", "within": "1 day"})
    one = world(
        event(1, 22.5, "cart"),
        event(2, 22.625, "cart"),
        *(event(3, 20, "cart"), event(3, 21, "pay")),
        *(event(4, 20, "cart"), event(4, 21.125, "pay")),
        *(event(5, 20, "cart"), event(5, 20, "pay")),
        people=5,
    )
    # 1: exactly a day ago. 2: not yet. 3: paid at the far end, which counts. 4: too late. 5: not after.
    assert found(one, left) == {1, 4, 5}


def test_a_sequence_negated_is_its_complement() -> None:
    one = world(event(1, 1, "cart"), event(1, 1.5, "pay"))
    assert found(one, {"none": [sequence(CART, PAY)]}) == {2, 3}


def test_what_must_not_happen_may_be_compared_with_an_earlier_step() -> None:
    where = [{"property": "word", "is": {"step": "cart", "property": "word"}}]
    left = sequence({**CART, "as": "cart"}, {"without": "app.pay", "within": "1 day", "where": where})
    one = world(
        *(event(1, 1, "cart", word="a"), event(1, 1.5, "pay", word="b")),
        *(event(2, 1, "cart", word="a"), event(2, 1.5, "pay", word="a")),
    )
    assert found(one, left) == {1}
