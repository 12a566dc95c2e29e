"""`muster compile` of many specs, beside what merely loading the same files as YAML takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.benchmarks.build import with_muster
from tests.benchmarks.measure import Figure, Scale, best, run
from tests.benchmarks.workload import audiences

_AIM = 3.0
_LOAD = """
import pathlib, yaml
for path in pathlib.Path("audience_specs").rglob("*.yml"):
    list(yaml.load_all(path.read_text(), yaml.CSafeLoader))
"""


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Compile from nothing, compile again when nothing changed, and load the YAML alone."""
    wanted = audiences(replace(scale, audiences=scale.specs))
    project = with_muster(folder, folder / "nothing.duckdb", wanted)
    first, again, loaded = [], [], []
    for _ in range(scale.repeats):
        for stub in (folder / "models" / "audiences").rglob("*.*"):
            stub.unlink()
        first.append(project.muster("compile"))
        again.append(project.muster("compile"))
        loaded.append(run(["python", "-c", _LOAD], project.folder))
    title = f"{scale.specs:,} specs"
    return [
        Figure("compile", title, best(first).seconds, "s", _AIM),
        Figure("compile", f"{title}, CPU", best(first).cpu, "s"),
        Figure("compile", f"{title}, nothing changed", best(again).seconds, "s"),
        Figure("compile", f"{title}, loaded as YAML alone", best(loaded).seconds, "s"),
        Figure(
            "compile", "compile / loaded as YAML alone", best(first).seconds / best(loaded).seconds, "times"
        ),
    ]
