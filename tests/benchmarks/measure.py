"""Measures commands that are started the way a person does, and holds what was measured."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux gives the largest resident set in KiB, macOS in bytes.
_MEBIBYTE = 2**20 if sys.platform == "darwin" else 2**10
_LAST_LINES = 30
_LAUNCHER = Path(__file__).parent / "launch.py"


@dataclass(frozen=True)
class Usage:
    """What one process needed.

    Attributes:
        seconds: by the clock on the wall.
        cpu: seconds of all cores together; steadier than the clock where others use the machine.
        peak: the largest resident memory, in MiB.
    """

    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        case: the benchmark that it is from.
        name: what was measured.
        value: the number.
        unit: of the number; "times" for a ratio.
        at_most: the aim, where there is one.
    """

    case: str
    name: str
    value: float
    unit: str
    at_most: float | None = None


@dataclass(frozen=True)
class Scale:
    """How large the benchmarks are."""

    name: str
    events: int
    users: int
    audiences: int
    aggregates: int
    layouts: tuple[str, ...]
    specs: int
    bare_models: tuple[int, int]
    diffed: int
    delivered: tuple[int, int]
    sent: int
    repeats: int
    parsed_before: bool  # as it is for whoever runs dbt every day


FULL = Scale(
    name="full",
    events=20_000_000,
    users=1_000_000,
    audiences=100,
    aggregates=151,
    layouts=("in time order", "in no order"),
    specs=1_000,
    bare_models=(20, 120),
    diffed=5_000_000,
    delivered=(200_000, 2_000_000),
    sent=1,
    repeats=3,
    parsed_before=True,
)
SMALL = Scale(
    name="small",
    events=20_000,
    users=1_000,
    audiences=6,
    aggregates=9,
    layouts=("in time order",),
    specs=20,
    bare_models=(1, 3),
    diffed=10_000,
    delivered=(200, 1_000),
    sent=1,
    repeats=1,
    parsed_before=False,
)


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    accepted: Container[int] = (0,),
) -> Usage:
    """Run one command to its end.

    Args:
        command: `dbt`, `muster` or `python` and its arguments; those installed beside this Python.
        folder: where it is started.
        environment: variables to set besides.
        accepted: the exit codes that are no failure.

    Returns:
        What it needed; of processes that it starts, the CPU of all and the memory of the largest.

    Raises:
        RuntimeError: it failed; with the last lines of what it said.
    """
    beside_python = str(Path(sys.executable).parent)
    variables = {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PATH": os.pathsep.join([beside_python, os.environ.get("PATH", "")]),
        **(environment or {}),
    }
    with tempfile.TemporaryFile() as said, tempfile.NamedTemporaryFile("r") as needed:
        # Nothing of the environment is loaded into the process that starts the command, so that it is small.
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), needed.name]
        subprocess.run(
            [*launcher, *command],
            cwd=folder,
            env=variables,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=True,
        )
        status, seconds, cpu, peak = map(float, needed.read().split())
        if status not in accepted:
            said.seek(0)
            lines = said.read().decode(errors="replace").splitlines()[-_LAST_LINES:]
            raise RuntimeError("\n".join([f"{' '.join(command)} failed:", *lines]))
    return Usage(seconds, cpu, peak / _MEBIBYTE)


def best(usages: Sequence[Usage]) -> Usage:
    """The least of each, which is what other work on the machine disturbed least."""
    return Usage(
        min(usage.seconds for usage in usages),
        min(usage.cpu for usage in usages),
        min(usage.peak for usage in usages),
    )
