"""Every example of docs/language.md is SQL that runs, and that every dialect's own grammar reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.plan import plan
from dbt_muster.plan.stub import Stub
from dbt_muster.render import DIALECTS, Renderer
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from dbt_muster.testing.build import Build
from dbt_muster.testing.database import Database
from dbt_muster.testing.needed import models, needed
from dbt_muster.testing.run import run
from dbt_muster.testing.tables import source_tables
from tests.unit.specs.corpus import write_project
from tests.unit.specs.test_docs_examples import examples

AS_OF = datetime(2026, 11, 1, 12)


def stems(folder: str) -> list[str]:
    return [Path(name).stem for name in examples() if f"/{folder}/" in name]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return load(write_project(tmp_path_factory.mktemp("page"), examples(), good=False))


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Database() as database:
        yield database


@pytest.fixture
def build(project: Project, database: Database) -> Iterator[Build]:
    build = Build(database, "page", source_tables(project), AS_OF)
    yield build
    build.close()


def of_audience(project: Project, name: str) -> tuple[Stub, ...]:
    return models(needed(project, project.audiences[name]), [name])


def test_all_models_of_the_page_can_be_built_on_empty_tables(project: Project, build: Build) -> None:
    stubs = plan(project).stubs
    build.models(stubs)
    enabled = {name for name, audience in project.audiences.items() if audience.enabled}
    built = {stub.model for stub in stubs}
    assert {"muster_traits__customer", "muster_memberships", *enabled} <= built
    assert built.isdisjoint(project.audiences.keys() - enabled)
    assert build.keys("muster_traits__customer", "customer_id") == ()


@pytest.mark.parametrize("name", stems("audiences"))
def test_an_audience_of_the_page_can_be_built_alone(project: Project, build: Build, name: str) -> None:
    build.models(of_audience(project, name))
    assert build.keys(name, project.entities[project.audiences[name].entity].key.column) == ()


@pytest.mark.parametrize("name", stems("tests"))
def test_a_test_of_the_page_passes(project: Project, name: str) -> None:
    (outcome,) = run(project, [project.tests[name]])
    assert outcome.passed


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", stems("audiences"))
def test_an_audience_of_the_page_is_one_query_a_model_in_every_dialect(
    project: Project, name: str, dialect: str
) -> None:
    assert_queries(of_audience(project, name), dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_traits_of_the_page_are_one_query_a_model_in_every_dialect(
    project: Project, dialect: str
) -> None:
    stubs = models(project, ["muster_traits__customer"])
    assert "muster_traits__customer" in [stub.model for stub in stubs]
    assert_queries(stubs, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_groups_make_is_one_query_a_model_in_every_dialect(project: Project, dialect: str) -> None:
    made = ["offers", "muster_suppressed__customer", "muster_memberships"]
    stubs = tuple(stub for stub in plan(project).stubs if stub.model in made)
    assert len(stubs) == len(made)
    assert_queries(stubs, dialect)


def assert_queries(stubs: tuple[Stub, ...], dialect: str) -> None:
    renderer = Renderer(dialect, variables={"muster_as_of": AS_OF.isoformat()})
    for stub in stubs:
        sql = renderer.model(stub.text)
        (tree,) = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
        assert isinstance(tree, exp.Query), stub.model
