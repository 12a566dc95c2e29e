"""The same macros give the same SQL inside dbt and outside it, for every model written or shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dbt_muster.render import Renderer
from tests.end_to_end.commands import REPOSITORY, start

AS_OF = "2011-11-25"
INCREMENTAL = ("muster_membership_changes", "muster_audience_sizes")
PROFILE = "muster_demo: {{target: demo, outputs: {{demo: {{type: duckdb, path: '{path}'}}}}}}"


def compiled_by_dbt(folder: Path) -> dict[str, Any]:
    """The manifest of the demo project, compiled against the database in a folder."""
    (folder / "profiles.yml").write_text(PROFILE.format(path=folder / "demo.duckdb"))
    folders = ["--profiles-dir", str(folder), "--target-path", str(folder), "--log-path", str(folder)]
    variables = json.dumps({"muster_as_of": AS_OF})
    done = start(["dbt", "compile", "--quiet", *folders, "--vars", variables], REPOSITORY)
    assert done.returncode == 0, done.stdout
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return manifest


@pytest.mark.dbt
@pytest.mark.parametrize("incremental", [False, True], ids=["the first run", "a later run"])
def test_dbt_and_the_renderer_give_the_same_sql(tmp_path: Path, incremental: bool) -> None:
    if incremental:
        with duckdb.connect(str(tmp_path / "demo.duckdb")) as connection:
            for table in INCREMENTAL:
                connection.execute(f"create table {table} (as_of timestamp)")
    manifest = compiled_by_dbt(tmp_path)
    nodes = {node["name"]: node for node in [*manifest["nodes"].values(), *manifest["sources"].values()]}
    ours = [node for node in nodes.values() if "muster." in node.get("raw_code", "")]
    assert len(ours) > 20
    renderer = Renderer(
        "duckdb",
        variables={"muster_as_of": AS_OF},
        relation=lambda _kind, *names: nodes[names[-1]]["relation_name"],
        invocation_id=manifest["metadata"]["invocation_id"],
    )
    for node in ours:
        rendered = renderer.model(
            node["raw_code"],
            this=node["relation_name"],
            incremental=incremental and node["name"] in INCREMENTAL,
        )
        assert rendered == node["compiled_code"].strip(), node["name"]
