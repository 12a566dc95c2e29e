"""SQL expressions: unknown stays unknown, and numbers are exact."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import points
from tests.oracle.expressions import evaluate
from tests.unit.oracle.worlds import event, found, trait, world

_CLOCK = points.Clock(datetime(2026, 11, 23, 12), ZoneInfo("UTC"))
_NAMES: dict[str, Any] = {"none": None, "word": "Ab", "n": Fraction(7), "yes": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("n / 2", Fraction(7, 2)),
        ("n / 0", None),
        ("n % 4", 3),
        ("-n % 4", -3),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("0.1 + 0.2 = 0.3", True),
        ("none_ = 1 or yes", True),
        ("none_ = 1 and yes", None),
        ("none_ = 1 and not yes", False),
        ("not (none_ = 1)", None),
        ("none_ is null", True),
        ("n is not null", True),
        ("n in (1, 7)", True),
        ("n in (1, null)", None),
        ("n not in (1, null)", None),
        ("n between 7 and 8", True),
        ("none_ between 1 and 2", None),
        ("n between none_ and 3", False),
        ("n not between 7 and 8", False),
        ("case when none_ = 1 then 'a' when n > 1 then 'b' else 'c' end", "b"),
        ("case n when 7 then 'x' end", "x"),
        ("case n when 8 then 'x' end", None),
        ("coalesce(none_, n, 1)", 7),
        ("nullif(n, 7)", None),
        ("nullif(n, none_)", 7),
        ("lower(word) || upper(word)", "abAB"),
        ("word || none_", None),
        ("trim('  a b ')", "a b"),
        ("length('日本')", 2),
        ("substring(word, 2)", "b"),
        ("substring('abcdef', 2, 3)", "bcd"),
        ("replace('banana', 'an', 'x')", "bxxa"),
        ("abs(-3)", 3),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(1.25, 1)", Fraction(13, 10)),
        ("floor(-1.5)", -2),
        ("ceil(-1.5)", -1),
        ("greatest(1, n, 3)", 7),
        ("least(1, n)", 1),
        ("cast('12' as integer) + 1", 13),
        ("cast(n as text)", "7"),
        ("cast('2026-01-31' as date) < cast('2026-02-01' as date)", True),
    ],
)
def test_an_expression_comes_to(text: str, expected: object) -> None:
    assert evaluate(text, lambda name: _NAMES[name.rstrip("_")], _CLOCK) == expected


def test_a_condition_holds_where_its_expression_is_true_and_not_where_it_is_unknown() -> None:
    one = world(people=[{"id": 1, "age": 20}, {"id": 2, "age": 10}, {"id": 3}], columns={"age": "integer"})
    assert found(one, {"sql": "age > 18"}) == {1}
    assert found(one, {"none": [{"sql": "age > 18"}]}) == {2, 3}
    assert found(one, {"sql": "not (age > 18)"}) == {2}


def test_a_trait_may_be_calculated_from_attributes_and_other_traits() -> None:
    one = world(
        event(1, 1),
        event(1, 2),
        people=[{"id": 1, "budget": 5}, {"id": 2, "budget": 5}],
        columns={"budget": "integer"},
        traits={"often": {"trait": "often", "count": {"event": "app"}}},
    )
    assert trait(one, expression="budget / nullif(often, 0)") == {1: Fraction(5, 2), 2: None}
