"""Where dbt put its tables: relation names by model name, out of target/manifest.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbt_muster.errors import UsageError


@dataclass(frozen=True)
class Manifest:
    """The tables that dbt knows.

    Attributes:
        path: the file.
        relations: the SQL names of models, by name.
        sources: the SQL names of all that a spec can read: by `("ref", model)`, `("ref", package, model)`
            and `("source", source, table)`.
    """

    path: Path
    relations: Mapping[str, str]
    sources: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def load(cls, target_path: Path) -> Manifest:
        """Read `manifest.json` in dbt's target folder.

        Raises:
            UsageError: dbt has not run yet, or the file is not a manifest.
        """
        path = target_path / "manifest.json"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            nodes = content["nodes"].values()
            relations = {
                node["name"]: node["relation_name"]
                for node in nodes
                if node.get("resource_type") == "model" and node.get("relation_name")
            }
            sources = _sources(content)
        except OSError:
            raise UsageError(f"There is no {path}: run `dbt run` first, so that the tables exist.") from None
        except (ValueError, KeyError, AttributeError, TypeError):
            raise UsageError(f"{path} is not a dbt manifest: run `dbt run` again.") from None
        return cls(path, relations, sources)

    def relation(self, model: str) -> str:
        """The SQL name of a model's table.

        Raises:
            UsageError: the manifest has no such model.
        """
        try:
            return self.relations[model]
        except KeyError:
            raise UsageError(
                f"dbt knows no model {model!r} (in {self.path}): run `muster compile` and `dbt run` first."
            ) from None

    def source(self, kind: str, *names: str) -> str:
        """The SQL name of a table that a spec reads.

        Args:
            kind: `ref` or `source`.
            names: what it is called with, one or two names.

        Raises:
            UsageError: dbt knows no such table.
        """
        try:
            return self.sources[(kind, *names)]
        except KeyError:
            called = ", ".join(f"'{name}'" for name in names)
            raise UsageError(
                f"dbt knows no table of {kind}({called}) (in {self.path}): run `dbt parse`, and see that it "
                "is there and no ephemeral model."
            ) from None


def _sources(content: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """Models, seeds and snapshots, those of the project itself before those of packages; and sources."""
    project = content.get("metadata", {}).get("project_name")
    found: dict[tuple[str, ...], str] = {}
    for node in content["nodes"].values():
        if node.get("resource_type") in ("model", "seed", "snapshot") and node.get("relation_name"):
            found["ref", node.get("package_name", ""), node["name"]] = node["relation_name"]
            if node.get("package_name") == project:
                found["ref", node["name"]] = node["relation_name"]
            found.setdefault(("ref", node["name"]), node["relation_name"])
    for node in content.get("sources", {}).values():
        if node.get("relation_name"):
            found["source", node["source_name"], node["name"]] = node["relation_name"]
    return found
