"""A project of every kind of spec that the language has, each drawn from the patterns in `mixed.yml`."""

from __future__ import annotations

import random
from pathlib import Path
from string import Template
from typing import Any

import yaml

from tests.benchmarks.project import Project

_PATTERNS = Template(Path(__file__).with_suffix(".yml").read_text())
_TRAITS = 0.15  # of all specs
_OF = {"entity": "customer"}
_EXTENDING = 0.05  # of the audiences
_ENDINGS = 0.25  # of the others


def mixed(folder: Path, specs: int) -> Project:
    """The project with so many traits and audiences, each with a file of its own, compiled.

    Args:
        folder: where it is written.
        specs: how many traits and audiences, together.
    """
    project = Project(folder)
    patterns = _drawn("patterns", 1, 1)
    project.write_yaml("audience_specs/entities.yml", patterns["entity"])
    project.write_yaml("audience_specs/destinations.yml", patterns["destination"])
    project.write_yaml("audience_specs/audiences/template.yml", patterns["template"])
    for name, group in patterns["groups"].items():
        project.write_yaml(f"audience_specs/groups/{name}.yml", {"group": name, **group})
    kinds = list(patterns["traits"])
    of_each = max(1, round(specs * _TRAITS / len(kinds)))
    for kind in kinds:
        for name in (f"{kind}_{number}" for number in range(of_each)):
            trait = _drawn(name, of_each, 1)["traits"][kind]
            project.write_yaml(f"audience_specs/traits/{name}.yml", {"trait": name, **_OF, **trait})
    for number in range(specs - of_each * len(kinds)):
        audience = _audience(number, _drawn(f"audience {number}", of_each, number))
        project.write_yaml(f"audience_specs/audiences/{audience['audience']}.yml", audience)
    project.compile()
    return project


def _audience(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    """Two to four conditions, and perhaps more; all patterns have their turn as the first one."""
    name = f"audience_{number}"
    conditions = drawn["conditions"]
    chance = _chance(name)
    if not number:  # there is no earlier audience to name
        return {"audience": name, **_OF, "criteria": [{"attribute": "subscribed", "is": True}]}
    if chance.random() < _EXTENDING:
        parameters = {"country": chance.choice(("FR", "DE")), "days": number}
        return {"audience": name, "extends": "template", "parameters": parameters}
    criteria = [conditions[number % len(conditions)], *chance.sample(conditions, chance.choice((1, 2, 3)))]
    ending = chance.choice(drawn["endings"]) if chance.random() < _ENDINGS else {}
    return {"audience": name, "description": f"{name}.", **_OF, "criteria": {"all": criteria}, **ending}


def _drawn(name: str, traits: int, audiences: int) -> Any:
    """The patterns with values drawn; of so many traits of a kind and so many earlier audiences."""
    chance = _chance(name)
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


def _chance(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 - the same draw every time
