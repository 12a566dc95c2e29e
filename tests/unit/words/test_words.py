"""Every kind of condition, operand, aggregate and operator has words."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest

from dbt_muster.specs.meaning import (
    AS_OF,
    Aggregate,
    AggregateFunction,
    All,
    AnyOf,
    Attribute,
    Boundary,
    Compare,
    Comparison,
    Condition,
    During,
    Length,
    LocalMidnight,
    LocalTime,
    MemberOf,
    NoneOf,
    Operand,
    Property,
    Related,
    Sequence,
    Shift,
    Step,
    StepProperty,
    Type,
    Value,
    Window,
)
from dbt_muster.words import Voice, tree
from dbt_muster.words.conditions import inline
from dbt_muster.words.measures import measure
from dbt_muster.words.operands import AGGREGATES, operand_words
from dbt_muster.words.operators import OPERATORS
from dbt_muster.words.points import window_words

VOICE = Voice("customer")
COUNTRY = Attribute("country", Type.STRING)
GB = Compare(COUNTRY, "is", (Value("GB", Type.STRING),))
ORDERS = Aggregate("orders", None, "count", None, Window(Shift(-60, "day")), None, Type.INTEGER)
LAST_MONTH = "from the start of last month to just before the start of this month"


@pytest.mark.parametrize("kind", get_args(Condition))
def test_every_kind_of_condition_has_words(kind: type) -> None:
    assert inline.dispatch(kind) is not inline.dispatch(object)


@pytest.mark.parametrize("kind", get_args(Condition))
def test_every_kind_of_condition_says_what_it_measures_or_that_it_measures_nothing(kind: type) -> None:
    assert measure.dispatch(kind) is not measure.dispatch(object)


@pytest.mark.parametrize("kind", get_args(Operand))
def test_every_kind_of_operand_has_words(kind: type) -> None:
    assert operand_words.dispatch(kind) is not operand_words.dispatch(object)


def test_every_operator_and_every_aggregate_has_words() -> None:
    assert set(OPERATORS) == set(get_args(Comparison))
    assert set(get_args(AggregateFunction)) == AGGREGATES


@pytest.mark.parametrize(
    ("operator", "number", "words"),
    [
        ("at_least", 1, "orders happened at least once in the last 60 days"),
        ("at_least", 3, "orders happened at least 3 times in the last 60 days"),
        ("less_than", 3, "orders happened fewer than 3 times in the last 60 days"),
        ("less_than", 1, "orders never happened in the last 60 days"),
        ("is", 1, "orders happened exactly once in the last 60 days"),
    ],
)
def test_a_count_says_how_often_something_happened(operator: Comparison, number: int, words: str) -> None:
    assert inline(Compare(ORDERS, operator, (Value(number, Type.INTEGER),)), VOICE) == words


def test_a_negated_operator_says_that_a_missing_value_counts_too() -> None:
    negated = Compare(COUNTRY, "in", (Value("GB", Type.STRING), Value("1 ", Type.STRING)), negated=True)
    assert inline(negated, VOICE) == 'country is not GB or "1 ", or is missing'


def of_many(operator: Comparison, *numbers: int, where: Condition = GB, negated: bool = False) -> Compare:
    right = tuple(Value(number, Type.INTEGER) for number in numbers)
    return Compare(Related("account", "customer", where), operator, right, negated=negated)


@pytest.mark.parametrize(
    ("condition", "words", "wanted"),
    [
        (of_many("at_least", 1), "at least one of its customers meets: country is GB", "at least 1"),
        (of_many("is", 0), "none of its customers meets: country is GB", "none"),
        (of_many("is", 0, where=NoneOf((GB,))), "all of its customers meet: country is GB", "all"),
        (
            of_many("is", 0, where=NoneOf((GB, MemberOf("vip")))),
            "none of its customers meets: not (country is GB or a member of vip)",
            "none",
        ),
        (of_many("less_than", 3), "fewer than 3 of its customers meet: country is GB", "less than 3"),
        (
            of_many("is", 2, negated=True),
            "the number of its customers that meet this is not 2: country is GB",
            "not 2",
        ),
        (
            of_many("between", 2, 5),
            "the number of its customers that meet this is between 2 and 5, both included: country is GB",
            "between 2 and 5, both included",
        ),
    ],
)
def test_of_how_many_others_something_must_hold_is_said(condition: Compare, words: str, wanted: str) -> None:
    assert inline(condition, VOICE) == words
    found = measure(condition, VOICE)
    assert found is not None
    assert found.wanted == wanted


def test_a_sequence_is_said_step_by_step() -> None:
    size = Property("size", Type.INTEGER)
    steps = (
        Step("app", "cart"),
        Step(
            "app",
            "pay",
            Compare(size, "is", (StepProperty(1, "app", "size", Type.INTEGER),)),
            Length(1, "hour"),
        ),
        Step("orders", None, None, Length(2, "day"), without=True),
    )
    assert inline(Sequence(steps, Window(Shift(-7, "day"))), VOICE) == (
        "app.cart, then app.pay within 1 hour (where size is size of step 1), "
        f"then no orders for 2 days after it, all {window_words(Window(Shift(-7, 'day'), AS_OF), VOICE)}"
    )


def test_groups_within_a_line_keep_their_brackets() -> None:
    condition = All((GB, AnyOf((MemberOf("vip"), NoneOf((GB,))))))
    assert inline(condition, VOICE) == "country is GB and (a member of vip or not (country is GB))"


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(Shift(-1, "day"), AS_OF), "in the last 1 day"),
        (Window(AS_OF, Shift(2, "week")), "in the next 2 weeks"),
        (Window(LocalMidnight(2, "month"), AS_OF), "in the last 2 calendar months"),
        (Window(Boundary("month", -1), Boundary("month", 0)), LAST_MONTH),
        (Window(Boundary("day", -1), Boundary("day", 0)), "yesterday"),
        (Window(LocalTime(datetime(2026, 1, 1)), LocalTime(datetime(2026, 1, 2))), "on 2026-01-01"),
        (Window(None, LocalTime(datetime(2026, 1, 1, 9, 30))), "before 2026-01-01 09:30"),
    ],
)
def test_windows_are_said_as_people_say_them(window: Window, words: str) -> None:
    assert window_words(window, VOICE) == words


def test_windows_that_move_are_given_their_dates() -> None:
    dated = Voice("customer", lambda point: "then" if point != AS_OF else "now")
    assert inline(During(COUNTRY, Window(Shift(-1, "month"), AS_OF)), dated) == (
        "country is in the last 1 month (then to now)"
    )
    assert window_words(Window(LocalTime(datetime(2026, 1, 1))), dated) == "since 2026-01-01"


def test_criteria_that_are_one_condition_are_a_group_of_one() -> None:
    assert [node.kind for node in tree(GB, VOICE).walk()] == ["all", "condition"]
