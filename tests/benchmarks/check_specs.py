"""`muster check` of many specs in every dialect, cold, and again when nothing changed."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.measure import Figure, Scale, Usage, run
from tests.benchmarks.mixed import mixed

_COLD = 90.0
_AGAIN = 3.0
_FEW = 100
"""Of fewer specs than this, what is measured is not worth the time that all dialects take."""
_JUDGED = (0, 1)  # 1 where one of the specs, which are drawn at random, fails somewhere


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Judge a project of everything that the language has, which nothing is known of, and judge it again."""
    project = mixed(folder / "everything", scale.specs)
    dialects = "all" if scale.specs > _FEW else "duckdb,trino"
    cold = _checked(project.folder, dialects)
    again = [_checked(project.folder, dialects) for _ in range(scale.repeats)]
    title = f"{scale.specs:,} specs of every kind, dialects: {dialects}"
    seconds = min(usage.seconds for usage in again)
    return [
        Figure("check", title, cold.seconds, "s", _COLD),
        Figure("check", f"{title}, CPU", cold.cpu, "s"),
        Figure("check", f"{title}, nothing changed", seconds, "s", _AGAIN),
        Figure("check", f"{title}: nothing changed / cold", seconds / cold.seconds, "times"),
    ]


def _checked(folder: Path, dialects: str) -> Usage:
    command = ["muster", "check", "--dialects", dialects, "--output", "json"]
    return run(command, folder, accepted=_JUDGED)
