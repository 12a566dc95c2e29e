"""The project that installs muster as a package, built by dbt on two days, and what is in its tables then."""

from __future__ import annotations

import csv
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.end_to_end.commands import REPOSITORY, start

OFTEN = "a" * 50
"""The longest name that an audience may have."""
_SPEC = f"""
audience: {OFTEN}
description: Came at least twice in the last 30 days, last for an hour or so.
entity: member
criteria:
  - {{event: visits, within: 30 days, count: {{at_least: 2}}}}
  - {{event: visits, last: {{of: minutes, between: [40, 90]}}}}
"""
DAYS = ("2026-02-25", "2026-04-01")
MEMBERS = [(101,), (102,), (103,), (104,), (105,)]
"""Of `drifting_away`, on the second day."""
CHANGES = [
    ("2026-02-25", OFTEN, "102", "entered"),
    *(("2026-02-25", "drifting_away", str(key), "entered") for key in (101, 103, 104, 105)),
    ("2026-04-01", OFTEN, "102", "exited"),
    ("2026-04-01", "drifting_away", "102", "entered"),
]
SIZES = [
    ("2026-02-25", OFTEN, 1),
    ("2026-02-25", "drifting_away", 4),
    ("2026-04-01", OFTEN, 0),
    ("2026-04-01", "drifting_away", 5),
]

Rows = Callable[[str], list[tuple[Any, ...]]]


def gym(folder: Path, profiles: str) -> Path:
    """Copy the project to a folder, with one audience more.

    Args:
        folder: where it shall be.
        profiles: the text of its `profiles.yml`, with a profile `gym`.
    """
    shutil.copytree(REPOSITORY / "tests/other_project", folder)
    packages = folder / "packages.yml"
    packages.write_text(packages.read_text().replace("../../", str(REPOSITORY)))
    (folder / "profiles.yml").write_text(profiles)
    (folder / f"audience_specs/audiences/{OFTEN}.yml").write_text(_SPEC)
    return folder


def do(folder: Path, *commands: list[str]) -> None:
    """Run commands in the project, each of which must go well."""
    for command in commands:
        finished = start(command, folder)
        assert finished.returncode == 0, f"{shlex.join(command)}\n{finished.stdout}"


def build(day: str) -> list[str]:
    """The command that evaluates on a day."""
    return ["dbt", "build", "--vars", f"muster_as_of: {day}"]


def delivered(folder: Path) -> list[tuple[str, str]]:
    """Every action that was ever delivered, with the address that it was for."""
    files = [file.read_text() for file in (folder / "out").rglob("*.csv")]
    return sorted(
        (row["_action"], row["email"]) for file in files for row in csv.DictReader(file.splitlines())
    )
