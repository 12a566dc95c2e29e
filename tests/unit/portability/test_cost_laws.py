"""What holds of costs whatever the specs: shares add up, and what is predicted comes true."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
import sqlglot
from sqlglot import expressions as exp

from dbt_muster.cost import Costs, costs
from dbt_muster.cost.graph import Graph
from dbt_muster.plan import plan
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from tests.unit.portability.cost_shop import AS_OF, BIG, FRESH, PAYING, READING, RECENT, SPENT, shop

STARTER = load(Path(__file__).resolve().parents[3])
A_FRIDAY = datetime(2011, 11, 25)
POOL = [
    RECENT,
    FRESH,
    BIG,
    PAYING,
    READING,
    "{attribute: country, is: GB}",
    "{event: orders, within: 45 days, sum: {of: amount, at_least: 9}}",
    "{event: orders, on: 2026-02-01}",
    "{event: orders, since: 2020-05-05, distinct: {of: status, at_least: 2}}",
    "{event: visits, within: 3 calendar days, where: [{property: referrer, is: ad}]}",
    "{sequence: [{event: visits}, {event: orders, within: 2 days}], within: 30 days}",
]


def _without(project: Project, name: str) -> Project:
    return replace(project, audiences={key: each for key, each in project.audiences.items() if key != name})


def _columns(project: Project, as_of: datetime) -> dict[str, set[str]]:
    """The models that are compiled, each with the columns of its SQL."""
    models = Graph(plan(project).stubs, as_of.isoformat()).models
    everybody = ("muster_memberships", "muster_audiences")
    return {name: set(each.outputs) for name, each in models.items() if name not in everybody}


def _bounds(project: Project, as_of: datetime) -> dict[str, str]:
    """The latest instant before which no feature reads any event, as it stands in each model's filter."""
    found = {}
    graph = Graph((), as_of.isoformat())
    for stub in plan(project).stubs:
        if stub.model is not None and stub.model.startswith("muster_features__"):
            tree = sqlglot.parse_one(graph.renderer.model(stub.text), dialect="duckdb")
            times = [
                bound.find(exp.Literal).name
                for where in tree.find_all(exp.Where)
                for each in where.find_all(exp.GTE)
                if (bound := each.expression).find(exp.Column) is None
                and bound.find(exp.DataType) is not None
            ]
            found[stub.model] = max(times, default="ever")
    return found


def _shares_add_up(found: Costs) -> bool:
    needed = [scan for scan in found.scans if scan.audiences]
    return sum(cost.share for cost in found.audiences.values()) == len(needed)


def _comes_true(
    project: Project, found: Costs, name: str, as_of: datetime, before: dict[str, set[str]]
) -> None:
    savings = found.audiences[name].savings
    predicted = {
        model: columns - set(savings.columns.get(model, ()))
        for model, columns in before.items()
        if model not in savings.models
    }
    assert _columns(_without(project, name), as_of) == predicted


def _pool_shop(root: Path, chance: Random) -> Project:
    picked = chance.sample(POOL, 4)
    names = {f"a{number}": condition for number, condition in enumerate(picked)}
    return shop(root, trait=SPENT if BIG in picked else chance.choice([SPENT, None]), **names)


@pytest.mark.parametrize("seed", range(5))
def test_shares_add_up_to_the_whole_and_predictions_come_true(tmp_path: Path, seed: int) -> None:
    project = _pool_shop(tmp_path, Random(seed))  # noqa: S311 - no secret
    found = costs(project, AS_OF)
    assert _shares_add_up(found)
    before, columns = _bounds(project, AS_OF), _columns(project, AS_OF)
    for name, cost in found.audiences.items():
        _comes_true(project, found, name, AS_OF, columns)
        after = _bounds(_without(project, name), AS_OF)
        narrower = {each.model for each in cost.savings.narrower if "features" in each.model}
        assert narrower == {model for model in after if after[model] != before[model]}


@pytest.mark.parametrize("seed", range(5))
def test_the_time_of_a_scan_is_the_one_that_stands_in_the_sql(tmp_path: Path, seed: int) -> None:
    project = _pool_shop(tmp_path, Random(seed))  # noqa: S311 - no secret
    bounds = _bounds(project, AS_OF)
    for scan in costs(project, AS_OF).scans:
        if scan.over is not None and scan.model in bounds:
            since = scan.over.since
            assert bounds[scan.model] == ("ever" if since is None else since.isoformat(" "))


@pytest.fixture(scope="module")
def starter_costs() -> Costs:
    return costs(STARTER, A_FRIDAY)


@pytest.fixture(scope="module")
def starter_columns() -> dict[str, set[str]]:
    return _columns(STARTER, A_FRIDAY)


def test_the_shares_of_the_starter_library_add_up(starter_costs: Costs) -> None:
    assert _shares_add_up(starter_costs)


@pytest.mark.parametrize("name", [name for name, each in STARTER.audiences.items() if each.enabled])
def test_every_starter_audience_has_facts(name: str, starter_costs: Costs) -> None:
    cost = starter_costs.audiences[name]
    assert cost.sources
    assert all(source.columns for source in cost.sources)
    assert cost.scans
    assert cost.share > 0
    assert cost.savings.kept_by or name in cost.savings.models


@pytest.mark.parametrize("name", [name for name, each in STARTER.audiences.items() if each.enabled])
def test_dropping_a_starter_audience_leaves_exactly_what_was_predicted(
    name: str, starter_costs: Costs, starter_columns: dict[str, set[str]]
) -> None:
    savings = starter_costs.audiences[name].savings
    if savings.kept_by:
        assert not savings.models
        assert not savings.columns
        assert not savings.narrower
    else:
        _comes_true(STARTER, starter_costs, name, A_FRIDAY, starter_columns)
