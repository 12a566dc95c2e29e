"""`muster preview` and `muster explain` over models that were never built, on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.seeing import Clock, explain, preview
from dbt_muster.seeing.criteria import standing_note
from dbt_muster.seeing.inline import Site
from dbt_muster.specs import load
from tests.engines.cases import Case, read_case, read_cases
from tests.engines.engines import Engine, Warehouse, write_specs
from tests.engines.known import ENGINES
from tests.oracle.places import distance
from tests.thorough import thorough

_CASES = read_cases()
_ENGINES = [name for name, known in ENGINES.items() if thorough() or not known.slow]


def site_of(engine: Warehouse, clock: Clock) -> Site:
    """The tables of a world, in the schema at hand."""
    return Site(engine.name, lambda _kind, *names: engine.quoted(names[-1]), engine.ask, clock.as_of)


@pytest.mark.parametrize("engine", _ENGINES, indirect=True)
@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_preview_and_explain_find_the_members_of_a_case_without_building_anything(
    engine: Engine, case: Case, tmp_path: Path
) -> None:
    assert isinstance(engine, Warehouse)
    # Other cases on each, so that somebody is asked about every case.
    if not thorough() and _CASES.index(case) % 2 != (engine.name == "duckdb"):
        pytest.skip("two engines share the cases here; `make test-engines` asks each about all of them")
    if reason := engine.left_out(case.world):
        pytest.skip(reason)
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


WALK = """\
case: Where somebody is, and how far they came.
as_of: 2026-11-01T12:00:00
people:
  - {id: 1, home_latitude: 51.5, home_longitude: -0.12}
  - {id: 2, home_latitude: 48.8566, home_longitude: 2.3522}
  - {id: 3}
  - {id: 4, home_latitude: -51.5, home_longitude: 179.88}
attributes: {home: {type: location, latitude: home_latitude, longitude: home_longitude}}
events:
  app:
    name: kind
    rows:
      - {person: 1, kind: cart, at: 9 days ago}
      - {person: 1, kind: pay, at: 8 days ago}
      - {person: 1, kind: thank, at: 7 days ago}
      - {person: 2, kind: cart, at: 9 days ago}
      - {person: 2, kind: pay, at: 8 days ago}
      - {person: 2, kind: complain, at: 7 days ago}
      - {person: 2, kind: thank, at: 6 days ago}
      - {person: 3, kind: cart, at: 9 days ago}
      - {person: 4, kind: pay, at: 9 days ago}
audiences:
  near_london: [{attribute: home, near: {latitude: 51.5, longitude: -0.12, within: 10 km}}]
  not_near_london: [{attribute: home, not_near: {latitude: 51.5, longitude: -0.12, within: 10 km}}]
  thankful:
    - sequence:
        - {event: app.cart}
        - {event: app.pay}
        - {without: app.complain}
        - {event: app.thank}
  left_it:
    - sequence:
        - {event: app.cart}
        - {without: app.pay, within: 2 days}
expect: {near_london: [1], not_near_london: [2, 3, 4], thankful: [1], left_it: [3]}
"""
PARIS = f"home {distance((51.5, -0.12), (48.8566, 2.3522)):.3f} km away"
SAID = {
    "near_london": {
        "1": "home 0 km away, wanted within 10 km",
        "2": f"{PARIS}, wanted within 10 km",
        "3": "home missing, wanted within 10 km",
        "4": "home 20,015.114 km away, wanted within 10 km",
    },
    "not_near_london": {"2": f"{PARIS}, wanted not within 10 km"},
    "thankful": {
        "1": "all 4 steps held",
        "2": "got to step 2 of 4, app.pay",
        "3": "got to step 1 of 4, app.cart",
        "4": "got to none of 4 steps",
    },
    "left_it": {"3": "all 2 steps held", "2": "got to step 1 of 2, app.cart"},
}


@pytest.mark.parametrize("engine", _ENGINES, indirect=True)
def test_explain_says_how_far_away_somebody_is_and_how_far_they_came(engine: Engine, tmp_path: Path) -> None:
    assert isinstance(engine, Warehouse)
    case = read_case(WALK)
    assert engine.answer(case.world).members == case.expected
    write_specs(case.world, tmp_path)
    project = load(tmp_path)
    clock = Clock.at(case.world.as_of.isoformat())
    with engine.schema():
        for name, table in case.world.tables.items():
            engine.fill(name, table)
        site = site_of(engine, clock)
        for name, readings in SAID.items():
            for key, reading in readings.items():
                why = explain(project, project.audiences[name], key, site, clock)
                assert why.verdict is not None
                assert [child.reading for child in why.verdict.children] == [reading]
