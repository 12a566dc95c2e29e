"""`muster sync` as processes of their own, for tests of two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.end_to_end.commands import REPOSITORY

COMMAND = [sys.executable, "-c", "from dbt_muster.cli.main import main; main()", "sync"]


def start_sync(folder: Path, crm_url: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a sync of a shop to its CRM in the background.

    Args:
        folder: the project.
        crm_url: where the CRM listens.
        arguments: more options of `muster sync`.
    """
    environment = {**os.environ, "CRM_URL": crm_url, "PYTHONPATH": str(REPOSITORY / "sync")}
    return subprocess.Popen(
        [*COMMAND, "--select", "fans:crm", "--output", "json", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any], str]:
    """Wait for a sync; gives its exit code, the one pair of its report (or nothing), and its errors."""
    with process:
        printed, errors = process.communicate(timeout=120)
    pairs = json.loads(printed)["pairs"] if printed else [{}]
    return process.returncode, pairs[0], errors
