"""Starts dbt and muster the way a person does: as commands, in a project's folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from click.testing import Result

REPOSITORY = Path(__file__).resolve().parents[2]

Run = Callable[..., Result]
"""Runs one command of muster's: its name, and its arguments."""


def start(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end.

    Args:
        command: `dbt` or `muster`, and its arguments; both are those installed beside this Python.
        folder: the dbt project.
        environment: variables to set besides.

    Returns:
        The finished process; standard error is part of `stdout`, where a person would see it.
    """
    beside_python = str(Path(sys.executable).parent)
    inherited = {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PATH": os.pathsep.join([beside_python, os.environ.get("PATH", "")]),
    }
    return subprocess.run(
        command,
        cwd=folder,
        env={**inherited, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
