"""Parts of specs that SQL can come from: each alone makes a small project, and that its own models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace

from dbt_muster.portability.statements import Statement, model_statements
from dbt_muster.specs.meaning import (
    All,
    AnyOf,
    Audience,
    Condition,
    Entity,
    NoneOf,
    Position,
    Project,
    Trait,
    TraitValue,
)


@dataclass(frozen=True)
class Origin:
    """A part of a spec.

    Attributes:
        name: the audience, the trait or the attribute that it is in.
        position: where.
        entity: whose spec it is.
        condition: the criterion; None for a trait and for an attribute.
        is_attribute: whether it is a declaration of the entity's.
    """

    name: str
    position: Position
    entity: str
    condition: Condition | None = None
    is_attribute: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it is made of other criteria."""
        return isinstance(self.condition, All | AnyOf | NoneOf)


def origins(project: Project) -> Iterator[Origin]:
    """Every trait, and every criterion, the ones inside of groups before the groups."""
    for traits in project.traits.values():
        for trait in traits.values():
            yield Origin(trait.name, trait.position, trait.entity)
    for audience in project.audiences.values():
        if audience.enabled:
            yield from criteria(audience)


def attributes(entity: Entity) -> Iterator[Origin]:
    """The attributes that an entity declares."""
    for name, position in entity.positions.items():
        yield Origin(name, position, entity.name, is_attribute=True)


def criteria(audience: Audience) -> Iterator[Origin]:
    """The criteria of an audience."""
    parts = [part for item in audience.written for part in item.inside]
    found = [Origin(audience.name, position, audience.entity, condition) for condition, position in parts]
    whole = Origin(audience.name, audience.position, audience.entity, audience.criteria)
    yield from sorted(found, key=lambda origin: origin.is_group) or [whole]


def alone(project: Project, origin: Origin) -> Mapping[tuple[str, bool], Statement]:
    """The models that a part of a spec becomes alone, by their name and whether they are a later run's."""
    traits = project.traits.get(origin.entity, {})
    if origin.is_attribute:
        reduced = _of_attribute(project, origin)
    elif origin.condition is None:
        needed = _with_needed({origin.name}, traits)
        reduced = replace(project, traits={origin.entity: needed}, audiences={})
    else:
        written = project.audiences[origin.name]
        audience = replace(written, criteria=origin.condition, limit=None)
        needed = _with_needed(set(_traits_in(origin.condition)), traits)
        reduced = replace(project, traits={origin.entity: needed}, audiences={audience.name: audience})
    small = replace(reduced, groups={}, identities={}, tests={}, destinations={})
    return {(statement.name, statement.incremental): statement for statement in model_statements(small)}


def _of_attribute(project: Project, origin: Origin) -> Project:
    """An entity with one attribute, and an audience of everybody, for which it is built."""
    entity = project.entities[origin.entity]
    column = entity.attributes[origin.name]
    small = replace(entity, attributes={origin.name: column}, identifiers={}, consent={}, through=())
    audiences = {
        name: replace(audience, criteria=All(()), limit=None)
        for name, audience in project.audiences.items()
        if audience.entity == entity.name
    }
    first = dict(list(audiences.items())[:1])
    return replace(project, entities={entity.name: small}, traits={}, audiences=first)


def _with_needed(names: set[str], traits: Mapping[str, Trait]) -> dict[str, Trait]:
    """Some traits, and those that they are made of."""
    found, waiting = dict[str, Trait](), list(names)
    while waiting:
        name = waiting.pop()
        if name in traits and name not in found:
            found[name] = traits[name]
            waiting += _traits_in(traits[name].value)
    return {name: traits[name] for name in traits if name in found}


def _traits_in(value: object) -> Iterator[str]:
    """The traits that a condition or a calculation reads."""
    if isinstance(value, TraitValue):
        yield value.name
    elif isinstance(value, tuple):
        for item in value:
            yield from _traits_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _traits_in(getattr(value, field.name))
