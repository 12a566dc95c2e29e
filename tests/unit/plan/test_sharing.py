"""An aggregate that two audiences ask for is built once, however each of them writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.plan import Plan
from dbt_muster.plan.stub import Stub
from tests.unit.plan.shop import Criteria, features, planned

COMPLETED = [{"property": "status", "is": "completed"}]

SAME: dict[str, tuple[Criteria, Criteria]] = {
    "units of one length": (
        [{"event": "orders", "count": {"at_least": 3}, "within": "72 hours"}],
        [{"event": "orders", "count": {"less_than": 9}, "within": "3 days"}],
    ),
    "calendar units of one length": (
        [{"event": "orders", "count": {"at_least": 3}, "within": "1 year"}],
        [{"event": "orders", "count": {"at_least": 3}, "within": "12 months"}],
    ),
    "a window that says where it ends anyway": (
        [{"event": "orders", "count": {"at_least": 3}, "within": "30 days"}],
        [{"event": "orders", "count": {"at_least": 3}, "between": ["30 days ago", "now"]}],
    ),
    "the order of a filter's clauses": (
        [
            {
                "event": "orders",
                "sum": {"of": "amount", "at_least": 3},
                "where": [*COMPLETED, {"property": "amount", "at_least": 1}],
            }
        ],
        [
            {
                "event": "orders",
                "sum": {"of": "amount", "at_least": 3},
                "where": {"all": [{"property": "amount", "at_least": 1}, {"all": COMPLETED}]},
            }
        ],
    ),
    "the order of a list": (
        [{"event": "orders", "count": {"at_least": 3}, "where": [{"property": "status", "in": ["a", "b"]}]}],
        [{"event": "orders", "count": {"at_least": 3}, "where": [{"property": "status", "in": ["b", "a"]}]}],
    ),
    "existence, in any window of a band": (
        [{"event": "orders", "within": "30 days"}],
        [{"event": "orders", "count": {"is": 0}, "within": "7 days"}],
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_two_ways_to_write_an_aggregate_are_one_column(
    tmp_path: Path, one: Criteria, other: Criteria
) -> None:
    (table,) = features(planned(tmp_path, one=one, other=other))
    assert table.text.count('"function"') == 1


def test_windows_of_one_band_share_a_table(tmp_path: Path) -> None:
    windows = ["1 hour", "7 days", "31 days", "1 month", "60 days", "6 calendar months", "1 year"]
    names = {
        f"a{index}": [{"event": "app.login", "count": {"at_least": 3}, "within": window}]
        for index, window in enumerate(windows)
    }
    models = [stub.model for stub in features(planned(tmp_path, **names))]
    assert models == [
        "muster_features__customer__app__login__183_days",
        "muster_features__customer__app__login__31_days",
        "muster_features__customer__app__login__ever",
    ]


def test_distinct_counts_and_values_by_order_have_tables_of_their_own(tmp_path: Path) -> None:
    result = planned(
        tmp_path,
        one=[{"event": "orders", "distinct": {"of": "status", "at_least": 3}}],
        other=[{"event": "orders", "last": {"of": "status", "is": "open"}}, {"event": "orders"}],
    )
    assert [stub.model for stub in features(result)] == [
        "muster_features__customer__orders__distinct__status",
        "muster_features__customer__orders__ever",
        "muster_features__customer__orders__last__status",
    ]


def test_names_of_events_that_look_alike_stay_apart(tmp_path: Path) -> None:
    events = ["sign up", "sign_up", "Sign Up", "sign-up", "東京", "...", "x" * 90, "x" * 91]
    names = {
        f"a{index}": [{"event": f"app.{event}", "count": {"at_least": 2}}]
        for index, event in enumerate(events)
    }
    models = [stub.model or "" for stub in features(planned(tmp_path, **names))]
    assert len(set(models)) == len(events)
    assert all(len(model) <= 63 and model.isascii() for model in models)


def test_what_lies_before_every_window_is_not_read(tmp_path: Path) -> None:
    names = {
        "one": [{"event": "orders", "within": "30 days"}],
        "other": [{"event": "orders", "within": "9 days"}],
    }
    (table,) = features(planned(tmp_path, **names))
    assert '"starts": [{"ago": [30, "day"]}, {"ago": [9, "day"]}]' in table.text


def test_a_last_time_that_is_asked_about_without_a_window_looks_at_all_of_time(tmp_path: Path) -> None:
    names = {"one": [{"event": "orders", "within": "900 days"}], "other": [{"event": "orders"}]}
    (table,) = features(planned(tmp_path, **names))
    assert "starts" not in table.text


def test_the_plan_does_not_depend_on_the_order_of_files_or_keys(tmp_path: Path) -> None:
    criteria: Criteria = [{"event": "orders", "within": "30 days"}, {"attribute": "country", "is": "GB"}]
    one = planned(tmp_path / "one", a=criteria, b=criteria)
    other = planned(tmp_path / "other", b=criteria, a=criteria)
    assert one.files == other.files


def test_every_stub_comes_after_the_ones_it_reads(tmp_path: Path) -> None:
    result = planned(
        tmp_path,
        a=[{"audience": "b"}],
        b=[{"audience": "c"}, {"event": "orders", "within": "30 days"}],
        c=[{"attribute": "country", "is": "GB"}],
    )
    seen: set[str | None] = set()
    models = {stub.model for stub in result.stubs}
    for stub in result.stubs:
        assert {ref for ref in stub.refs if ref in models} <= seen
        seen.add(stub.model)


def test_a_trait_is_the_column_that_audiences_share(tmp_path: Path) -> None:
    write_trait(tmp_path, "spent", {"sum": {"of": "amount", "event": "orders"}})
    write_trait(tmp_path, "since_last", {"days_since_last": {"event": "orders"}})
    write_trait(tmp_path, "paid", {"share": {"event": "orders", "of": "amount", "where": COMPLETED}})
    (table,) = features(
        planned(
            tmp_path,
            one=[{"event": "orders", "sum": {"of": "amount", "at_least": 3}}],
            other=[{"event": "orders", "sum": {"of": "amount", "at_least": 3}, "where": COMPLETED}],
            third=[{"event": "orders", "last": {"before": "2026-01-01"}}],
        )
    )
    assert table.text.count('"function"') == 3


def test_periods_are_columns_of_the_tables_of_their_bands(tmp_path: Path) -> None:
    periods = {"at_least": 3, "of": 6, "each": "week"}
    result = planned(
        tmp_path,
        one=[{"event": "orders", "periods": periods}],
        other=[{"event": "orders", "count": {"at_least": 1}, "between": ["3 weeks ago", "2 weeks ago"]}],
    )
    month, half_a_year = sorted(features(result), key=lambda stub: len(stub.text))
    assert month.model == "muster_features__customer__orders__183_days"
    assert half_a_year.model == "muster_features__customer__orders__31_days"
    assert month.text.count('"function"') + half_a_year.text.count('"function"') == 6


def test_events_that_are_compared_with_who_did_them_are_apart(tmp_path: Path) -> None:
    """The tables that others share read nothing but events, so no table is ever made from itself."""
    write_trait(tmp_path, "basket", {"average": {"of": "amount", "event": "orders"}})
    above = [{"property": "amount", "more_than": {"trait": "basket"}}]
    write_trait(tmp_path, "above", {"count": {"event": "orders", "where": above}})
    at_home = [{"property": "status", "is": {"attribute": "country"}}]
    result = planned(
        tmp_path,
        one=[{"trait": "above", "at_least": 1}],
        other=[{"event": "orders", "count": {"at_least": 2}, "where": at_home}],
    )
    read = {stub.model: set(stub.refs) for stub in features(result)}
    ever = "muster_features__customer__orders__ever"
    alone = [refs for model, refs in read.items() if model != ever]
    assert read[ever] == set()
    assert sorted(alone, key=len) == [
        {"muster_entities__customer"},
        {"muster_entities__customer", ever},
    ]


def write_trait(root: Path, name: str, value: dict[str, Any]) -> None:
    """Write a trait of the shop's customers."""
    path = root / "audience_specs" / "traits" / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"trait": name, "entity": "customer", **value}))


CART = {"event": "app.cart", "as": "cart"}


def paid(name: str, within: str) -> dict[str, Any]:
    same = [{"property": "cart_id", "is": {"step": name, "property": "cart_id"}}]
    return {"event": "app.paid", "within": within, "where": same}


def sequences(result: Plan) -> list[Stub]:
    return [stub for stub in result.stubs if (stub.model or "").startswith("muster_sequences__")]


def test_one_sequence_written_in_two_ways_is_one_table(tmp_path: Path) -> None:
    one: Criteria = [{"sequence": [CART, paid("cart", "24 hours")], "within": "7 days"}]
    again = [{**CART, "as": "it"}, paid("it", "1 day")]
    other: Criteria = [{"none": [{"sequence": again, "between": ["168 hours ago", "now"]}]}]
    result = planned(tmp_path, one=one, other=other)
    (table,) = sequences(result)
    assert [stub.model for stub in result.stubs if table.model in stub.refs] == ["one", "other"]


@pytest.mark.parametrize(
    "other",
    [
        {"sequence": [CART, paid("cart", "25 hours")], "within": "7 days"},
        {"sequence": [CART, paid("cart", "24 hours")]},
        {"sequence": [CART, {**CART, "as": "again"}, paid("cart", "24 hours")], "within": "7 days"},
    ],
)
def test_sequences_that_differ_are_tables_of_their_own(tmp_path: Path, other: dict[str, Any]) -> None:
    one: Criteria = [{"sequence": [CART, paid("cart", "24 hours")], "within": "7 days"}]
    assert len(sequences(planned(tmp_path, one=one, other=[other]))) == 2


def test_events_are_looked_at_in_pairs_only_where_values_are_compared(tmp_path: Path) -> None:
    larger = {"property": "amount", "more_than": {"step": "first", "property": "amount"}}
    alike = {"property": "status", "is": {"step": "first", "property": "status"}}
    orders = {"event": "orders", "as": "first"}
    plain = planned(tmp_path, one=[{"sequence": [orders, {"event": "orders", "where": [alike]}]}])
    compared = planned(tmp_path, one=[{"sequence": [orders, {"event": "orders", "where": [alike, larger]}]}])
    assert "pairs" not in sequences(plain)[0].text
    assert "pairs" in sequences(compared)[0].text
