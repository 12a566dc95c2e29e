"""Runs the benchmarks: a table for people, and JSON for everything else."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import FULL, SMALL, Figure, Scale
from tests.benchmarks.project import REPOSITORY

# Each case is the `measure` of the module of that name; the first ones are the quickest.
CASES = {
    "compile": "compile_specs",
    "check": "check_specs",
    "overhead": "overhead",
    "diff": "diff",
    "deliver": "deliver",
    "send": "send",
    "build": "build",
}
_SCALES = {scale.name: scale for scale in (FULL, SMALL)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=CASES, help="one case; may be repeated")
    parser.add_argument("--scale", choices=_SCALES, default="full", help="small shows that it runs")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "target" / "benchmarks.json")
    chosen = parser.parse_args(arguments)
    scale = _SCALES[chosen.scale]
    console = Console()
    figures: list[Figure] = []
    for case in chosen.only or CASES:
        console.print(f"measuring: {case}", style="dim")
        figures += measure(case, scale)
        _write(chosen.output, scale, figures)
    console.print(_table(figures))
    console.print(f"written to {chosen.output}", style="dim")
    return 1 if scale is FULL and any(_missed(figure) for figure in figures) else 0


def measure(case: str, scale: Scale) -> list[Figure]:
    """Measure one case in a folder of its own, which is gone afterwards."""
    module = importlib.import_module(f"tests.benchmarks.{CASES[case]}")
    with tempfile.TemporaryDirectory(prefix="muster-benchmark-") as folder:
        found: list[Figure] = module.measure(scale, Path(folder))
    return found


def _missed(figure: Figure) -> bool:
    return figure.at_most is not None and figure.value > figure.at_most


def _write(path: Path, scale: Scale, figures: list[Figure]) -> None:
    report = {
        "scale": scale.name,
        "machine": {"cores": os.cpu_count(), "system": platform.system()},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")},
        },
        "figures": [asdict(figure) for figure in figures],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


def _table(figures: list[Figure]) -> Table:
    table = Table("case", "figure", title="Benchmarks")
    for heading in ("value", "unit", "aim"):
        table.add_column(heading, justify="left" if heading == "unit" else "right")
    for figure in figures:
        style = "red" if _missed(figure) else None
        aim = "" if figure.at_most is None else f"≤ {figure.at_most:g}"
        table.add_row(figure.case, figure.name, _number(figure.value), figure.unit, aim, style=style)
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
