"""What correct specs mean: every operator, aggregate and window becomes the class that says it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dbt_muster.specs import load
from dbt_muster.specs.meaning import (
    AS_OF,
    EVER,
    Aggregate,
    All,
    AnyOf,
    Attribute,
    Boundary,
    Column,
    Compare,
    Condition,
    During,
    Length,
    LocalTime,
    MemberOf,
    NoneOf,
    Project,
    Property,
    Relation,
    Sequence,
    Shift,
    Step,
    StepProperty,
    TraitValue,
    Type,
    Value,
    Window,
)
from tests.unit.specs.corpus import write_project

COUNTRY = Attribute("country", Type.STRING)
AGE = Attribute("age", Type.INTEGER)
SCORE = Attribute("score", Type.NUMBER)
BIRTHDAY = Attribute("birthday", Type.DATE)
RENEWED = Attribute("renewed_at", Type.TIMESTAMPTZ)
INTERESTS = Attribute("interests", Type.LIST)
ANYTHING = Attribute("anything", Type.UNKNOWN)
NEW_YEAR = LocalTime(datetime(2026, 1, 1))
A_DAY = Window(NEW_YEAR, LocalTime(datetime(2026, 1, 2)))


def text(value: str) -> Value:
    return Value(value, Type.STRING)


def whole(value: int) -> Value:
    return Value(value, Type.INTEGER)


def project_of(tmp_path: Path, criteria: str, **files: str) -> Project:
    audience = f"audience: it\nentity: customer\ncriteria:\n  {criteria}\n"
    return load(write_project(tmp_path, {"audience_specs/audiences/it.yml": audience, **files}))


def meaning(tmp_path: Path, criteria: str) -> Condition:
    return project_of(tmp_path, criteria).audiences["it"].criteria


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("attribute: country, is: GB", Compare(COUNTRY, "is", (text("GB"),))),
        ("attribute: country, is: NO", Compare(COUNTRY, "is", (text("NO"),))),
        ("attribute: country, is_not: GB", Compare(COUNTRY, "is", (text("GB"),), negated=True)),
        ("attribute: country, in: [GB, IE]", Compare(COUNTRY, "in", (text("GB"), text("IE")))),
        ("attribute: country, not_in: [GB]", Compare(COUNTRY, "in", (text("GB"),), negated=True)),
        ("attribute: country, contains: G", Compare(COUNTRY, "contains", (text("G"),))),
        ("attribute: country, not_contains: G", Compare(COUNTRY, "contains", (text("G"),), negated=True)),
        ("attribute: country, starts_with: G", Compare(COUNTRY, "starts_with", (text("G"),))),
        (
            "attribute: country, not_starts_with: G",
            Compare(COUNTRY, "starts_with", (text("G"),), negated=True),
        ),
        ("attribute: country, ends_with: G", Compare(COUNTRY, "ends_with", (text("G"),))),
        ("attribute: country, not_ends_with: G", Compare(COUNTRY, "ends_with", (text("G"),), negated=True)),
        (r"attribute: country, matches: '\d'", Compare(COUNTRY, "matches", (text("[0-9]"),))),
        ("attribute: country, not_matches: a", Compare(COUNTRY, "matches", (text("a"),), negated=True)),
        ("attribute: country, is_set: true", Compare(COUNTRY, "is_set")),
        ("attribute: country, is_set: false", Compare(COUNTRY, "is_set", negated=True)),
        (
            "attribute: country, is: '', ignore_case: true",
            Compare(COUNTRY, "is", (text(""),), ignore_case=True),
        ),
        ("attribute: age, at_least: 18", Compare(AGE, "at_least", (whole(18),))),
        ("attribute: age, at_least: 1e1", Compare(AGE, "at_least", (whole(10),))),
        ("attribute: age, at_most: 2.50", Compare(AGE, "at_most", (Value(Decimal("2.5"), Type.NUMBER),))),
        ("attribute: score, more_than: 3", Compare(SCORE, "more_than", (Value(3, Type.NUMBER),))),
        (
            "attribute: score, less_than: 0.1",
            Compare(SCORE, "less_than", (Value(Decimal("0.1"), Type.NUMBER),)),
        ),
        ("attribute: age, between: [1, 2]", Compare(AGE, "between", (whole(1), whole(2)))),
        (
            "attribute: subscribed, is: true",
            Compare(Attribute("subscribed", Type.BOOLEAN), "is", (Value(True, Type.BOOLEAN),)),
        ),
        ("attribute: interests, includes: a", Compare(INTERESTS, "includes", (text("a"),))),
        (
            "attribute: interests, includes_any: [a, b]",
            Compare(INTERESTS, "includes_any", (text("a"), text("b"))),
        ),
        (
            "attribute: interests, includes_all: [a, b]",
            Compare(INTERESTS, "includes_all", (text("a"), text("b"))),
        ),
        ("attribute: birthday, within: 3 days", During(BIRTHDAY, Window(Shift(-3, "day"), AS_OF))),
        (
            "attribute: birthday, not_within: 3 days",
            During(BIRTHDAY, Window(Shift(-3, "day"), AS_OF), negated=True),
        ),
        ("attribute: renewed_at, within_next: 2 weeks", During(RENEWED, Window(AS_OF, Shift(2, "week")))),
        ("attribute: birthday, before: 2026-01-01", During(BIRTHDAY, Window(end=NEW_YEAR))),
        ("attribute: birthday, after: 2026-01-01", During(BIRTHDAY, Window(start=NEW_YEAR))),
        ("attribute: birthday, on: 2026-01-01", During(BIRTHDAY, A_DAY)),
        ("attribute: birthday, is: 2026-01-01", During(BIRTHDAY, A_DAY)),
        ("attribute: birthday, is_not: 2026-01-01", During(BIRTHDAY, A_DAY, negated=True)),
        ("attribute: birthday, in: [2026-01-01]", AnyOf((During(BIRTHDAY, A_DAY),))),
        ("attribute: birthday, not_in: [2026-01-01]", NoneOf((During(BIRTHDAY, A_DAY),))),
        (
            "attribute: renewed_at, between: [3 days ago, now]",
            During(RENEWED, Window(Shift(-3, "day"), AS_OF)),
        ),
        ("attribute: renewed_at, before: {attribute: renewed_at}", Compare(RENEWED, "less_than", (RENEWED,))),
        ("attribute: renewed_at, after: {attribute: renewed_at}", Compare(RENEWED, "at_least", (RENEWED,))),
        (
            "attribute: renewed_at, between: [{attribute: renewed_at}, now]",
            All((Compare(RENEWED, "at_least", (RENEWED,)), During(RENEWED, Window(end=AS_OF)))),
        ),
        ("attribute: anything, is: 5", Compare(ANYTHING, "is", (whole(5),))),
        ("attribute: anything, is: a", Compare(ANYTHING, "is", (text("a"),))),
        (
            "attribute: anything, between: [1, 2.5]",
            Compare(ANYTHING, "between", (Value(1, Type.NUMBER), Value(Decimal("2.5"), Type.NUMBER))),
        ),
        ("attribute: anything, between: [2026-01-01, now]", During(ANYTHING, Window(NEW_YEAR, AS_OF))),
        ("attribute: anything, before: today", During(ANYTHING, Window(end=Boundary("day", 0)))),
        (
            "trait: lifetime_value, at_least: {attribute: age}",
            Compare(TraitValue("lifetime_value", Type.NUMBER), "at_least", (AGE,)),
        ),
        ("audience: vip", MemberOf("vip")),
    ],
)
def test_a_condition_means(written: str, condition: Condition, tmp_path: Path) -> None:
    assert meaning(tmp_path, f"- {{{written}}}") == condition


STATUS = Property("status", Type.STRING)
AMOUNT = Property("amount", Type.NUMBER)
COMPLETED = Compare(STATUS, "is", (text("completed"),))


def orders(function: str, of: Property | None, kind: Type, window: Window = EVER) -> Aggregate:
    return Aggregate("orders", None, function, of, window, None, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("event: orders", Compare(orders("count", None, Type.INTEGER), "at_least", (whole(1),))),
        (
            "event: orders, count: {at_most: 2}",
            Compare(orders("count", None, Type.INTEGER), "at_most", (whole(2),)),
        ),
        (
            "event: orders, distinct: {of: status, is: 2}",
            Compare(orders("distinct", STATUS, Type.INTEGER), "is", (whole(2),)),
        ),
        (
            "event: orders, sum: {of: amount, at_least: 2}",
            Compare(orders("sum", AMOUNT, Type.NUMBER), "at_least", (Value(2, Type.NUMBER),)),
        ),
        (
            "event: orders, average: {of: amount, is_set: true}",
            Compare(orders("average", AMOUNT, Type.NUMBER), "is_set"),
        ),
        (
            "event: orders, min: {of: amount, is_set: true}",
            Compare(orders("min", AMOUNT, Type.NUMBER), "is_set"),
        ),
        (
            "event: orders, max: {of: due, on: 2026-01-01}",
            During(orders("max", Property("due", Type.DATE), Type.DATE), A_DAY),
        ),
        (
            "event: orders, first: {before: now}",
            During(orders("first", None, Type.TIMESTAMP), Window(end=AS_OF)),
        ),
        (
            "event: orders, last: {of: status, is: completed}",
            Compare(orders("last", STATUS, Type.STRING), "is", (text("completed"),)),
        ),
    ],
)
def test_an_event_condition_means(written: str, condition: Condition, tmp_path: Path) -> None:
    assert meaning(tmp_path, f"- {{{written}}}") == condition


@pytest.mark.parametrize(
    ("written", "window"),
    [
        ("within: 30 days", Window(Shift(-30, "day"))),
        ("since: 30 days ago", Window(Shift(-30, "day"))),
        ("after: 30 days ago", Window(Shift(-30, "day"))),
        ("between: [30 days ago, now]", Window(Shift(-30, "day"))),
        ("before: 30 days ago", Window(None, Shift(-30, "day"))),
        ("since: 2026-01-01, before: 2026-01-02", A_DAY),
        ("on: 2026-01-01", A_DAY),
        ("on: today", Window(Boundary("day", 0), Boundary("day", 1))),
    ],
)
def test_an_event_window_means(written: str, window: Window, tmp_path: Path) -> None:
    found = meaning(tmp_path, f"- {{event: orders, {written}}}")
    assert isinstance(found, Compare)
    assert isinstance(found.left, Aggregate)
    assert found.left.window == window


def test_several_operators_and_several_aggregates_must_all_hold(tmp_path: Path) -> None:
    found = meaning(
        tmp_path, "- {event: orders, count: {at_least: 1, at_most: 5}, sum: {of: amount, more_than: 3}}"
    )
    assert isinstance(found, All)
    assert [item.operator for item in found.items if isinstance(item, Compare)] == [
        "at_least",
        "at_most",
        "more_than",
    ]


def test_where_is_a_list_or_a_mapping_of_all_any_and_none(tmp_path: Path) -> None:
    of_list = meaning(tmp_path, "- {event: orders, where: [{property: status, is: completed}]}")
    of_all = meaning(tmp_path, "- {event: orders, where: {all: [{property: status, is: completed}]}}")
    assert of_list == of_all
    found = meaning(
        tmp_path,
        "- {event: orders, where: {any: [{property: amount, less_than: {property: amount}}],"
        " none: [{all: [{property: status, is: completed}]}]}}",
    )
    assert isinstance(found, Compare)
    assert isinstance(found.left, Aggregate)
    less = Compare(AMOUNT, "less_than", (AMOUNT,))
    assert found.left.where == All((AnyOf((less,)), NoneOf((COMPLETED,))))


def test_a_named_source_has_one_kind_of_event_after_the_dot_or_any(tmp_path: Path) -> None:
    found = meaning(tmp_path, "- all: [{event: app}, {event: app.cart updated. really}]")
    assert isinstance(found, All)
    kinds = [
        item.left.event
        for item in found.items
        if isinstance(item, Compare) and isinstance(item.left, Aggregate)
    ]
    assert kinds == [None, "cart updated. really"]


def test_criteria_nest_to_any_depth_and_a_group_of_one_is_that_one(tmp_path: Path) -> None:
    inner = "{attribute: country, is: GB}"
    found = meaning(tmp_path, f"all: [{{all: [{{all: [{inner}]}}]}}]")
    assert found == Compare(COUNTRY, "is", (text("GB"),))
    found = meaning(tmp_path, f"none: [{{any: [{{none: [{inner}]}}]}}]")
    assert found == NoneOf((AnyOf((NoneOf((Compare(COUNTRY, "is", (text("GB"),)),)),)),))


def test_an_entity_without_attributes_has_those_that_specs_name(tmp_path: Path) -> None:
    audience = """\
audience: big
entity: account
criteria: [{attribute: plan, is: pro}, {event: logins, where: [{property: seat, is: 1}]}]
"""
    project = load(write_project(tmp_path, {"audience_specs/audiences/big.yml": audience}))
    account = project.entities["account"]
    assert not account.attributes_declared
    assert account.attributes == {"plan": Column("plan")}
    assert account.events["logins"].properties == {"seat": Column("seat")}


def test_an_entity_is_read_with_its_sources(tmp_path: Path) -> None:
    customer = load(write_project(tmp_path, {})).entities["customer"]
    assert customer.relation == Relation("ref", ("dim_customers",))
    assert customer.events["app"].relation == Relation("source", ("product", "events"))
    assert customer.events["app"].at == Column("event_time", Type.TIMESTAMPTZ)
    assert customer.events["orders"].at == Column("ordered_at", Type.TIMESTAMP)
    assert customer.identifiers["phone"].default_country == "GB"
    assert customer.consent["advertising"] == Column("ad_consent", Type.BOOLEAN)


@pytest.mark.parametrize(
    "hostile", ["'; drop table x; --", '"', "`", "{{ evil }}", "{% raw %}", "\\", "/*", "é 顧客", "$$"]
)
def test_hostile_text_passes_unchanged(hostile: str, tmp_path: Path) -> None:
    quoted = "'" + hostile.replace("'", "''") + "'"
    found = meaning(tmp_path, f"- {{attribute: country, is: {quoted}}}")
    assert found == Compare(COUNTRY, "is", (text(hostile),))


def test_a_sequence_means_its_steps_in_order(tmp_path: Path) -> None:
    written = """\
- sequence:
    - {event: orders, as: first}
    - without: app.refund
    - event: orders
      within: 1 month
      where: [{property: amount, more_than: {step: first, property: amount}}]
    - {without: app, within: 24 hours}
  since: 2026-01-01""".replace("\n", "\n  ")
    of_first = StepProperty(1, "orders", "amount", Type.NUMBER)
    assert meaning(tmp_path, written) == Sequence(
        (
            Step("orders", None),
            Step("app", "refund", without=True),
            Step("orders", None, Compare(AMOUNT, "more_than", (of_first,)), Length(1, "month")),
            Step("app", None, None, Length(24, "hour"), without=True),
        ),
        Window(NEW_YEAR),
    )
