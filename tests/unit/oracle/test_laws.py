"""Laws that hold in every world, whatever the criteria, checked of the oracle that engines are held to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle import points
from tests.oracle.evaluate import Evaluation
from tests.oracle.rewriting import backwards, one
from tests.oracle.strategies import worlds
from tests.oracle.world import Key, Spec, Table, World

# Without shrinking, which takes minutes of a world: a law that breaks is looked at on an engine, made small.
_settings = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_AFTER = {"limit", "stay", "expire"}
"""What an audience may say about those for whom its criteria hold."""


def _members(evaluation: Evaluation, entity: str, criteria: Any) -> frozenset[Key]:
    return evaluation.members({"entity": entity, "criteria": criteria})


def _everybody(evaluation: Evaluation, entity: str) -> frozenset[Key]:
    return frozenset(evaluation.entity(entity).population)


def _by_criteria(world: World) -> dict[str, Spec]:
    """The audiences whose members are those for whom the criteria hold."""
    return {name: spec for name, spec in world.audiences.items() if not _AFTER & spec.keys()}


@_settings
@given(worlds(audiences=6))
def test_an_audience_and_none_of_it_part_the_population(world: World) -> None:
    evaluation = Evaluation(world)
    for name, spec in _by_criteria(world).items():
        entity = spec["entity"]
        members = evaluation.members_of(name)
        others = _members(evaluation, entity, {"none": [one(spec["criteria"])]})
        assert members | others == _everybody(evaluation, entity)
        assert not members & others


@_settings
@given(worlds(audiences=6))
def test_de_morgan_holds(world: World) -> None:
    evaluation = Evaluation(world)
    for entity in world.entities:
        items = [one(spec["criteria"]) for spec in world.audiences.values() if spec["entity"] == entity]
        neither = [{"none": [item]} for item in items]
        none, all_ = {"none": items}, {"none": [{"all": items}]}
        assert _members(evaluation, entity, none) == _members(evaluation, entity, {"all": neither})
        assert not items or (
            _members(evaluation, entity, all_) == _members(evaluation, entity, {"any": neither})
        )


@_settings
@given(worlds(audiences=6))
def test_the_order_of_clauses_and_rows_does_not_matter(world: World) -> None:
    tables = {name: Table(table.columns, table.rows[::-1]) for name, table in world.tables.items()}
    evaluation, reverse = Evaluation(world), Evaluation(replace(world, tables=tables))
    for name, spec in _by_criteria(world).items():
        found = _members(reverse, spec["entity"], backwards(spec["criteria"]))
        assert found == evaluation.members_of(name)


@_settings
@given(worlds(audiences=6))
def test_membership_in_an_audience_is_what_its_criteria_say(world: World) -> None:
    evaluation = Evaluation(world)
    for name, spec in _by_criteria(world).items():
        entity = spec["entity"]
        by_name = _members(evaluation, entity, [{"audience": name}])
        assert by_name == _members(evaluation, entity, spec["criteria"])


@_settings
@given(
    worlds(audiences=1), st.integers(1, 100), st.integers(0, 100), st.sampled_from(["hour", "day", "month"])
)
def test_a_wider_window_never_loses_a_member_of_a_positive_count(
    world: World, count: int, more: int, unit: str
) -> None:
    evaluation = Evaluation(world)
    for source in ("orders", "app"):
        narrow, wide, ever = (
            _members(evaluation, "person", [{"event": source, **within}])
            for within in ({"within": f"{count} {unit}s"}, {"within": f"{count + more} {unit}s"}, {})
        )
        assert narrow <= wide <= ever


@_settings
@given(worlds(audiences=1), st.integers(1, 100), st.sampled_from(["day", "week", "month"]))
def test_two_windows_side_by_side_hold_the_events_of_both(world: World, count: int, unit: str) -> None:
    evaluation = Evaluation(world)
    middle, start = f"{count} {unit}s ago", f"{count * 2} {unit}s ago"
    both = _members(evaluation, "person", [{"event": "orders", "since": start}])
    parts = [{"event": "orders", "between": [start, middle]}, {"event": "orders", "since": middle}]
    assert both == _members(evaluation, "person", {"any": parts})


@_settings
@given(worlds(audiences=1))
def test_what_happens_at_the_instant_or_later_changes_nothing(world: World) -> None:
    evaluation = Evaluation(world)
    rows = [*world.tables["app"].rows]
    later: list[Any] = [{"person": key, "at": _later(world)} for key in evaluation.population]
    app = Table(world.tables["app"].columns, (*rows, *later))
    after = Evaluation(replace(world, tables={**world.tables, "app": app}))
    for name in world.audiences:
        assert after.members_of(name) == evaluation.members_of(name)


def _later(world: World) -> Any:
    at = world.entity["events"]["app"]["at"]
    declared = at if isinstance(at, dict) else {}
    day = points.to_local(world.as_of, ZoneInfo(world.timezone)).date()
    if declared.get("type") == "date":
        return day.replace(year=day.year + 1, day=1)
    return datetime(world.as_of.year + 1, 1, 2)


def test_random_worlds_differ() -> None:
    seen: set[str] = set()

    @_settings
    @given(worlds(audiences=2))
    def collect(world: World) -> None:
        seen.add(repr(world.audiences))

    collect()
    assert len(seen) > 10
