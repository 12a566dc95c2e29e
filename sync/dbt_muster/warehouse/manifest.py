"""Where dbt put its tables: relation names by model name, out of target/manifest.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dbt_muster.errors import UsageError


@dataclass(frozen=True)
class Manifest:
    """The models of the last dbt run, by name."""

    path: Path
    relations: Mapping[str, str]

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
        except OSError:
            raise UsageError(f"There is no {path}: run `dbt run` first, so that the tables exist.") from None
        except (ValueError, KeyError, AttributeError, TypeError):
            raise UsageError(f"{path} is not a dbt manifest: run `dbt run` again.") from None
        return cls(path, relations)

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
