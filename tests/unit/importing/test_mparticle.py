"""mParticle's definitions, part by part."""

from __future__ import annotations

from typing import Any

import pytest

from dbt_muster.importing.mparticle import translate
from dbt_muster.importing.translation import Names

NAMES = Names("customer", {"events": "app"}, {"12345": "vip"})
COUNTRY = {"model": "user", "path": "country"}
SEEN = {"model": "user", "path": "last_seen"}
AT = {"model": "events", "path": "timestamp"}
NAME = {"operator": "equals", "left": {"model": "events", "path": "name"}, "right": "purchase"}


def definition(audience: Any) -> dict[str, Any]:
    return {"schema_version": "1.6.0", "audience": audience}


def said(audience: Any, *, at_the_instant: bool = False) -> Any:
    imported = translate(definition(audience), NAMES, at_the_instant=at_the_instant)
    assert imported.gaps == ()
    return imported.criteria["all"][0]


def reasons(audience: Any) -> list[str]:
    return [f"{gap.path}: {gap.reason}" for gap in translate(definition(audience), NAMES).gaps]


def compared(operator: str, left: Any, right: Any) -> dict[str, Any]:
    return {"operator": operator, "left": left, "right": right}


def days(offset: int, unit: str = "day", **more: object) -> dict[str, Any]:
    return {"date": {"relative": {"offset": offset, "unit": unit, **more}}}


def counted(operator: str, right: object, *conditions: Any) -> dict[str, Any]:
    left: dict[str, Any] = {"operator": "count", "group_by_model": "user", "operand": {"model": "events"}}
    if conditions:
        left["condition"] = {"operator": "and", "expressions": list(conditions)}
    return compared(operator, left, right)


@pytest.mark.parametrize(
    ("operator", "right", "expected"),
    [
        ("equals", "GB", {"is": "GB"}),
        ("not_equals", "GB", {"is_not": "GB", "is_set": True}),
        ("less_than", 5, {"less_than": 5}),
        ("less_than_equal", 5, {"at_most": 5}),
        ("greater_than", 5, {"more_than": 5}),
        ("greater_than_equal", 5, {"at_least": 5}),
        ("contains", "G", {"contains": "G"}),
        ("not_contains", "G", {"not_contains": "G", "is_set": True}),
        ("starts_with", "G", {"starts_with": "G"}),
        ("not_starts_with", "G", {"not_starts_with": "G", "is_set": True}),
        ("ends_with", "B", {"ends_with": "B"}),
        ("not_ends_with", "B", {"not_ends_with": "B", "is_set": True}),
        ("in", ["GB", "IE"], {"in": ["GB", "IE"]}),
        ("not_in", ["GB", "IE"], {"not_in": ["GB", "IE"], "is_set": True}),
        ("between", [1, 2], {"between": [1, 2]}),
        ("match_any", ["a"], {"includes_any": ["a"]}),
        ("match_all", ["a"], {"includes_all": ["a"]}),
        ("matches", "^G.$", {"matches": "^G.$"}),
        ("not_matches", "^(GB|IE)$", {"not_matches": "^(GB|IE)$", "is_set": True}),
        ("equals", {"model": "user", "path": "home.country"}, {"is": {"attribute": "home_country"}}),
    ],
)
def test_each_operator_has_its_own_and_a_missing_value_satisfies_none(
    operator: str, right: object, expected: dict[str, Any]
) -> None:
    assert said(compared(operator, COUNTRY, right)) == {"attribute": "country", **expected}


@pytest.mark.parametrize(
    ("operator", "there"), [("null", False), ("not_exists", False), ("not_null", True), ("exists", True)]
)
def test_existence_of_a_value_is_is_set(operator: str, there: bool) -> None:
    assert said({"operator": operator, "operand": COUNTRY}) == {"attribute": "country", "is_set": there}


def test_existence_of_an_event_is_an_event_condition() -> None:
    assert said({"operator": "exists", "operand": {"model": "purchase"}}) == {"event": "purchase"}
    absent = translate(definition({"operator": "not_exists", "operand": {"model": "purchase"}}), NAMES)
    assert absent.criteria == {"none": [{"event": "purchase"}]}


def test_a_value_on_the_left_changes_sides() -> None:
    assert said(compared("less_than", 3, {"model": "user", "path": "age"})) == {
        "attribute": "age",
        "more_than": 3,
    }


@pytest.mark.parametrize(
    ("operator", "right", "expected"),
    [
        ("less_than", days(-30), {"before": "30 days ago"}),
        ("greater_than_equal", days(-1, "week"), {"after": "1 week ago"}),
        ("greater_than_equal", days(2, "hour"), {"after": "in 2 hours"}),
        ("greater_than_equal", days(-120, "second"), {"after": "2 minutes ago"}),
        ("greater_than_equal", days(0), {"after": "now"}),
        ("less_than", {"date": {"absolute": "2026-01-01"}}, {"before": "2026-01-01T00:00:00Z"}),
        (
            "less_than",
            {"date": {"absolute": "2026-01-01T00:00:00-05:00"}},
            {"before": "2026-01-01T00:00:00-05:00"},
        ),
        ("less_than", days(0, "month", boundary="start"), {"before": "start of month"}),
        ("less_than", days(-1, "quarter", boundary="end"), {"before": "end of last quarter"}),
    ],
)
def test_points_in_time_keep_their_instant(operator: str, right: object, expected: object) -> None:
    assert said(compared(operator, SEEN, right)) == {"attribute": "last_seen", **expected}  # type: ignore[dict-item]


def test_the_very_instant_is_a_gap_unless_it_is_waived() -> None:
    after = compared("greater_than", SEEN, days(-30))
    assert "write `greater_than_equal`" in reasons(after)[0]
    assert said(after, at_the_instant=True) == {"attribute": "last_seen", "after": "30 days ago"}


def test_groups_nest_and_other_audiences_are_named() -> None:
    member = compared("in", {"model": "user"}, {"audience": "12345"})
    stranger = compared("not_in", {"model": "user"}, {"audience": "12345"})
    both = {"operator": "or", "expressions": [member, {"operator": "and", "expressions": [stranger]}]}
    criteria = translate(definition(both), NAMES).criteria
    assert criteria == {"any": [{"audience": "vip"}, {"all": [{"none": [{"audience": "vip"}]}]}]}


def test_a_count_takes_the_kind_the_window_and_the_rest_of_its_condition() -> None:
    rich = compared("greater_than", {"model": "events", "path": "attributes.amount"}, 10)
    since = compared("greater_than_equal", AT, days(-30))
    until = compared("less_than", AT, days(-1))
    assert said(counted("greater_than_equal", 3, NAME, since, until, rich)) == {
        "event": "app.purchase",
        "after": "30 days ago",
        "before": "1 day ago",
        "where": [{"property": "attributes_amount", "more_than": 10}],
        "count": {"at_least": 3},
    }


@pytest.mark.parametrize(
    ("function", "ours"), [("sum", "sum"), ("avg", "average"), ("min", "min"), ("max", "max")]
)
def test_aggregates_are_of_a_property(function: str, ours: str) -> None:
    operand = {"model": "orders", "path": "amount"}
    left = {"operator": function, "group_by_model": "users", "operand": operand}
    assert said(compared("less_than", left, 5)) == {"event": "orders", ours: {"of": "amount", "less_than": 5}}


def test_one_bare_comparison_of_an_event_is_that_there_is_such_an_event() -> None:
    assert said(compared("equals", {"model": "orders", "path": "status"}, "open")) == {
        "event": "orders",
        "where": [{"property": "status", "is": "open"}],
    }


def test_a_sequence_keeps_names_windows_and_comparisons_between_steps() -> None:
    cart = {"alias": "cart", "operand": AT, "condition": NAME}
    soon = compared(
        "less_than_equal", AT, days(1, "hour", relative_to={"alias": "cart", "path": "timestamp"})
    )
    same = compared("equals", {"model": "events", "path": "cart_id"}, {"alias": "cart", "path": "cart_id"})
    bought = {
        "alias": "paid",
        "operand": AT,
        "condition": {"operator": "and", "expressions": [NAME, soon, same]},
    }
    assert said({"operator": "then", "sequence": [cart, bought]}) == {
        "sequence": [
            {"event": "app.purchase", "as": "cart"},
            {
                "event": "app.purchase",
                "as": "paid",
                "within": "1 hour",
                "where": [{"property": "cart_id", "is": {"step": "cart", "property": "cart_id"}}],
            },
        ]
    }


def test_a_place_is_near() -> None:
    location = {"latitude": 51.5, "longitude": -0.1, "distance": {"value": 10, "unit": "kilometers"}}
    node = compared("within", {"location": location}, {"model": "user", "path": "home"})
    assert said(node) == {
        "attribute": "home",
        "near": {"latitude": 51.5, "longitude": -0.1, "within": "10 km"},
    }


@pytest.mark.parametrize(
    ("audience", "reason"),
    [
        (compared("greater_than_equal", SEEN, days(-1, "month")), "about so many days"),
        (compared("greater_than_equal", SEEN, days(-3, "month", boundary="start")), "last ones only"),
        (compared("equals", SEEN, days(-1)), "cannot be asked of a point in time"),
        (compared("matches", COUNTRY, "G."), "match the whole text"),
        (compared("matches", COUNTRY, "^G|B$"), "match the whole text"),
        (compared("in", {"model": "user"}, {"audience": "9"}), "--audience 9=<name>"),
        (
            compared("within", {"location": {"latitude": 1, "longitude": 1}}, COUNTRY),
            "only `within` a distance",
        ),
        (compared("resembles", COUNTRY, "x"), "no operator `resembles`"),
        (compared("greater_than", {"operator": "plus", "left": COUNTRY, "right": 1}, 3), "compares a value"),
        ({"operator": "sometimes"}, "no expression with the operator"),
        ({"operator": "and", "expressions": []}, "no expression stands"),
        ("true", "an object was expected"),
        (counted("equals", 1, {"operator": "or", "expressions": [NAME, NAME]}), "not in an `or`"),
        ({"operator": "then", "sequence": [{"alias": "a", "operand": AT}]}, "two steps or more"),
        (
            compared("contains", {"operator": "list", "group_by_model": "user", "operand": AT}, "x"),
            "how a `list` of values is compared",
        ),
        (
            compared("equals", {"operator": "count", "group_by_model": "device", "operand": AT}, 1),
            "grouped by the user",
        ),
    ],
)
def test_what_has_no_exact_meaning_is_listed_with_the_reason(audience: Any, reason: str) -> None:
    found = reasons(audience)
    assert len(found) == 1
    assert reason in found[0]
    assert found[0].startswith("audience")


def test_two_bare_comparisons_of_one_event_model_are_ambiguous() -> None:
    paid = compared("equals", {"model": "orders", "path": "status"}, "paid")
    rich = compared("greater_than", {"model": "orders", "path": "amount"}, 5)
    found = reasons({"operator": "and", "expressions": [paid, rich]})
    assert found == [
        "audience.expressions[1]: the schema does not say whether this and audience.expressions[0] are about "
        "one event of `orders`; a `count` with both in its `condition` says so"
    ]


def test_every_gap_of_a_definition_is_listed_and_the_rest_is_kept() -> None:
    wrong = compared("matches", COUNTRY, "G")
    right = compared("equals", COUNTRY, "GB")
    imported = translate(definition({"operator": "or", "expressions": [wrong, right, wrong]}), NAMES)
    assert [gap.path for gap in imported.gaps] == ["audience.expressions[0]", "audience.expressions[2]"]
    assert imported.criteria == {"any": [{"attribute": "country", "is": "GB"}]}
