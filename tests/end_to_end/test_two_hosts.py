"""The same macros give the same SQL inside dbt and outside it, for every model that muster writes or ships."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from dbt_muster.render import Renderer

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2011-11-25"


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The compiled models of the demo project, by name."""
    target = tmp_path_factory.mktemp("target")
    subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", "compile", "--quiet", "--no-introspect",
            "--project-dir", str(ROOT), "--profiles-dir", str(ROOT),
            "--target-path", str(target), "--log-path", str(target),
            "--vars", json.dumps({"muster_as_of": AS_OF}),
        ],
        check=True,
        cwd=ROOT,
    )  # fmt: skip
    manifest = json.loads((target / "manifest.json").read_text())
    found = {
        node["name"]: node | {"invocation_id": manifest["metadata"]["invocation_id"]}
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    sources = {source["name"]: source for source in manifest["sources"].values()}
    return found | sources


@pytest.mark.dbt
def test_dbt_and_the_renderer_give_the_same_sql(nodes: dict[str, dict[str, str]]) -> None:
    ours = {
        name: node
        for name, node in nodes.items()
        if node.get("raw_code") and "muster." in node["raw_code"]
    }
    assert len(ours) > 20
    invocation = next(iter(ours.values()))["invocation_id"]
    renderer = Renderer(
        "duckdb",
        variables={"muster_as_of": AS_OF},
        relation=lambda _kind, *names: nodes[names[-1]]["relation_name"],
        run_started_at=datetime.datetime.now(datetime.UTC),
        invocation_id=invocation,
    )
    for node in ours.values():
        rendered = renderer.model(node["raw_code"], this=node["relation_name"])
        assert rendered == node["compiled_code"].strip(), node["name"]
