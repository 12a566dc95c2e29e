"""Running tests of audiences, one after the other, in one database."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbt_muster.errors import UsageError
from dbt_muster.plan.names import entity_model
from dbt_muster.render import Renderer, RenderError
from dbt_muster.specs.meaning import Case, Entity, Project
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.testing.build import Build
from dbt_muster.testing.criteria import Key, Verdict, verdicts
from dbt_muster.testing.database import Database, DatabaseError
from dbt_muster.testing.needed import models, needed
from dbt_muster.testing.tables import source_tables
from dbt_muster.testing.times import instant_of


@dataclass(frozen=True)
class Difference:
    """A key that is a member and was not expected, or the other way round, and why."""

    key: Key
    expected: bool
    exists: bool  # whether the entity has it at all
    criteria: tuple[Verdict, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of one test."""

    case: Case
    seconds: float
    differences: tuple[Difference, ...] = ()
    error: str | None = None  # why it could not be run

    @property
    def passed(self) -> bool:
        """Whether the members were those that are expected."""
        return not self.differences and self.error is None


def select(project: Project, names: Iterable[str]) -> tuple[Case, ...]:
    """The tests of some names, each a test's own or its audience's; without names, all of them.

    Raises:
        UsageError: a name is of no test.
    """
    chosen: dict[str, Case] = {}
    wanted = tuple(names)
    for name in wanted:
        found = {case.name: case for case in project.tests.values() if name in (case.name, case.audience)}
        if not found:
            raise UsageError(_unknown(project, name))
        chosen |= found
    return tuple(chosen.values()) if wanted else tuple(project.tests.values())


def run(project: Project, cases: Iterable[Case]) -> Iterator[Outcome]:
    """What comes of each test, in order, as soon as it is there.

    Raises:
        UsageError: duckdb is not installed.
    """
    renderer = Renderer("duckdb")  # before the clock runs: the first one compiles the macros
    with Database() as database:
        for number, case in enumerate(cases, start=1):
            start = time.perf_counter()
            error: str | None = None
            differences: tuple[Difference, ...] = ()
            try:
                differences = _tested(database, renderer, f"test_{number}", project, case)
            except (DatabaseError, RenderError) as failure:
                error = str(failure)
            yield Outcome(case, time.perf_counter() - start, differences, error)


def _tested(
    database: Database, renderer: Renderer, schema: str, project: Project, case: Case
) -> tuple[Difference, ...]:
    part = needed(project, project.audiences[case.audience])
    entity = part.entities[part.audiences[case.audience].entity]
    as_of = instant_of(renderer, case.as_of, entity.timezone)
    build = Build(database, schema, source_tables(part, case), as_of)
    try:
        return _differences(build, part, entity, case)
    finally:
        build.close()


def _differences(build: Build, part: Project, entity: Entity, case: Case) -> tuple[Difference, ...]:
    key = entity.key.column
    build.models(models(part, [case.audience]))
    found = build.keys(case.audience, key)
    wrong = [each for each in case.expect if each not in found]
    wrong += [each for each in found if each not in case.expect]
    if not wrong:
        return ()
    population = build.keys(entity_model(entity.name), key)
    why = verdicts(build, part, part.audiences[case.audience], wrong)
    return tuple(Difference(each, each in case.expect, each in population, why[each]) for each in wrong)


def _unknown(project: Project, name: str) -> str:
    if name in project.audiences:
        return (
            f"The audience {name} has no test.\n"
            f"`muster test --new {name}` writes the beginnings of one: audience_specs/tests/{name}.yml."
        )
    known = {*project.tests, *(case.audience for case in project.tests.values())}
    near = nearest(name, known | project.audiences.keys())
    meant = f" Did you mean `{near}`?" if near else ""
    return (
        f"There is no test `{name}`; expected {one_of(known) or 'a test under audience_specs/tests'}.{meant}"
    )
