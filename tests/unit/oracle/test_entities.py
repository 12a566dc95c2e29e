"""Places, JSON, aliases and entities around others, by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle import documents, places
from tests.oracle.evaluate import Evaluation
from tests.oracle.world import Cell, Column, Row, Table, World
from tests.unit.oracle.worlds import event, found, world

LONDON, PARIS = (51.5074, -0.1278), (48.8566, 2.3522)


def test_distances_are_those_of_the_sphere() -> None:
    assert places.distance(LONDON, PARIS) == pytest.approx(343.556, abs=0.01)
    assert places.distance((0, 0), (0, 1)) == pytest.approx(111.19508, abs=1e-4)
    assert places.distance((0, 179.5), (0, -179.5)) == pytest.approx(111.19508, abs=1e-4)
    assert places.distance((90, 0), (90, 120)) == pytest.approx(0, abs=1e-9)
    assert places.distance((0, 0), (0, 180)) == pytest.approx(20015.1, abs=0.1)


def test_who_has_no_place_is_near_nothing() -> None:
    rows: list[Row] = [
        {"id": 1, "lat": Decimal("51.5"), "lon": Decimal("-0.1")},
        {"id": 2, "lat": Decimal("51.5")},
        {"id": 3, "lat": Decimal(0), "lon": Decimal(0)},
        {"id": 4, "lat": Decimal("51.5"), "lon": Decimal("359.9")},
    ]
    home = {"type": "location", "latitude": "lat", "longitude": "lon"}
    one = world(people=rows, columns={"lat": "float", "lon": "float"}, attributes={"home": home})
    london = {"latitude": 51.5074, "longitude": -0.1278, "within": "5 km"}
    assert found(one, {"attribute": "home", "near": london}) == {1}
    assert found(one, {"attribute": "home", "not_near": london}) == {2, 3, 4}
    assert found(one, {"attribute": "home", "near": {**london, "within": "1 miles"}}) == set()
    assert found(one, {"attribute": "home", "near": {**london, "within": "2500 m"}}) == {1}
    assert found(one, {"attribute": "home", "is_set": True}) == {1, 3, 4}


@pytest.mark.parametrize(
    ("text", "path", "kind", "expected"),
    [
        ('{"a": "x"}', ["a"], "string", "x"),
        ('{"a": {"b.c": "x"}}', ["a", "b.c"], "string", "x"),
        ('{"a": null}', ["a"], "string", None),
        ("{}", ["a"], "string", None),
        ('"a"', ["a"], "string", None),
        ('{"a": {"b": 1}}', ["a"], "string", None),
        ('{"a": ["b"]}', ["a"], "string", None),
        ('{"a": "b"}', ["a"], "integer", None),
        ('{"a": 12}', ["a"], "integer", 12),
        ('{"a": true}', ["a"], "boolean", True),
        ('{"a": ["x", "y"]}', ["a"], "list", ["x", "y"]),
        ('{"a": "x"}', ["a"], "list", None),
    ],
)
def test_json_that_has_not_the_declared_type_is_missing(
    text: str, path: list[str], kind: str, expected: Cell
) -> None:
    assert documents.cell(text, Column("it", kind, None, tuple(path))) == expected


def with_aliases(one: World, *pairs: tuple[int | None, int | None]) -> World:
    rows: tuple[Row, ...] = tuple({"old": old, "new": new} for old, new in pairs)
    declared = {"model": "ref('aliases')", "from": "old", "to": "new"}
    table = Table({"old": "integer", "new": "integer"}, rows)
    return replace(one, entity={**one.entity, "aliases": declared}, tables={**one.tables, "aliases": table})


def test_events_of_an_alias_count_for_its_canonical_key() -> None:
    one = with_aliases(world(event(2, 1), event(2, 2), event(1, 3)), (2, 1))
    assert set(Evaluation(one).population) == {1, 3}
    assert found(one, {"event": "app", "count": {"is": 3}}) == {1}


def test_the_smallest_of_several_canonical_keys_is_meant_and_itself_is_none() -> None:
    one = with_aliases(world(), (3, 2), (3, 1), (3, 3), (2, None), (None, 1))
    assert set(Evaluation(one).population) == {1, 2}


def test_an_alias_is_followed_one_step() -> None:
    one = with_aliases(world(event(3, 1)), (3, 2), (2, 1))
    assert set(Evaluation(one).population) == {1, 2}
    assert found(one, {"event": "app"}) == {2}


def test_the_row_of_the_canonical_key_is_read_whole_before_those_of_its_aliases() -> None:
    people: list[Row] = [
        {"id": 1},
        {"id": 2, "word": "two"},
        {"id": 4, "word": "four"},
        {"id": 3, "word": "three"},
    ]
    one = with_aliases(world(people=people, columns={"word": "string"}), (2, 1), (3, 9), (4, 9))
    assert found(one, {"attribute": "word", "is_set": False}) == {1}
    assert found(one, {"attribute": "word", "is": "three"}) == {9}


def accounts(*rows: Row, people: list[Row]) -> World:
    one = world(
        people=people, columns={"account": "integer"}, through={"entity": "account", "key": "account"}
    )
    account: Any = {"entity": "account", "model": "ref('accounts')", "key": "id"}
    table = Table({"id": "integer", "plan": "string"}, rows)
    big = {"audience": "big", "entity": "account", "criteria": [{"attribute": "plan", "is": "big"}]}
    return replace(one, others=(account,), tables={**one.tables, "accounts": table}, audiences={"big": big})


def test_conditions_about_the_account_hold_for_its_people() -> None:
    one = accounts(
        {"id": 7, "plan": "big"},
        {"id": 8},
        people=[{"id": 1, "account": 7}, {"id": 2, "account": 8}, {"id": 3, "account": 9}, {"id": 4}],
    )
    assert found(one, {"through": "account", "where": [{"attribute": "plan", "is": "big"}]}) == {1}
    assert found(one, {"through": "account", "where": [{"audience": "big"}]}) == {1}
    assert found(one, {"through": "account", "where": {"none": [{"audience": "big"}]}}) == {2}
    assert found(one, {"none": [{"through": "account", "where": [{"audience": "big"}]}]}) == {2, 3, 4}


def test_conditions_about_its_people_hold_for_an_account() -> None:
    one = accounts(
        {"id": 7},
        {"id": 8},
        {"id": 9},
        people=[{"id": 1, "account": 7}, {"id": 2, "account": 7}, {"id": 3, "account": 8}, {"id": 4}],
    )

    def of_accounts(**condition: Any) -> set[Any]:
        criteria = [{"through": "person", "where": [{"attribute": "id", "at_most": 2}], **condition}]
        return set(Evaluation(one).members({"entity": "account", "criteria": criteria}))

    assert of_accounts() == of_accounts(match="any") == {7}
    assert of_accounts(match="all") == {7, 9}
    assert of_accounts(match="none") == {8, 9}
    assert of_accounts(count={"at_least": 2}) == {7}
    assert of_accounts(count={"less_than": 1}) == {8, 9}
