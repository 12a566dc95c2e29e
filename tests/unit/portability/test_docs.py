"""docs/portability.md shows what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from dbt_muster.cli.main import main
from tests.unit.portability.test_own import node
from tests.unit.portability.test_own import project as compiled

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "portability.md").read_text(encoding="utf-8")


def shown(kind: str, language: str) -> tuple[str, str]:
    """What the comment before a block says, and the block."""
    found = re.search(rf"<!-- {kind}:? ?(.*?) ?-->\n```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    assert found is not None
    return found[1], found[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "audience_specs" / "audiences").mkdir(parents=True)
    for kind, name in (("entity", "entities.yml"), ("audience", "audiences/wishful.yml")):
        (tmp_path / "audience_specs" / name).write_text(shown(kind, "yaml")[1], encoding="utf-8")
    return tmp_path


def test_the_table_and_the_finding_are_those_of_the_page(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, output = shown("command", "text")
    with pytest.raises(SystemExit) as left:
        main([*shlex.split(command)[1:], "--project-dir", str(root)])
    assert left.value.code == 1
    assert capsys.readouterr().out == output


def test_what_is_said_of_a_model_is_what_the_page_shows(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql, output = shown("model", "text")
    columns = yaml.safe_load(shown("columns", "yaml")[1])["sources"][0]["tables"][0]["columns"]
    read = {
        "resource_type": "source",
        "name": "orders",
        "package_name": "shop",
        "original_file_path": "models/sources.sql",
        "relation_name": "shop.orders",
        "columns": {column["name"]: column for column in columns},
    }
    model = node("fct_orders", compiled_code=sql, raw_code=sql, depends_on={"nodes": ["model.shop.orders"]})
    compiled(root, model, read, adapter="duckdb")
    (root / "models" / "fct_orders.sql").write_text(sql, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(
            [
                "check",
                "--select",
                "fct_orders",
                "--dialects",
                "snowflake,bigquery",
                "--project-dir",
                str(root),
            ]
        )
    assert left.value.code == 0
    assert capsys.readouterr().out == output


def test_every_page_that_it_names_is_there() -> None:
    for name in re.findall(r"\]\((?!https?:)([\w-]+\.md)\)", PAGE):
        assert (Path(__file__).resolve().parents[3] / "docs" / name).is_file()
