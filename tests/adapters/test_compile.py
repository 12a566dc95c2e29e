"""dbt's own compile, by each warehouse's own adapter and without a connection, gives the renderer's SQL.

`make test-adapters` runs this, in an environment that has the adapters; elsewhere it is skipped.
"""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from dbt_muster.render import Renderer
from tests.end_to_end.commands import REPOSITORY, start

WANTED = "MUSTER_ADAPTERS"
AS_OF = "2011-11-25"
NOBODY: dict[str, Any] = {"host": "localhost", "port": 9, "user": "nobody", "password": "nothing"}
PROFILES: dict[str, dict[str, Any]] = {
    "snowflake": {"account": "nowhere", "user": "nobody", "password": "nothing", "database": "DB"},
    "bigquery": {"method": "oauth-secrets", "token": "nothing", "project": "nowhere"},
    "redshift": {**NOBODY, "dbname": "db"},
    "databricks": {"host": "localhost", "http_path": "/sql/1.0/warehouses/none", "token": "nothing"},
    "trino": {"method": "none", "host": "localhost", "port": 9, "user": "nobody", "database": "db"},
    "postgres": {**NOBODY, "dbname": "db"},
}

pytestmark = [
    pytest.mark.dbt,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get(WANTED), reason="asked for by `make test-adapters` alone"),
]


def compiled(adapter: str, folder: Path) -> dict[str, Any]:
    """The manifest of the starter library, compiled for a warehouse that is not there."""
    output = {"type": adapter, "schema": "main", "threads": 1, **PROFILES[adapter]}
    profile = {"muster_demo": {"target": "nowhere", "outputs": {"nowhere": output}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
    folders = ["--profiles-dir", str(folder), "--target-path", str(folder), "--log-path", str(folder)]
    variables = json.dumps({"muster_as_of": AS_OF})
    offline = ["--no-introspect", "--no-populate-cache", "--quiet", "--vars", variables]
    command = ["python", "-m", "tests.adapters.offline", adapter, "compile", *folders, *offline]
    done = start(command, REPOSITORY)
    assert done.returncode == 0, done.stdout
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return manifest


@pytest.mark.parametrize("adapter", PROFILES)
def test_the_adapter_writes_every_model_as_the_renderer_does(adapter: str, tmp_path: Path) -> None:
    if find_spec(f"dbt.adapters.{adapter}") is None:
        pytest.skip(f"dbt-{adapter} is not installed")
    manifest = compiled(adapter, tmp_path)
    nodes = {node["name"]: node for node in [*manifest["nodes"].values(), *manifest["sources"].values()]}
    ours = [node for node in nodes.values() if "muster." in node.get("raw_code", "")]
    assert len(ours) > 40
    renderer = Renderer(
        adapter,
        variables={"muster_as_of": AS_OF},
        relation=lambda _kind, *names: nodes[names[-1]]["relation_name"],
        invocation_id=manifest["metadata"]["invocation_id"],
    )
    for node in ours:
        rendered = renderer.model(node["raw_code"], this=node["relation_name"])
        assert rendered == node["compiled_code"].strip(), node["name"]
