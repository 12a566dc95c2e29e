"""dbt reads stubs that are up to date, wherever they can be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dbt_muster import plan
from dbt_muster.plan import stale
from dbt_muster.plugin import MusterPlugin, refresh
from dbt_muster.specs import SpecErrors
from tests.end_to_end.commands import start
from tests.unit.plan.shop import Criteria, write_shop

BRITISH: Criteria = [{"attribute": "country", "is": "GB"}]


def test_stale_stubs_are_refreshed_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_shop(tmp_path, british=BRITISH)
    refresh(tmp_path)
    assert not stale(tmp_path)
    assert "muster: wrote models/audiences/british.sql" in capsys.readouterr().err
    refresh(tmp_path)
    assert capsys.readouterr().err == ""


def test_stale_stubs_that_cannot_be_written_are_only_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_root: Path) -> None:
        raise PermissionError(13, "Permission denied")

    write_shop(tmp_path, british=BRITISH)
    monkeypatch.setattr(plan, "compile_project", refuse)
    refresh(tmp_path)
    said = capsys.readouterr().err
    assert "stale" in said
    assert "muster compile" in said
    assert not (tmp_path / "models").exists()


def test_a_project_without_specs_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: shop")
    monkeypatch.chdir(tmp_path)
    MusterPlugin("shop")
    assert [path.name for path in tmp_path.iterdir()] == ["dbt_project.yml"]


def test_a_mistake_in_a_spec_stops_dbt_with_its_place(tmp_path: Path) -> None:
    write_shop(tmp_path, wrong=[{"attribute": "contry", "is": "GB"}])
    with pytest.raises(SpecErrors, match=r"wrong\.yml:1:"):
        refresh(tmp_path)


@pytest.mark.dbt
@pytest.mark.parametrize("called_in", [".", ".."])
def test_dbt_itself_refreshes_the_stubs_before_it_parses(tmp_path: Path, called_in: str) -> None:
    project = tmp_path / "shop"
    write_shop(project, british=BRITISH)
    (project / "dbt_project.yml").write_text("{name: shop, version: '1.0', profile: shop}")
    (project / "profiles.yml").write_text("shop: {target: dev, outputs: {dev: {type: duckdb}}}")
    sources = Path(__file__).resolve().parents[3] / "sync"
    path = os.pathsep.join([str(sources), os.environ.get("PYTHONPATH", "")])
    environment = {"DBT_PROFILES_DIR": str(project), "PYTHONPATH": path}
    done = start(["dbt", "parse", "--project-dir", str(project)], project / called_in, environment)
    assert "muster: wrote models/audiences/british.sql" in done.stdout
    assert not stale(project)
