"""`muster compile` of many specs, beside what merely loading the same files as YAML takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.benchmarks.build import with_muster
from tests.benchmarks.measure import Figure, Scale, best, run
from tests.benchmarks.mixed import mixed
from tests.benchmarks.project import Project
from tests.benchmarks.workload import audiences

_AIM = 3.0
_LOAD = """
import pathlib, yaml
for path in pathlib.Path("audience_specs").rglob("*.yml"):
    list(yaml.load_all(path.read_text(), yaml.CSafeLoader))
"""


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Compile specs of events alone, and specs of everything that the language has."""
    wanted = audiences(replace(scale, audiences=scale.specs))
    events = with_muster(folder / "events", folder / "nothing.duckdb", wanted)
    everything = mixed(folder / "everything", scale.specs)
    return [
        *_measured(f"{scale.specs:,} specs", events, scale.repeats),
        *_measured(f"{scale.specs:,} specs of every kind", everything, scale.repeats),
    ]


def _measured(title: str, project: Project, repeats: int) -> list[Figure]:
    """Compile from nothing, compile again when nothing changed, and load the YAML alone."""
    first, again, loaded = [], [], []
    for _ in range(repeats):
        for stub in (project.folder / "models" / "audiences").rglob("*.*"):
            stub.unlink()
        first.append(project.muster("compile"))
        again.append(project.muster("compile"))
        loaded.append(run(["python", "-c", _LOAD], project.folder))
    times = best(first).seconds / best(loaded).seconds
    return [
        Figure("compile", title, best(first).seconds, "s", _AIM),
        Figure("compile", f"{title}, CPU", best(first).cpu, "s"),
        Figure("compile", f"{title}, nothing changed", best(again).seconds, "s"),
        Figure("compile", f"{title}, loaded as YAML alone", best(loaded).seconds, "s"),
        Figure("compile", f"{title}: compile / loaded as YAML alone", times, "times"),
    ]
