"""The oracle against answers worked out by hand, where a mistake in it would be hardest to see."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.evaluate import Evaluation, members
from tests.oracle.world import Key, Row, Table, World, column_of, table_name

_AS_OF = datetime(2026, 11, 23, 12)
_COLUMNS = {
    "person": "integer",
    "id": "string",
    "kind": "string",
    "at": "timestamp",
    "amount": "number",
    "word": "string",
}


def _world(*events: Row, people: int = 3, **entity: Any) -> World:
    source = {"model": "source('shop', 'events')", "key": "person", "at": "at", "name": "kind", "id": "id"}
    return World(
        _AS_OF,
        {"entity": "person", "model": "ref('people')", "key": "id", "events": {"app": source}, **entity},
        {
            "people": Table({"id": "integer"}, tuple({"id": number} for number in range(1, people + 1))),
            "events": Table(_COLUMNS, events),
        },
    )


def _members(world: World, *criteria: Any) -> set[Key]:
    return set(members(world, {"criteria": list(criteria)}))


def _event(person: int, day: int, **columns: Any) -> Row:
    return {"person": person, "at": datetime(2026, 11, day), "kind": "x", **columns}


def test_people_without_a_session_have_had_fewer_than_three() -> None:
    sessions = [_event(2, day, kind="session", id=f"s{day}") for day in (20, 21)]
    sessions += [_event(3, day, kind="session", id=f"t{day}") for day in (20, 21, 22)]
    assert _members(_world(*sessions), {"event": "app.session", "count": {"less_than": 3}}) == {1, 2}


def test_over_no_events_sums_are_zero_and_averages_are_missing() -> None:
    world = _world(_event(1, 1, amount=None))
    assert _members(world, {"event": "app", "sum": {"of": "amount", "is": 0}}) == {1, 2, 3}
    assert _members(world, {"event": "app", "average": {"of": "amount", "is_set": True}}) == set()
    assert _members(world, {"event": "app", "average": {"of": "amount", "at_least": 0}}) == set()


def test_sums_are_exact() -> None:
    world = _world(*(_event(1, day, amount=Decimal("0.1")) for day in (1, 2, 3)))
    assert _members(world, {"event": "app", "sum": {"of": "amount", "is": 0.3}}) == {1}


def test_an_average_is_not_rounded() -> None:
    world = _world(*(_event(1, day, amount=Decimal(amount)) for day, amount in enumerate("112", 1)))
    assert _members(world, {"event": "app", "average": {"of": "amount", "more_than": 1.333}}) == {1}
    assert _members(world, {"event": "app", "average": {"of": "amount", "less_than": 1.334}}) == {1}


def test_the_earliest_of_two_rows_with_one_id_is_the_event_even_where_it_is_of_nobody() -> None:
    world = _world(_event(1, 2, id="a"), _event(99, 1, id="a"), _event(2, 3, id="b"), _event(3, 4, id="b"))
    assert _members(world, {"event": "app"}) == {2}


def test_a_row_without_a_time_is_no_event_and_hides_none() -> None:
    world = _world(_event(1, 1, id="a"), {"person": 2, "id": "a", "kind": "x"})
    assert _members(world, {"event": "app"}) == {1}


def test_an_event_at_the_instant_does_not_exist() -> None:
    world = _world({"person": 1, "at": _AS_OF, "kind": "x"})
    assert _members(world, {"event": "app"}) == set()
    assert _members(world, {"event": "app", "before": "in 1 day"}) == set()


def test_events_of_one_instant_go_by_their_ids_then_by_their_values() -> None:
    tied = [_event(1, 1, id="b", word="p"), _event(1, 1, id="a", word="q"), _event(1, 1, word="a")]
    world = _world(*tied, _event(2, 1, word="z"), _event(2, 1, word="y"))
    assert _members(world, {"event": "app", "last": {"of": "word", "is": "q"}}) == {1}
    assert _members(world, {"event": "app", "first": {"of": "word", "is": "q"}}) == {1}
    assert _members(world, {"event": "app", "last": {"of": "word", "is": "y"}}) == {2}


def test_a_missing_value_makes_a_positive_condition_false_and_its_complement_true() -> None:
    people = Table({"id": "integer", "country": "string"}, ({"id": 1, "country": "GB"}, {"id": 2}))
    world = World(_AS_OF, {"entity": "person", "model": "ref('people')", "key": "id"}, {"people": people})
    assert _members(world, {"attribute": "country", "is": "US"}) == set()
    assert _members(world, {"attribute": "country", "is_not": "US"}) == {1, 2}
    assert _members(world, {"attribute": "country", "is_not": "US", "is_set": True}) == {1}
    assert _members(world, {"none": [{"attribute": "country", "is_not": "US"}]}) == set()


@pytest.mark.parametrize("operator", ["is", "in", "contains", "starts_with", "ends_with", "matches"])
def test_a_negated_operator_is_the_complement_of_its_positive_one(operator: str) -> None:
    values = ["GB", "gb", "", None, "xGBx"]
    people = Table(
        {"id": "integer", "word": "string"},
        tuple({"id": number, "word": value} for number, value in enumerate(values)),
    )
    world = World(_AS_OF, {"entity": "person", "model": "ref('people')", "key": "id"}, {"people": people})
    right: Any = ["GB"] if operator == "in" else "GB"
    negated = "is_not" if operator == "is" else f"not_{operator}"
    everybody: set[Key] = {0, 1, 2, 3, 4}
    positive = _members(world, {"attribute": "word", operator: right})
    assert positive
    assert _members(world, {"attribute": "word", negated: right}) == everybody - positive


def test_keys_are_counted_once_and_nobody_is_no_key() -> None:
    people = Table({"id": "integer"}, ({"id": 1}, {"id": 1}, {"id": None}, {}))
    world = World(_AS_OF, {"entity": "person", "model": "ref('people')", "key": "id"}, {"people": people})
    assert set(Evaluation(world).population) == {1}


def test_what_is_not_a_condition_is_refused() -> None:
    with pytest.raises(ValueError, match="not a condition"):
        _members(_world(), {"colour": "red"})


def test_relations_are_read_by_their_last_name() -> None:
    assert table_name("ref('people')") == "people"
    assert table_name("ref('package', 'people')") == "people"
    assert table_name('source("shop", "events")') == "events"
    with pytest.raises(ValueError, match="not a ref"):
        table_name("people")


def test_a_declaration_may_name_the_column_its_type_and_its_zone() -> None:
    table = Table({"a": "integer"})
    assert column_of("a", None, table).type == "integer"
    assert column_of("x", "a", table).column == "a"
    column = column_of("x", {"column": "a", "type": "timestamp", "timezone": "Asia/Kolkata"}, table)
    assert (column.column, column.type, column.timezone) == ("a", "timestamp", "Asia/Kolkata")
