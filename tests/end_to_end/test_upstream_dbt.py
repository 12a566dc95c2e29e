"""What dbt itself writes of a run with failures, as the guard on failed tests reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.warehouse import Manifest, Upstream
from tests.end_to_end.commands import start

pytestmark = pytest.mark.dbt

FILES = {
    "dbt_project.yml": "name: shop\nversion: 1.0.0\nprofile: shop\n",
    "profiles.yml": """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: warehouse.duckdb, schema: main, threads: 1}
""",
    "models/customers.sql": "select 1 as customer_id union all select 1",
    "models/entity.sql": "select distinct customer_id from {{ ref('customers') }}",
    "models/fans.sql": "select customer_id from {{ ref('entity') }}",
    "models/broken.sql": "select nothing_such from {{ source('web', 'orders') }}",
    "models/others.sql": "select 1 as customer_id union all select 1",
    "models/schema.yml": """
version: 2
sources:
  - name: web
    schema: main
    tables: [{name: orders, identifier: customers}]
models:
  - name: customers
    columns: [{name: customer_id, data_tests: [unique]}]
  - name: others
    columns: [{name: customer_id, data_tests: [unique]}]
unit_tests:
  - name: everybody_is_a_fan
    model: fans
    given: [{input: ref('entity'), rows: [{customer_id: 7}]}]
    expect: {rows: [{customer_id: 8}]}
""",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    assert start(["dbt", "run", "--select", "customers", "entity", "fans", "others"], folder).returncode == 0
    return folder


def after(project: Path, *command: str) -> Upstream:
    start(["dbt", *command], project)
    return Upstream.load(Manifest.load(project / "target"))


def test_after_a_run_that_went_well_nothing_has_failed(project: Path) -> None:
    upstream = after(project, "run", "--select", "customers", "entity", "fans")
    assert upstream.failed(["fans"]) == ()


def test_failed_tests_of_what_an_audience_is_built_on_are_named_and_no_others(project: Path) -> None:
    upstream = after(project, "test")
    assert upstream.failed(["fans"]) == (
        "the test unique_customers_customer_id failed",
        "the unit test everybody_is_a_fan failed",
    )
    assert upstream.failed(["entity"]) == ("the test unique_customers_customer_id failed",)
    assert upstream.failed(["others"]) == ("the test unique_others_customer_id failed",)


def test_a_build_that_skips_an_audience_after_a_failed_test_says_both(project: Path) -> None:
    upstream = after(project, "build", "--exclude", "broken")
    failed = upstream.failed(["fans"])
    assert "the test unique_customers_customer_id failed" in failed
    assert failed[-1] == "entity, fans were skipped"


def test_a_model_that_broke_is_named_and_a_source_is_found_by_its_name(project: Path) -> None:
    upstream = after(project, "run", "--select", "broken")
    assert upstream.failed(["broken"]) == ("the model broken failed",)
    assert upstream.failed(["fans"]) == ()
    assert upstream.reads(["broken"], "source", ("web", "orders"))
    assert upstream.reads(["fans"], "ref", ("customers",))
    assert upstream.reads(["fans"], "ref", ("shop", "customers"))
    assert not upstream.reads(["fans"], "source", ("web", "orders"))
