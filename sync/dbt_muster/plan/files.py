"""Stubs on disk: written when they differ, removed when their spec is gone, no other file touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dbt_muster.errors import UsageError
from dbt_muster.plan.planner import Plan, plan
from dbt_muster.plan.stub import AUDIENCES, MARKER, Stub
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project


@dataclass(frozen=True)
class Changes:
    """Paths, relative to the project's root, that differ from what the specs say."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.written or self.removed)


Check = Callable[[Project, Path], None]
"""What looks at a project before anything is written, and raises where something is wrong."""


def _no_check(_project: Project, _root: Path) -> None:
    return


def compile_project(root: Path, check: Check = _no_check) -> Changes:
    """Bring the stubs under `root` up to date with the specs there.

    Args:
        root: the project's folder.
        check: what later rooms have to say of the specs.

    Raises:
        SpecErrors: a spec is wrong; nothing is written.
        UsageError: a file that muster did not write is where a stub belongs; nothing is written.
    """
    planned = _planned(root, check)
    changes = _compare(root, planned)
    by_path = {file.path.as_posix(): file for file in planned.files}
    for folder in {(root / path).parent for path in changes.written}:
        folder.mkdir(parents=True, exist_ok=True)
    for path in changes.written:
        _write(root / path, by_path[path].text)
    for path in changes.removed:
        (root / path).unlink()
    return changes


def stale(root: Path, check: Check = _no_check) -> Changes:
    """What `compile_project` would write and remove, with nothing done."""
    return _compare(root, _planned(root, check))


def _planned(root: Path, check: Check) -> Plan:
    project = load(root)
    check(project, root)
    return plan(project)


def _compare(root: Path, planned: Plan) -> Changes:
    written, unchanged = [], 0
    for file in planned.files:
        current = _read(root, file)
        if current == file.text:
            unchanged += 1
        else:
            written.append(file.path.as_posix())
    expected = {file.path.as_posix() for file in planned.files}
    removed = [path for path in _own_files(root) if path not in expected]
    return Changes(tuple(sorted(written)), tuple(removed), unchanged)


def _read(root: Path, file: Stub) -> str | None:
    path = root / file.path
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    if not _is_own(text):
        raise UsageError(
            f"{file.path} exists and muster did not write it, but a spec of that name would.\n"
            "Rename the spec, or move that file elsewhere."
        )
    return text


def _own_files(root: Path) -> list[str]:
    folder = root / AUDIENCES
    paths = [path for suffix in ("*.sql", "*.yml") for path in folder.rglob(suffix)]
    return sorted(path.relative_to(root).as_posix() for path in paths if _is_own(_first_line(path)))


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline()


def _is_own(text: str) -> bool:
    first = text.partition("\n")[0]
    return first.startswith((f"{{# {MARKER}", f"# {MARKER}"))


def _write(path: Path, text: str) -> None:
    """Write by renaming, so that a dbt that reads meanwhile sees the old file or the new one whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
