"""Laws that hold in every world, whatever the criteria, checked of the oracle that engines are held to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle import points
from tests.oracle.evaluate import Evaluation
from tests.oracle.strategies import worlds
from tests.oracle.world import Key, Table, World

_settings = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def _members(evaluation: Evaluation, criteria: Any) -> frozenset[Key]:
    return evaluation.members({"criteria": criteria})


@_settings
@given(worlds(audiences=6))
def test_an_audience_and_none_of_it_part_the_population(world: World) -> None:
    evaluation = Evaluation(world)
    everybody = frozenset(evaluation.population)
    for name, spec in world.audiences.items():
        members = evaluation.members_of(name)
        others = _members(evaluation, {"none": [_one(spec["criteria"])]})
        assert members | others == everybody
        assert not members & others


@_settings
@given(worlds(audiences=6))
def test_de_morgan_holds(world: World) -> None:
    evaluation = Evaluation(world)
    items = [_one(spec["criteria"]) for spec in world.audiences.values()]
    neither = [{"none": [item]} for item in items]
    assert _members(evaluation, {"none": items}) == _members(evaluation, {"all": neither})
    assert _members(evaluation, {"none": [{"all": items}]}) == _members(evaluation, {"any": neither})


@_settings
@given(worlds(audiences=6))
def test_the_order_of_clauses_and_rows_does_not_matter(world: World) -> None:
    tables = {name: Table(table.columns, table.rows[::-1]) for name, table in world.tables.items()}
    backwards = World(world.as_of, world.entity, tables, world.traits, world.audiences)
    evaluation, reverse = Evaluation(world), Evaluation(backwards)
    for name, spec in world.audiences.items():
        assert _members(reverse, _reversed(spec["criteria"])) == evaluation.members_of(name)


@_settings
@given(worlds(audiences=6))
def test_membership_in_an_audience_is_what_its_criteria_say(world: World) -> None:
    evaluation = Evaluation(world)
    for name, spec in world.audiences.items():
        assert _members(evaluation, [{"audience": name}]) == _members(evaluation, spec["criteria"])


@_settings
@given(
    worlds(audiences=1), st.integers(1, 100), st.integers(0, 100), st.sampled_from(["hour", "day", "month"])
)
def test_a_wider_window_never_loses_a_member_of_a_positive_count(
    world: World, count: int, more: int, unit: str
) -> None:
    evaluation = Evaluation(world)
    for source in ("orders", "app"):
        narrow = _members(evaluation, [{"event": source, "within": f"{count} {unit}s"}])
        wide = _members(evaluation, [{"event": source, "within": f"{count + more} {unit}s"}])
        assert narrow <= wide <= _members(evaluation, [{"event": source}])


@_settings
@given(worlds(audiences=1), st.integers(1, 100), st.sampled_from(["day", "week", "month"]))
def test_two_windows_side_by_side_hold_the_events_of_both(world: World, count: int, unit: str) -> None:
    evaluation = Evaluation(world)
    middle, start = f"{count} {unit}s ago", f"{count * 2} {unit}s ago"
    both = _members(evaluation, [{"event": "orders", "since": start}])
    parts = [{"event": "orders", "between": [start, middle]}, {"event": "orders", "since": middle}]
    assert both == _members(evaluation, {"any": parts})


@_settings
@given(worlds(audiences=1))
def test_what_happens_at_the_instant_or_later_changes_nothing(world: World) -> None:
    evaluation = Evaluation(world)
    rows = [*world.tables["app"].rows]
    later: list[Any] = [{"person": key, "at": _later(world)} for key in evaluation.population]
    app = Table(world.tables["app"].columns, (*rows, *later))
    after = Evaluation(World(world.as_of, world.entity, {**world.tables, "app": app}, world.traits))
    for name, spec in world.audiences.items():
        assert _members(after, spec["criteria"]) == evaluation.members_of(name)


def _later(world: World) -> Any:
    at = world.entity["events"]["app"]["at"]
    declared = at if isinstance(at, dict) else {}
    day = points.to_local(world.as_of, ZoneInfo(world.timezone)).date()
    if declared.get("type") == "date":
        return day.replace(year=day.year + 1, day=1)
    return datetime(world.as_of.year + 1, 1, 2)


def _one(criteria: Any) -> Any:
    """Criteria as one condition."""
    return {"all": criteria} if isinstance(criteria, list) else criteria


def _reversed(criteria: Any) -> Any:
    """The same criteria, with every list of conditions and every mapping the other way round."""
    if isinstance(criteria, list) and all(isinstance(item, dict) for item in criteria):
        return [_reversed(item) for item in reversed(criteria)]
    if isinstance(criteria, dict):
        return {key: _reversed(value) for key, value in reversed(criteria.items())}
    return criteria


def test_random_worlds_differ() -> None:
    seen: set[str] = set()

    @_settings
    @given(worlds(audiences=2))
    def collect(world: World) -> None:
        seen.add(repr(world.audiences))

    collect()
    assert len(seen) > 10
