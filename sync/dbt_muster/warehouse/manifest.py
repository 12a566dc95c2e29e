"""Where dbt put its tables: relation names by model name, out of target/manifest.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
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
        ids: the unique ids of the same, by the same.
        parents: the unique ids of what each node is built on, by its own.
        names: the name of each node, by its unique id.
        kinds: how each model is materialised, by name.
        written: what `muster compile` wrote of each audience into its model, by its name: among others, the
            `digest` of what its spec meant, and a hash of its `division`, where it had a split or a holdout.
    """

    path: Path
    relations: Mapping[str, str]
    sources: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    ids: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
            everything = {**content["nodes"], **content.get("unit_tests", {})}
            parents = {name: _parents(node) for name, node in everything.items()}
            names = {name: str(node.get("name", name)) for name, node in everything.items()}
            relations = {
                node["name"]: node["relation_name"]
                for node in nodes
                if node.get("resource_type") == "model" and node.get("relation_name")
            }
            kinds = {
                node["name"]: str(node.get("config", {}).get("materialized", "view"))
                for node in nodes
                if node.get("resource_type") == "model"
            }
            written = {node["name"]: own for node in nodes if (own := _written(node))}
            sources = _sources(content, lambda _, node: node.get("relation_name"))
            ids = _sources(content, lambda name, _: name)
        except OSError:
            raise UsageError(f"There is no {path}: run `dbt run` first, so that the tables exist.") from None
        except (ValueError, KeyError, AttributeError, TypeError):
            raise UsageError(f"{path} is not a dbt manifest: run `dbt run` again.") from None
        return cls(path, relations, sources, ids, parents, names, kinds, written)

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

    def ancestry(self, models: Iterable[str]) -> frozenset[str]:
        """The unique ids of models and of everything that they are built on.

        Args:
            models: names of models; one that dbt does not know has none.
        """
        waiting = [self.ids[("ref", model)] for model in models if ("ref", model) in self.ids]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.parents.get(name, ())
        return frozenset(found)


def _sources(
    content: Mapping[str, Any], what: Callable[[str, Mapping[str, Any]], str | None]
) -> dict[tuple[str, ...], str]:
    """Models, seeds and snapshots, those of the project itself before those of packages; and sources.

    Args:
        content: the manifest.
        what: what is wanted of a node, by its unique id and itself; None leaves it out.
    """
    project = content.get("metadata", {}).get("project_name")
    found: dict[tuple[str, ...], str] = {}
    for unique_id, node in content["nodes"].items():
        wanted = what(unique_id, node)
        if node.get("resource_type") in ("model", "seed", "snapshot") and wanted:
            found["ref", node.get("package_name", ""), node["name"]] = wanted
            if node.get("package_name") == project:
                found["ref", node["name"]] = wanted
            found.setdefault(("ref", node["name"]), wanted)
    for unique_id, node in content.get("sources", {}).items():
        wanted = what(unique_id, node)
        if wanted:
            found["source", node["source_name"], node["name"]] = wanted
    return found


def _written(node: Mapping[str, Any]) -> dict[str, str]:
    own = ((node.get("config") or {}).get("meta") or {}).get("muster")
    return {str(name): str(value) for name, value in own.items()} if isinstance(own, dict) else {}


def _parents(node: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple((node.get("depends_on") or {}).get("nodes") or ())
