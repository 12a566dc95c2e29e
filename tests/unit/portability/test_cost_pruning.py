"""A warehouse can leave out old events only where the stored time itself is compared with a literal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlglot

from dbt_muster.plan.starts import readings
from dbt_muster.portability.checking import check
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.pruning import unpruned
from dbt_muster.portability.statements import model_statements, renderer
from dbt_muster.portability.summary import worth_showing
from dbt_muster.render.renderer import DIALECTS
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Column, Project
from tests.unit.portability.cost_shop import BIG, ENTITIES, RECENT, shop

STARTER = load(Path(__file__).resolve().parents[3])
ORDERED_AT = "at: {column: ordered_at, type: timestamp}"


def _found(project: Project, dialect: str = "duckdb") -> list[Finding]:
    read = readings(project)
    renders = renderer(dialect)
    return [
        finding
        for statement in model_statements(project)
        if statement.name in read
        for finding in unpruned(
            statement.name,
            sqlglot.parse_one(statement.sql(renders), dialect=dialect),
            dialect,
            read[statement.name],
        )
    ]


def _shop(root: Path, at: str, condition: str = RECENT) -> Project:
    assert ORDERED_AT in ENTITIES
    return shop(root, entities=ENTITIES.replace(ORDERED_AT, at), them=condition)


def _untyped(root: Path, condition: str = RECENT) -> Project:
    """A shop that does not know the type of the time of its orders; the language always gives it one."""
    project = shop(root, them=condition)
    customer = project.entities["customer"]
    orders = customer.events["orders"]
    events = {**customer.events, "orders": replace(orders, at=Column(orders.at.column))}
    return replace(project, entities={"customer": replace(customer, events=events)})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_starter_library_is_pruned_everywhere(dialect: str) -> None:
    assert any(reading.bounded for reading in readings(STARTER).values())
    assert _found(STARTER, dialect) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_time_of_unknown_type_is_cast_and_not_pruned(tmp_path: Path, dialect: str) -> None:
    (finding,) = _found(_untyped(tmp_path), dialect)
    assert finding.code == "no_pruning"
    assert finding.level == "note"
    assert finding.statement == "muster_features__customer__orders__31_days"
    assert "nothing compares `ordered_at` itself with a literal" in finding.message
    assert "ordered_at" in finding.fragment.lower()
    assert "type: timestamp" in (finding.instead or "")


@pytest.mark.parametrize(
    "at",
    [
        ORDERED_AT,
        "at: ordered_at",
        "at: {column: ordered_at, type: timestamptz}",
        "at: {column: ordered_at, type: date}",
        "at: {column: ordered_at, type: timestamp, timezone: Asia/Kolkata}",
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_time_of_a_declared_type_is_pruned(tmp_path: Path, at: str, dialect: str) -> None:
    assert _found(_shop(tmp_path, at), dialect) == []


def test_a_check_finds_it_even_where_made_up_rows_do_not_fit_the_model(tmp_path: Path) -> None:
    project = _untyped(tmp_path)
    model = "muster_features__customer__orders__31_days"
    statements = list(model_statements(project))
    judged = check(project, statements, ["duckdb"])
    (finding,) = [each for each in worth_showing(judged, {model}) if each.code == "no_pruning"]
    assert finding.level == "note"


def test_a_window_without_a_start_has_nothing_to_prune(tmp_path: Path) -> None:
    assert _found(_untyped(tmp_path, BIG)) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_sequences_over_several_sources_are_pruned_in_each(tmp_path: Path, dialect: str) -> None:
    steps = "{sequence: [{event: visits}, {event: orders, within: 2 days}], within: 30 days}"
    assert _found(_shop(tmp_path, ORDERED_AT, steps), dialect) == []


def test_only_the_source_of_a_sequence_that_has_no_type_is_found(tmp_path: Path) -> None:
    steps = "{sequence: [{event: visits}, {event: orders, within: 2 days}], within: 30 days}"
    (finding,) = _found(_untyped(tmp_path, steps))
    assert "shop__orders" in finding.message


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select k from shop__orders where ordered_at >= timestamp '2026-01-01'", False),
        ("select k from shop__orders where timestamp '2026-01-01' <= ordered_at", False),
        ("select k from shop__orders where (k = 1 and (ordered_at > '2026-01-01'))", False),
        ("select k from (select * from shop__orders) where ordered_at > '2026-01-01'", False),
        ("select k from (select ordered_at, k from shop__orders) where ordered_at > '2026-01-01'", False),
        (
            "select 1 from (select lower(ordered_at) as ordered_at from shop__orders) where ordered_at > 'x'",
            True,
        ),
        ("select k from shop__orders where cast(ordered_at as timestamp) >= timestamp '2026-01-01'", True),
        ("select k from shop__orders where ordered_at >= timestamp '2026-01-01' or k = 1", True),
        ("select k from shop__orders where not ordered_at >= timestamp '2026-01-01'", True),
        ("select k from shop__orders where ordered_at < timestamp '2026-01-01'", True),
        ("select k from shop__orders where ordered_at >= seen_at", True),
        ("select count(case when ordered_at >= timestamp '2026-01-01' then 1 end) from shop__orders", True),
        (
            "select k from shop__orders where ordered_at > '2026-01-01' union all select k from shop__orders",
            True,
        ),
    ],
)
def test_what_counts_as_a_plain_comparison(tmp_path: Path, sql: str, found: bool) -> None:
    reading = readings(shop(tmp_path, them=RECENT))["muster_features__customer__orders__31_days"]
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    assert bool(unpruned("them", tree, "duckdb", reading)) is found
