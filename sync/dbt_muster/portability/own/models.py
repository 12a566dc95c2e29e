"""People's own models: their SQL as dbt compiled it, out of target/manifest.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from dbt_muster.errors import UsageError
from dbt_muster.portability.own.tables import OwnTable, read_catalog, tables_of
from dbt_muster.render import DIALECTS
from dbt_muster.specs.meaning import Position
from dbt_muster.specs.names import nearest

_COMPILE = "run `dbt compile` first"


@dataclass(frozen=True)
class OwnModel:
    """A model of somebody's project.

    Attributes:
        name: the model's.
        dialect: the dbt adapter's type that it was compiled for.
        sql: the SELECT, without Jinja.
        file: the model's own file where it is one of the project's, else the compiled one, from the root.
        raw: the text of the model's own file, with Jinja; None where it is a package's.
        reads: the tables that it reads.
    """

    name: str
    dialect: str
    sql: str
    file: str
    raw: str | None = None
    reads: tuple[OwnTable, ...] = ()

    def place(self, line: int, column: int) -> Position:
        """A place in the SQL, in the file: on the line that is the same there, or the last such before."""
        if self.raw is None:
            return Position(Path(self.file), line, column)
        compiled, written = self.sql.splitlines(), self.raw.splitlines()
        same = {
            block.a + step: block.b + step
            for block in SequenceMatcher(None, compiled, written, autojunk=False).get_matching_blocks()
            for step in range(block.size)
        }
        found = max((at for at in same if at < line and compiled[at].strip()), default=None)
        if found is None:
            return Position(Path(self.file), 1, 1)
        return Position(Path(self.file), same[found] + 1, column if found == line - 1 else 1)


def own_models(root: Path, selected: Sequence[str], target: Path) -> Iterator[OwnModel]:
    """The models of some names, in their order.

    Args:
        root: the dbt project's folder.
        selected: names of models, without `+` or any other part of dbt's own selectors.
        target: dbt's target folder.

    Raises:
        UsageError: there is no manifest; it knows no such model; it is of another time than the model's file;
            or it was made for a warehouse that is not supported.
    """
    path = target / "manifest.json"
    content = _read(path)
    dialect = content.get("metadata", {}).get("adapter_type")
    if dialect not in DIALECTS:
        expected = ", ".join(DIALECTS)
        raise UsageError(f"{path} is for {dialect or 'no named adapter'}, which is none of {expected}.")
    models = _models(content)
    catalog = read_catalog(path.with_name("catalog.json"))
    for name in dict.fromkeys(selected):
        model, node = _model(root, path, dialect, models, name)
        yield replace(model, reads=tables_of(node, content, catalog, dialect))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content["nodes"].values()
        content.get("metadata", {}).get("adapter_type")
    except OSError:
        raise UsageError(f"There is no {path}: {_COMPILE}.") from None
    except (ValueError, KeyError, AttributeError, TypeError):
        raise UsageError(f"{path} is not a dbt manifest: run `dbt compile` again.") from None
    return dict(content)


def _models(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Models by name; the project's own come before those of packages."""
    project = content.get("metadata", {}).get("project_name")
    found: dict[str, dict[str, Any]] = {}
    for node in content["nodes"].values():
        if node.get("resource_type") != "model":
            continue
        if node.get("package_name") == project or node["name"] not in found:
            found[node["name"]] = node
    return found


def _model(
    root: Path, path: Path, dialect: str, models: Mapping[str, Mapping[str, Any]], name: str
) -> tuple[OwnModel, Mapping[str, Any]]:
    node = models.get(name)
    if node is None:
        meant = nearest(name, models)
        hint = f" Did you mean {meant!r}?" if meant else ""
        plain = name.strip("+")
        hint = f" Name the model alone: {plain!r}." if plain != name and plain in models else hint
        raise UsageError(f"dbt knows no model {name!r} (in {path}).{hint}")
    if node.get("language", "sql") != "sql":
        raise UsageError(f"The model {name!r} is written in {node['language']}: only SQL can be judged.")
    sql = node.get("compiled_code")
    if not sql:
        raise UsageError(f"{path} holds no compiled SQL of {name!r}: {_COMPILE}.")
    if _changed(root, node):
        raise UsageError(f"The model {name!r} was changed after {path} was written: run `dbt compile` again.")
    own, compiled = node.get("original_file_path"), node.get("compiled_path")
    if own and node.get("raw_code") and (root / str(own)).is_file():
        return OwnModel(name, dialect, sql, str(own), str(node["raw_code"])), node
    return OwnModel(name, dialect, sql, str(compiled or own or name)), node


def _changed(root: Path, node: Mapping[str, Any]) -> bool:
    """Whether a model's file says something else than the manifest; a package's files lie elsewhere."""
    raw, file = node.get("raw_code"), node.get("original_file_path")
    if not raw or not file:
        return False
    try:
        return (root / str(file)).read_text(encoding="utf-8").strip() != "\n".join(
            str(raw).splitlines()
        ).strip()
    except (OSError, UnicodeDecodeError):
        return False
