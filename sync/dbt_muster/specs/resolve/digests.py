"""What an audience means, as one hash: another layout has the same one, another meaning another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from dbt_muster.specs.canonical import Canonical, canonical, digest
from dbt_muster.specs.meaning import (
    Aggregate,
    Attribute,
    Audience,
    Entity,
    MemberOf,
    Property,
    Related,
    Step,
    StepProperty,
    Through,
    Trait,
    TraitValue,
)


class Digester:
    """Hashes the audiences of a project; each must come after those that it refers to."""

    def __init__(self, entities: dict[str, Entity], traits: dict[str, dict[str, Trait]]) -> None:
        self._entities = entities
        self._traits = {
            entity: {name: _Calculated(trait) for name, trait in of_entity.items()}
            for entity, of_entity in traits.items()
        }
        self._populations = {
            name: [
                *(name, canonical(entity.relation), canonical(entity.key), entity.timezone),
                *([canonical(entity.aliases)] if entity.aliases else []),
            ]
            for name, entity in entities.items()
        }
        self._sources = {
            (name, source.name): [
                canonical(part)
                for part in (source.relation, source.key, source.at, source.id, source.event_name)
            ]
            for name, entity in entities.items()
            for source in entity.events.values()
        }
        self._digests: dict[str, str] = {}

    def add(self, audience: Audience) -> str:
        """The digest of an audience: its population, criteria and limit, what they refer to, its split."""
        uses = Uses()
        uses.walk(audience.criteria)
        uses.walk(audience.limit)
        own = {name: getattr(audience, name) for name in ("split", "limit", "stay", "expire")}
        meaning: Canonical = {key: canonical(value) for key, value in own.items() if value} | {
            "criteria": canonical(audience.criteria),
            **self._referred(self._entities[audience.entity], uses),
        }
        self._digests[audience.name] = digest(meaning)
        return self._digests[audience.name]

    def _referred(self, entity: Entity, uses: Uses) -> dict[str, Canonical]:
        """What conditions about an entity refer to, and those about others within them."""
        traits = self._traits[entity.name]
        uses.follow({name: calculated.trait for name, calculated in traits.items()})
        others: list[Canonical] = [
            {
                "ways": [canonical(entity.way_to(name)), canonical(self._entities[name].way_to(entity.name))],
                **self._referred(self._entities[name], within),
            }
            for name, within in uses.others
        ]
        return {
            "population": self._populations[entity.name],
            "attributes": {name: canonical(entity.attributes[name]) for name in uses.attributes},
            "sources": {name: self._sources[entity.name, name] for name in uses.properties},
            "properties": {
                source: {name: canonical(entity.events[source].properties[name]) for name in names}
                for source, names in uses.properties.items()
            },
            "traits": {name: traits[name].written for name in uses.traits},
            "audiences": {name: self._digests[name] for name in uses.audiences},
            **({"others": others} if others else {}),
        }


class _Calculated:
    """A trait, and what it calculates in canonical form."""

    def __init__(self, trait: Trait) -> None:
        self.trait = trait
        self.written: Canonical = canonical(trait.value)


class Uses:
    """What conditions refer to, by name."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self.properties: dict[str, set[str]] = {}  # by event source; every source in use has an entry
        self.traits: set[str] = set()
        self.audiences: set[str] = set()
        self.others: list[tuple[str, Uses]] = []  # what conditions about other entities refer to

    def by_entity(self, entity: str) -> Iterator[tuple[str, Uses]]:
        """What is referred to of each entity: of the one that the conditions are about, and of others."""
        yield entity, self
        for other, uses in self.others:
            yield from uses.by_entity(other)

    def follow(self, traits: Mapping[str, Trait]) -> None:
        """Notes what the traits in use refer to, and the traits that they are made of."""
        followed: set[str] = set()
        while waiting := self.traits - followed:
            followed |= waiting
            for name in waiting:
                self.walk(traits[name].value)

    def walk(self, value: object, source: str = "") -> None:
        """Notes what a part of a condition, about the events of `source`, refers to."""
        match value:
            case Attribute():
                self.attributes.add(value.name)
            case Property():
                self.properties[source].add(value.name)
            case TraitValue():
                self.traits.add(value.name)
            case MemberOf():
                self.audiences.add(value.audience)
            case StepProperty():
                self.properties.setdefault(value.source, set()).add(value.name)
            case Step():
                self.properties.setdefault(value.source, set())
                self.walk(value.where, value.source)
            case Aggregate():
                self.properties.setdefault(value.source, set())
                self.walk(value.of, value.source)
                self.walk(value.where, value.source)
            case Through() | Related():
                within = Uses()
                within.walk(value.where)
                self.others.append((value.entity, within))
            case tuple():
                for item in value:
                    self.walk(item, source)
            case _:
                for part in _PARTS.get(type(value)) or _parts(value):
                    self.walk(getattr(value, part), source)


_PARTS: dict[type, tuple[str, ...]] = {}
"""The fields of each class that can refer to something."""

_ENDS = ("operator", "negated", "ignore_case", "window", "value", "type")


def _parts(value: object) -> tuple[str, ...]:
    if is_dataclass(value):
        _PARTS[type(value)] = tuple(field.name for field in fields(value) if field.name not in _ENDS)
    return _PARTS.get(type(value), ())
