"""People's own models are read as dbt compiled them, and what cannot be read is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.errors import UsageError
from dbt_muster.portability.own import OwnModel, judge, own_models
from dbt_muster.specs.meaning import Position

RAW = "select a / b as c from {{ ref('orders') }}\n"


def node(name: str, **more: Any) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": name,
        "package_name": "shop",
        "language": "sql",
        "raw_code": RAW,
        "compiled_code": "select\n  a / b as c\nfrom orders",
        "original_file_path": f"models/{name}.sql",
        "compiled_path": f"target/compiled/shop/models/{name}.sql",
        **more,
    }


def project(root: Path, *nodes: dict[str, Any], adapter: str | None = "postgres") -> Path:
    (root / "target").mkdir()
    (root / "models").mkdir()
    for each in nodes:
        (root / each["original_file_path"]).write_text(RAW, encoding="utf-8")
    content = {
        "metadata": {"project_name": "shop", "adapter_type": adapter},
        "nodes": {f"model.{each['package_name']}.{each['name']}": each for each in nodes},
    }
    (root / "target" / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return root


def message(root: Path, *selected: str) -> str:
    with pytest.raises(UsageError) as caught:
        list(own_models(root, selected, root / "target"))
    return str(caught.value)


def test_a_model_is_judged_by_its_compiled_sql(tmp_path: Path) -> None:
    (model,) = own_models(
        project(tmp_path, node("revenue"), node("other")), ["revenue", "revenue"], tmp_path / "target"
    )
    assert (model.name, model.dialect) == ("revenue", "postgres")
    findings = judge(model).findings
    assert [each.code for each in findings] == ["division_by_zero", "integer_division", "not_typed"]
    assert findings[0].position == Position(Path("models/revenue.sql"), 1, 1)
    assert {each.level for each in findings} == {"note"}
    assert findings[1].fragment == "a / b"
    assert findings[1].instead


def test_a_finding_stands_on_the_same_line_of_the_models_own_file() -> None:
    raw = "{{ config(materialized='table') }}\n\nselect\n  a / b as c,\n  {{ cents('d') }} as e\nfrom t\n"
    compiled = "\n\nselect\n  a / b as c,\n  d / 100 as e\nfrom t"
    findings = judge(OwnModel("revenue", "postgres", compiled, "models/revenue.sql", raw)).findings
    places = {each.fragment: each.position for each in findings}
    assert places["a / b"] == Position(Path("models/revenue.sql"), 4, 3)
    assert places["d / 100"] == Position(Path("models/revenue.sql"), 4, 1)


def test_a_packages_model_is_shown_as_it_was_compiled(tmp_path: Path) -> None:
    root = project(tmp_path, node("revenue"))
    (root / "models" / "revenue.sql").unlink()
    (model,) = own_models(root, ["revenue"], root / "target")
    assert judge(model).findings[0].position == Position(
        Path("target/compiled/shop/models/revenue.sql"), 2, 3
    )


def test_what_sqlglot_cannot_say_on_a_warehouse_that_is_asked_about_is_noted() -> None:
    sql = "select * from t pivot (sum(a) for b in ('x'))"
    model = OwnModel("revenue", "snowflake", sql, "models/revenue.sql")
    moved = [each for each in judge(model, ["duckdb", "postgres"]).findings if each.code == "transpile"]
    assert [each.message.split(":")[0] for each in moved] == ["sqlglot cannot move this to postgres"]
    assert "transpile" not in {each.code for each in judge(model).findings}


def test_sql_that_its_own_dialect_does_not_read_is_an_error(tmp_path: Path) -> None:
    (model,) = own_models(
        project(tmp_path, node("revenue", compiled_code="select a from (")), ["revenue"], tmp_path / "target"
    )
    (finding,) = judge(model).findings
    assert (finding.code, finding.level) == ("parse", "error")


def test_the_projects_own_model_comes_before_a_packages(tmp_path: Path) -> None:
    root = project(
        tmp_path, node("revenue", compiled_code="select 1 as own"), node("revenue", package_name="a_package")
    )
    (model,) = own_models(root, ["revenue"], root / "target")
    assert model.sql == "select 1 as own"


def test_without_a_manifest_the_error_says_to_compile(tmp_path: Path) -> None:
    assert "run `dbt compile`" in message(tmp_path, "revenue")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"nodes": 3}', '{"nodes": {}, "metadata": null}', "\ufeff{"]
)
def test_what_is_no_manifest_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text(text, encoding="utf-8")
    assert "is not a dbt manifest: run `dbt compile` again" in message(tmp_path, "revenue")


def test_a_model_that_was_only_parsed_is_asked_to_be_compiled(tmp_path: Path) -> None:
    root = project(tmp_path, node("revenue", compiled_code=None))
    assert "no compiled SQL of 'revenue': run `dbt compile`" in message(root, "revenue")


def test_a_model_that_has_changed_since_is_asked_to_be_compiled_again(tmp_path: Path) -> None:
    root = project(tmp_path, node("revenue"))
    (root / "models" / "revenue.sql").write_text("select 2 as b", encoding="utf-8")
    assert "was changed after" in message(root, "revenue")
    assert "run `dbt compile` again" in message(root, "revenue")


def test_a_name_that_dbt_does_not_know_gets_the_nearest(tmp_path: Path) -> None:
    root = project(tmp_path, node("revenue"))
    assert "Did you mean 'revenue'?" in message(root, "revenu")
    assert "Name the model alone: 'revenue'." in message(root, "+revenue+")


def test_a_python_model_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, node("revenue", language="python"))
    assert "is written in python" in message(root, "revenue")


def test_a_warehouse_that_is_not_supported_is_named(tmp_path: Path) -> None:
    root = project(tmp_path, node("revenue"), adapter="oracle")
    assert "is for oracle, which is none of" in message(root, "revenue")
