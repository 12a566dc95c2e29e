"""`muster preview` and `muster explain` over models that were never built, on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.seeing import Clock, explain, preview
from dbt_muster.seeing.criteria import standing_note
from dbt_muster.seeing.inline import Site
from dbt_muster.specs import load
from tests.engines.cases import Case, read_cases
from tests.engines.engines import Engine, Warehouse, write_specs
from tests.engines.known import ENGINES, many

_CASES = read_cases()
_ENGINES = [name for name, known in ENGINES.items() if many() or not known.slow]


def site_of(engine: Warehouse, clock: Clock) -> Site:
    """The tables of a world, in the schema at hand."""
    return Site(engine.name, lambda _kind, *names: engine.quoted(names[-1]), engine.ask, clock.as_of)


@pytest.mark.parametrize("engine", _ENGINES, indirect=True)
@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_preview_and_explain_find_the_members_of_a_case_without_building_anything(
    engine: Engine, case: Case, tmp_path: Path
) -> None:
    assert isinstance(engine, Warehouse)
    write_specs(case.world, tmp_path)
    project = load(tmp_path)
    clock = Clock.at(case.world.as_of.isoformat())
    with engine.schema():
        for name, table in case.world.tables.items():
            engine.fill(name, table)
        site = site_of(engine, clock)
        for name, members in case.expected.items():
            audience = project.audiences[name]
            if standing_note(project, audience):
                continue  # who is in depends on earlier evaluations, which only the built tables know
            found = preview(project, audience, site, clock, sample=1000)
            assert found.size == len(members), name
            assert set(found.sample or ()) == members, name
            assert found.steps[0].remain >= found.size, name
            assert found.steps[0].remain == found.size or audience.limit, name
            for key in sorted(members, key=str)[:1]:
                why = explain(project, audience, str(key), site, clock)
                assert why.member, f"{name}: {key}"
                assert why.verdict is not None, f"{name}: {key}"
                assert why.verdict.holds, f"{name}: {key}"
