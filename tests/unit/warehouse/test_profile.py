"""Profiles are found and rendered by dbt's own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.errors import UsageError
from dbt_muster.warehouse import Manifest, Profile, Warehouse, WarehouseError, load_profile

PROFILES = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('SHOP_DB', 'shop.duckdb') }}", schema: main, threads: "{{ 2 |
        as_number }}"}
    prod: {type: duckdb, path: "{{ env_var('SHOP_PROD_DB') }}", schema: prod}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "DBT_PROFILES_DIR",
        "DBT_PROFILE",
        "DBT_TARGET",
        "DBT_TARGET_PATH",
        "SHOP_DB",
        "SHOP_PROD_DB",
    ):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (tmp_path / "profiles.yml").write_text(PROFILES)
    return tmp_path


def test_the_profile_beside_the_project_is_found_and_rendered(project: Path) -> None:
    profile = load_profile(project)
    assert (profile.name, profile.target) == ("shop", "dev")
    assert profile.settings == {"type": "duckdb", "path": "shop.duckdb", "schema": "main", "threads": 2}


def test_a_folder_given_comes_before_the_environment_and_that_before_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("given", "environment"):
        folder = project / name
        folder.mkdir()
        (folder / "profiles.yml").write_text(PROFILES.replace("shop.duckdb", f"{name}.duckdb"))
    monkeypatch.setenv("DBT_PROFILES_DIR", str(project / "environment"))
    assert load_profile(project).settings["path"] == "environment.duckdb"
    assert load_profile(project, profiles_dir=project / "given").settings["path"] == "given.duckdb"


def test_only_the_target_in_use_needs_its_variables(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="SHOP_PROD_DB is not set"):
        load_profile(project, target="prod")
    monkeypatch.setenv("SHOP_PROD_DB", "prod.duckdb")
    monkeypatch.setenv("DBT_TARGET", "prod")
    assert load_profile(project).settings["path"] == "prod.duckdb"


def test_a_target_that_is_missing_is_reported_with_those_that_are_there(project: Path) -> None:
    with pytest.raises(UsageError, match="it has: dev, prod"):
        load_profile(project, target="staging")


def test_a_folder_that_is_no_dbt_project_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"dbt_project\.yml"):
        load_profile(tmp_path)


def test_credentials_do_not_show_when_a_profile_is_printed() -> None:
    profile = Profile("p", "p", "dev", Path(), Path("target"), {"password": "hunter2"})
    assert "hunter2" not in repr(profile)


def test_a_statement_commits_by_itself_and_rows_come_back(project: Path) -> None:
    with Warehouse(load_profile(project)) as warehouse:
        assert (warehouse.dialect, warehouse.schema) == ("duckdb", "main")
        warehouse.execute("create table t as select 1 as x")
    with Warehouse(load_profile(project)) as warehouse:
        assert warehouse.query("select x, 'a' from t") == [(1, "a")]
        assert warehouse.relation("t") == '"shop"."main"."t"'


def test_a_relative_path_in_a_profile_starts_at_the_project(project: Path) -> None:
    with Warehouse(load_profile(project)) as warehouse:
        warehouse.execute("create table t as select 1 as x")
    assert (project / "shop.duckdb").is_file()


def test_a_statement_that_fails_says_what_the_warehouse_said_and_the_next_one_works(project: Path) -> None:
    with Warehouse(load_profile(project)) as warehouse:
        with pytest.raises(WarehouseError, match="nowhere"):
            warehouse.query("select * from nowhere")
        assert warehouse.query("select 1") == [(1,)]


def test_a_warehouse_that_cannot_be_reached_is_an_error_of_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DB", "no/such/folder/shop.duckdb")
    with pytest.raises(WarehouseError, match="cannot be reached"), Warehouse(load_profile(project)):
        pass


def test_settings_that_do_not_fit_the_adapter_are_reported_without_their_values(project: Path) -> None:
    text = PROFILES.replace("schema: main", "schema: main, extensions: hunter2")
    (project / "profiles.yml").write_text(text)
    with pytest.raises(UsageError) as raised:
        Warehouse(load_profile(project))
    assert "hunter2" not in str(raised.value)


def test_the_manifest_gives_the_names_of_tables(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(
        '{"nodes": {"model.shop.fans": '
        '{"resource_type": "model", "name": "fans", "relation_name": "a.b.fans"},'
        ' "test.shop.x": {"resource_type": "test", "name": "x"}}}'
    )
    manifest = Manifest.load(tmp_path)
    assert manifest.relation("fans") == "a.b.fans"
    with pytest.raises(UsageError, match="dbt run"):
        manifest.relation("x")


def test_without_a_manifest_dbt_has_to_run_first(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run `dbt run` first"):
        Manifest.load(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(UsageError, match="not a dbt manifest"):
        Manifest.load(tmp_path)
