"""What the specs of a project compare with, and how far their sequences reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from dbt_muster.plan.nodes import point_node
from dbt_muster.portability.statements import AS_OF
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import (
    All,
    Attribute,
    Compare,
    Condition,
    Entity,
    Project,
    Property,
    Sequence,
    Value,
    Window,
)

NOW = datetime.fromisoformat(AS_OF)


@dataclass
class Literals:
    """What the specs compare with.

    Attributes:
        by_name: the literals of an attribute or property, by its name.
        moments: the ends of every window, naive, in UTC.
        sequences: those of each entity, by its name.
    """

    by_name: dict[str, set[Any]]
    moments: set[datetime]
    sequences: dict[str, list[Sequence]]


def literals(project: Project) -> Literals:
    """The literals of a project's audiences and traits."""
    found = Literals({}, {NOW}, {})
    renderer = Renderer("duckdb", variables={"muster_as_of": AS_OF})
    for entity in project.entities.values():
        specs = [
            audience.criteria for audience in project.audiences.values() if audience.entity == entity.name
        ]
        for part in [*specs, *project.traits.get(entity.name, {}).values()]:
            for node in parts(part):
                _note(found, node, renderer, entity)
    return found


def parts(value: object) -> Iterator[object]:
    """A value and everything inside it."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from parts(item)


def _note(found: Literals, node: object, renderer: Renderer, entity: Entity) -> None:
    match node:
        case Sequence():
            found.sequences.setdefault(entity.name, []).append(node)
        case Compare(Attribute(name) | Property(name), _, right):
            values = {item.value for item in right if isinstance(item, Value)}
            found.by_name.setdefault(name, set()).update(values)
        case Window(start, end):
            for point in (start, end):
                if point is not None:
                    found.moments.add(renderer.value("muster_instant", point_node(point), entity.timezone))


def fitting(condition: Condition | None) -> dict[str, Any]:
    """Values of properties for which a condition holds, as far as its literals alone tell."""
    match condition:
        case All(items):
            return {name: value for item in items for name, value in fitting(item).items()}
        case Compare(Property(name), "is" | "in" | "at_least" | "at_most", (Value(value), *_), False):
            return {name: value}
    return {}
