"""Aggregates of every kind, against values worked out by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tests.unit.oracle.worlds import event, found, trait, world


def test_the_most_frequent_value_is_the_smallest_of_those_that_are_as_frequent() -> None:
    events = [event(1, day, word=word) for day, word in enumerate(["b", "a", "b", "a", "c", None], 1)]
    one = world(*events, event(2, 1, word="z"), event(2, 2, word="Z"))
    assert trait(one, most_frequent={"of": "word", "event": "app"}) == {1: "a", 2: "Z", 3: None}
    assert found(one, {"event": "app", "most_frequent": {"of": "word", "is": "a"}}) == {1}
    assert found(one, {"event": "app", "most_frequent": {"of": "word", "is_not": "a"}}) == {2, 3}


def test_a_list_is_sorted_without_repeats_and_capped() -> None:
    events = [event(1, day, word=word) for day, word in enumerate(["b", "é", "B", None, "b"], 1)]
    one = world(*events, event(2, 1))
    assert trait(one, unique_list={"of": "word", "event": "app"}) == {1: ("B", "b", "é"), 2: None, 3: None}
    assert trait(one, unique_list={"of": "word", "event": "app", "limit": 2})[1] == ("B", "b")


def test_days_are_whole_lengths_of_24_hours_back_from_the_instant() -> None:
    one = world(event(1, 22.5), event(1, 1.5), event(2, 22), event(2, 23))
    assert trait(one, days_since_last={"event": "app"}) == {1: 1, 2: 0, 3: None}
    assert trait(one, days_since_first={"event": "app"}) == {1: 22, 2: 1, 3: None}


def test_a_rate_is_per_period_of_the_window() -> None:
    one = world(event(1, 20, amount=Decimal(3)), event(1, 21, amount=Decimal(4)), event(1, 1))
    assert trait(one, rate={"event": "app", "per": "week", "within": "14 days"})[1] == 1
    assert trait(one, rate={"event": "app", "per": "2 days", "within": "1 week"})[1] == Fraction(4, 7)
    assert trait(one, rate={"event": "app", "of": "amount", "per": "day", "within": "1 week"})[1] == 1
    since = {"event": "app", "per": "day", "since": "2026-11-19T12:00:00"}
    assert trait(one, rate=since) == {1: Fraction(1, 2), 2: 0, 3: 0}


def test_a_share_is_of_all_events_of_the_kind_in_the_window() -> None:
    one = world(
        *(event(1, day, word=word, amount=Decimal(day)) for day, word in ((20, "a"), (21, "b"), (22, "a"))),
        event(1, 1, word="a"),
        event(1, 22, kind="y", word="a"),
        event(2, 22, word="b", amount=Decimal(0)),
    )
    only = {"event": "app.x", "within": "5 days", "where": [{"property": "word", "is": "a"}]}
    assert trait(one, share=only) == {1: Fraction(2, 3), 2: 0, 3: None}
    assert trait(one, share={**only, "of": "amount"}) == {1: Fraction(42, 63), 2: None, 3: None}


def test_the_first_event_ever_must_lie_in_the_window_of_a_first_time() -> None:
    one = world(event(1, 22), event(2, 22), event(2, 1), event(3, 22, word="a"), event(3, 1, word="b"))
    condition = {"event": "app", "first_time": {"within": "7 days"}}
    assert found(one, condition) == {1}
    assert found(one, {**condition, "where": [{"property": "word", "is": "a"}]}) == {3}
    assert found(one, {**condition, "count": {"at_least": 2}}) == set()


def test_a_first_time_at_the_edge_of_the_window_is_in_it() -> None:
    one = world(event(1, 16.5), event(2, 16))
    assert found(one, {"event": "app", "first_time": {"within": "7 days"}}) == {1}


def test_periods_are_counted_back_from_the_instant() -> None:
    # A day at noon begins a period: 22.5 is in the last one, 21.5 in the one before.
    one = world(event(1, 22.5), event(1, 21.5), event(2, 22.5), event(2, 23), event(3, 19.5), event(3, 20))
    in_two = {"event": "app", "periods": {"at_least": 2, "of": 3, "each": "day"}}
    assert found(one, in_two) == {1}
    assert found(one, {"event": "app", "periods": {"is": 1, "of": 3, "each": "day"}}) == {2}
    assert found(one, {"event": "app", "periods": {"at_most": 0, "of": 3, "each": "1 day"}}) == {3}
    assert found(one, {"event": "app", "periods": {"between": [1, 2], "of": 4, "each": "day"}}) == {1, 2, 3}


def test_a_period_counts_where_its_count_holds() -> None:
    one = world(event(1, 22.5), event(1, 23), event(1, 21.5), event(2, 22.5))
    periods = {"event": "app", "periods": {"at_least": 1, "of": 2, "each": "day"}}
    assert found(one, {**periods, "count": {"at_least": 2}}) == {1}
    assert found(one, {**periods, "count": {"is": 0}}) == {2, 3}


def test_periods_of_a_month_are_steps_of_the_calendar() -> None:
    one = world({"person": 1, "at": datetime(2026, 9, 23, 12), "kind": "x"})
    assert found(one, {"event": "app", "periods": {"is": 1, "of": 2, "each": "month"}}) == {1}
    assert found(one, {"event": "app", "periods": {"is": 1, "of": 1, "each": "month"}}) == set()


def test_a_property_is_compared_with_the_attribute_and_the_trait_of_its_person() -> None:
    one = world(
        event(1, 1, word="GB", amount=Decimal(2)),
        event(2, 1, word="GB", amount=Decimal(1)),
        event(2, 2, word="GB", amount=Decimal(3)),
        people=[{"id": 1, "home": "GB"}, {"id": 2, "home": "US"}, {"id": 3}],
        columns={"home": "string"},
        traits={"most": {"trait": "most", "max": {"of": "amount", "event": "app"}}},
    )
    at_home = {"event": "app", "where": [{"property": "word", "is": {"attribute": "home"}}]}
    assert found(one, at_home) == {1}
    less = {"event": "app", "where": [{"property": "amount", "less_than": {"trait": "most"}}]}
    assert found(one, less) == {2}
