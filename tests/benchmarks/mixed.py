"""A project of every kind of spec that the language has, drawn from the patterns in `mixed.yml`."""

from __future__ import annotations

import random
from pathlib import Path
from string import Template
from typing import Any

import yaml

from tests.benchmarks.project import Project

_PATTERNS = Template(Path(__file__).with_suffix(".yml").read_text())
_TRAITS = 0.15  # of all specs
_ENDINGS = 0.25  # of the audiences


def mixed(folder: Path, specs: int) -> Project:
    """The project with so many traits and audiences, each with a file of its own, compiled.

    Args:
        folder: where it is written.
        specs: how many traits and audiences, together.
    """
    project = Project(folder)
    patterns = _drawn(random.Random(0), 1, 1)  # noqa: S311
    kinds = list(patterns["traits"])
    of_each = max(1, round(specs * _TRAITS / len(kinds)))
    project.write_yaml("audience_specs/entities.yml", patterns["entity"])
    project.write_yaml("audience_specs/destinations.yml", patterns["destination"])
    for kind in kinds:
        for number in range(of_each):
            chance = random.Random(f"{kind} {number}")  # noqa: S311 - the same draw every time
            spec = {"entity": "customer", **_drawn(chance, of_each, 1)["traits"][kind]}
            project.write_yaml(
                f"audience_specs/traits/{kind}_{number}.yml", {"trait": f"{kind}_{number}", **spec}
            )
    for number in range(specs - of_each * len(kinds)):
        chance = random.Random(number)  # noqa: S311
        drawn = _drawn(chance, of_each, number)
        ending = chance.choice(drawn["endings"]) if chance.random() < _ENDINGS else {}
        project.write_audience(f"audience_{number}", {"all": _criteria(chance, drawn, number)}, **ending)
    project.compile()
    return project


def _criteria(chance: random.Random, drawn: dict[str, Any], number: int) -> list[Any]:
    """Two to four conditions; all patterns have their turn."""
    if not number:
        return [{"attribute": "subscribed", "is": True}]  # there is no earlier audience to name
    patterns = drawn["conditions"]
    return [patterns[number % len(patterns)], *chance.sample(patterns, chance.choice((1, 2, 3)))]


def _drawn(chance: random.Random, traits: int, audiences: int) -> Any:
    """The patterns with values drawn; of so many traits of a kind and so many earlier audiences."""
    values = {
        "days": chance.choice((3, 7, 14, 28, 30, 45, 60, 90, 120, 180, 365, 730)),
        "months": chance.randint(1, 24),
        "number": chance.randint(2, 12),
        "date": f"20{chance.randint(20, 25)}-0{chance.randint(1, 9)}-{chance.randint(10, 28)}",
        "latitude": chance.randint(3500, 6000) / 100,
        "country": chance.choice(("GB", "IE", "FR", "DE", "ES", "IT", "NL", "SE")),
        "category": chance.choice(("books", "games", "garden", "kitchen", "music", "sports", "toys")),
        "trait": chance.randrange(traits),
        "earlier": chance.randrange(max(1, audiences)),
    }
    return yaml.load(_PATTERNS.substitute(values), yaml.CSafeLoader)
