"""Guards: what they find, and that nothing is sent where one objects."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.delivery import Circumstances
from dbt_muster.delivery.guards import Newest, PlanSummary, guard_findings, in_words, objection
from dbt_muster.delivery.ledger import now
from dbt_muster.errors import UsageError
from dbt_muster.specs.meaning import Column, Entity, EventSource, Guard, Relation
from dbt_muster.warehouse import Manifest, Upstream
from tests.unit.delivery.kit import Person, Scene, entity

NOW = datetime(2026, 11, 23, 12)
PLAN = PlanSummary(100, 100, 30, first=False, at=NOW)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("guard", "plan", "said"),
    [
        (Guard(), PlanSummary(0, 100, 100, first=False), None),
        (Guard(largest_share=0.3), PLAN, None),
        (Guard(largest_share=0.3), replace(PLAN, moves=31), "31.0%, and largest_change is 30%"),
        (Guard(largest_share=0.3), replace(PLAN, moves=90, first=True), None),
        (Guard(largest_share=0.3), replace(PLAN, held=0, moves=100), None),
        (Guard(largest_moves=30), PLAN, None),
        (Guard(largest_moves=29), PLAN, "30 members would be added, changed or removed"),
        (Guard(largest_moves=29), replace(PLAN, first=True), None),
        (Guard(largest_share=0.5, largest_moves=29), PLAN, "largest_change is 29"),
        (Guard(smallest_audience=100), PLAN, None),
        (Guard(smallest_audience=101), replace(PLAN, first=True), "100 members"),
        (Guard(largest_audience=100), PLAN, None),
        (Guard(largest_audience=99), replace(PLAN, first=True), "largest_audience is 99"),
        (Guard(freshness=DAY), replace(PLAN, newest=(Newest("orders", NOW - DAY),)), None),
        (Guard(freshness=DAY), replace(PLAN, newest=(Newest("orders", NOW + DAY),)), None),
        (
            Guard(freshness=DAY),
            replace(PLAN, newest=(Newest("orders", NOW - DAY - timedelta(hours=3, minutes=2)),)),
            "orders is 1 day and 3 hours old (newest: 2026-11-22 08:58 UTC), which is 3 hours and 2 minutes "
            "more than freshness allows (1 day)",
        ),
        (Guard(freshness=DAY), replace(PLAN, newest=(Newest("orders", None),)), "orders has no rows"),
        (Guard(), replace(PLAN, failed=("the test unique_x failed",)), "the test unique_x failed"),
        (Guard(failed_tests="ignore"), replace(PLAN, failed=("the test unique_x failed",)), None),
    ],
)
def test_a_guard_objects_beyond_its_limit_and_not_at_it(
    guard: Guard, plan: PlanSummary, said: str | None
) -> None:
    found = objection(guard_findings(guard, plan))
    assert found is None if said is None else said in str(found)


def test_every_guard_that_objects_is_in_the_explanation() -> None:
    guard = Guard(largest_share=0.1, smallest_audience=1000, freshness=DAY)
    plan = replace(PLAN, newest=(Newest("orders", None),), failed=("the model x failed",))
    found = guard_findings(guard, plan)
    assert [finding.guard for finding in found] == [
        "largest_change",
        "smallest_audience",
        "freshness",
        "failed_tests",
    ]
    assert str(objection(found)).count("; ") == 3


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(days=2, minutes=5, seconds=9), "2 days and 5 minutes"),
        (timedelta(days=400, hours=23, minutes=59), "400 days and 23 hours"),
    ],
)
def test_a_length_of_time_is_said_by_its_two_largest_units(length: timedelta, words: str) -> None:
    assert in_words(length) == words


def upstream(tmp_path: Path, statuses: dict[str, str]) -> Upstream:
    """customers <- entity <- fans, orders <- fans, other; a test of customers, one of other."""

    def node(name: str, *parents: str, kind: str = "model") -> dict[str, Any]:
        return {
            "name": name,
            "resource_type": kind,
            "package_name": "shop",
            "relation_name": f'"main"."{name}"',
            "depends_on": {"nodes": list(parents)},
        }

    content = {
        "metadata": {"project_name": "shop"},
        "nodes": {
            "model.shop.customers": node("customers"),
            "model.shop.muster_entities__customer": node("muster_entities__customer", "model.shop.customers"),
            "model.shop.fans": node("fans", "model.shop.muster_entities__customer", "source.shop.web.orders"),
            "model.shop.other": node("other"),
            "model.shop.muster_audience_sizes": node("muster_audience_sizes"),
            "model.shop.muster_event_sources": node("muster_event_sources"),
            "test.shop.unique_customers.a1": node("unique_customers", "model.shop.customers", kind="test"),
            "test.shop.unique_other.b2": node("unique_other", "model.shop.other", kind="test"),
        },
        "unit_tests": {"unit_test.shop.fans.counts": node("counts", "model.shop.fans", kind="unit_test")},
        "sources": {
            "source.shop.web.orders": {"source_name": "web", "name": "orders", "relation_name": "orders"}
        },
    }
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    results = [{"unique_id": name, "status": status} for name, status in statuses.items()]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    return Upstream.load(Manifest.load(tmp_path))


@pytest.mark.parametrize(
    ("unique_id", "status", "said"),
    [
        ("test.shop.unique_customers.a1", "fail", "the test unique_customers failed"),
        ("test.shop.unique_customers.a1", "error", "the test unique_customers failed"),
        ("test.shop.unique_customers.a1", "warn", None),
        ("test.shop.unique_customers.a1", "pass", None),
        ("test.shop.unique_customers.a1", "skipped", None),
        ("test.shop.unique_other.b2", "fail", None),
        ("unit_test.shop.fans.counts", "fail", "the unit test counts failed"),
        ("model.shop.customers", "error", "the model customers failed"),
        ("model.shop.fans", "skipped", "fans was skipped"),
        ("model.shop.fans", "success", None),
        ("model.shop.other", "error", None),
    ],
)
def test_only_what_the_audience_is_built_on_counts_as_failed(
    unique_id: str, status: str, said: str | None, tmp_path: Path
) -> None:
    found = upstream(tmp_path, {unique_id: status}).failed(["fans", "muster_entities__customer"])
    assert found == (() if said is None else (said,))


def test_what_was_skipped_for_a_failure_is_one_objection_with_it_and_comes_last(tmp_path: Path) -> None:
    models = ("customers", "fans", "muster_entities__customer")
    statuses = {f"model.shop.{name}": "skipped" for name in models}
    failed = upstream(tmp_path, {**statuses, "test.shop.unique_customers.a1": "fail"}).failed(["fans"])
    assert failed == (
        "the test unique_customers failed",
        "customers, fans, muster_entities__customer were skipped",
    )
    (finding,) = guard_findings(Guard(), replace(PLAN, failed=failed))
    assert finding.message == (
        "in dbt's last run, of what the audience is built on, the test unique_customers failed and "
        "customers, fans, muster_entities__customer were skipped"
    )


def test_without_results_of_a_run_nothing_has_failed(tmp_path: Path) -> None:
    upstream(tmp_path, {"model.shop.fans": "error"})
    (tmp_path / "run_results.json").unlink()
    assert Upstream.load(Manifest.load(tmp_path)).failed(["fans"]) == ()


def test_results_that_cannot_be_read_are_a_mistake(tmp_path: Path) -> None:
    upstream(tmp_path, {})
    (tmp_path / "run_results.json").write_text("[]")
    with pytest.raises(UsageError, match="run `dbt run` again"):
        Upstream.load(Manifest.load(tmp_path))


def with_orders() -> Entity:
    orders = EventSource(
        "orders", Relation("source", ("web", "orders")), Column("c"), Column("at"), None, None, {}
    )
    unread = replace(orders, name="unread", relation=Relation("ref", ("other",)))
    return replace(entity(), events={"orders": orders, "unread": unread})


def scene(tmp_path: Path, guard: Guard, *, orders: datetime | None, statuses: dict[str, str]) -> Scene:
    """Three fans, evaluated now, whose newest order is of an instant; an unread source is ever so old."""
    made = Scene(
        guard=guard,
        circumstances=Circumstances(upstream(tmp_path, statuses), {"customer": with_orders()}),
    )
    made.set({key: Person(f"p{key}@example.com") for key in range(3)})
    made.warehouse.connection.execute(
        "create table muster_audience_sizes as select 'fans' as audience, ?::timestamp as as_of", [now()]
    )
    made.warehouse.connection.execute(
        "create table muster_event_sources as select * from (values "
        "('customer', 'orders', null::timestamp, ?::timestamp), "
        "('customer', 'unread', timestamp '2001-01-01', null)) "
        "as t (entity, source, last_event_at, last_loaded_at)",
        [orders],
    )
    return made


def test_a_source_that_is_stale_blocks_the_sync_and_is_named_with_how_late_it_is(tmp_path: Path) -> None:
    late = now() - timedelta(hours=26, minutes=1)
    stale = scene(tmp_path, Guard(freshness=DAY), orders=late, statuses={})
    for report in (stale.plan(), stale.sync()):
        assert report.status == "blocked"
        assert "the event source orders is 1 day and 2 hours old" in str(report.reason)
        assert "2 hours and 1 minute more than freshness allows (1 day)" in str(report.reason)
        assert "unread" not in str(report.reason)
    assert stale.platform.batches == []
    assert stale.warehouse.rows("select status, members, adds from muster_sync_runs") == [("blocked", 3, 3)]


def test_sources_that_are_fresh_let_the_sync_through_and_are_in_its_report(tmp_path: Path) -> None:
    fresh = scene(tmp_path, Guard(freshness=DAY), orders=now() - timedelta(hours=2), statuses={})
    report = fresh.sync()
    assert report.status == "applied"
    assert [finding.found for finding in report.guards] == [
        "the audience's last evaluation: less than a minute old",
        "the event source orders: 2 hours old",
    ]
    assert report.guards[1].message.endswith("UTC), and freshness is 1 day")


def test_each_event_source_is_looked_at_once_a_run_however_many_audiences_are_built_on_it(
    tmp_path: Path,
) -> None:
    shop = scene(tmp_path, Guard(freshness=DAY), orders=now() - timedelta(hours=2), statuses={})
    asked: list[str] = []
    query = shop.warehouse.query

    def listen(sql: str) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return query(sql)

    shop.warehouse.query = listen  # type: ignore[method-assign]
    engine, pair = shop.engine(), shop.pair()
    reports = [engine.plan(pair), engine.plan(pair)]
    assert [len(report.guards) for report in reports] == [2, 2]
    assert sum("muster_event_sources" in sql for sql in asked) == 1
    assert sum("muster_audience_sizes" in sql for sql in asked) == 2


def test_an_audience_that_was_not_evaluated_for_long_is_stale_although_its_sources_are_not(
    tmp_path: Path,
) -> None:
    stale = scene(tmp_path, Guard(freshness=DAY), orders=now(), statuses={})
    stale.warehouse.connection.execute("update muster_audience_sizes set as_of = as_of - interval 3 day")
    assert "the audience's last evaluation is 3 days old" in str(stale.plan().reason)


def test_a_failed_test_upstream_blocks_the_sync_unless_it_is_overridden_or_ignored(tmp_path: Path) -> None:
    statuses = {"test.shop.unique_customers.a1": "fail"}
    failed = scene(tmp_path, Guard(), orders=now(), statuses=statuses)
    report = failed.sync()
    assert report.status == "blocked"
    built_on = "in dbt's last run, of what the audience is built on, the test unique_customers failed"
    assert built_on in str(report.reason)
    assert failed.platform.batches == []
    assert failed.sync(override="known").status == "applied"
    assert failed.runs()[-1][2] is not None
    ignoring = scene(tmp_path, Guard(failed_tests="ignore"), orders=now(), statuses=statuses)
    assert ignoring.sync().status == "applied"


def test_an_interrupted_first_sync_is_not_held_up_by_the_guard_on_changes() -> None:
    from tests.unit.delivery.test_interruptions import die

    interrupted = Scene(guard=Guard(largest_share=0.1))
    interrupted.set({key: Person(f"p{key}@example.com") for key in range(9)})
    assert die(interrupted, 40) is not None
    assert interrupted.sync().status == "applied"
