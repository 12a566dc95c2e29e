"""What an audience means, as one hash: the same spec in another layout has the same, another meaning another."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from dbt_muster.specs.canonical import canonical, digest
from dbt_muster.specs.meaning import (
    Aggregate,
    Attribute,
    Audience,
    Entity,
    MemberOf,
    Property,
    Trait,
    TraitValue,
)


class Digester:
    """Hashes audiences of a project; audiences must come after those that they refer to."""

    def __init__(self, entities: dict[str, Entity], traits: dict[str, dict[str, Trait]]) -> None:
        self.entities = entities
        self.traits = traits
        self.digests: dict[str, str] = {}

    def add(self, audience: Audience) -> str:
        """The digest of an audience: its population, its criteria, and what the criteria refer to."""
        entity = self.entities[audience.entity]
        uses = _Uses(entity, self.traits.get(entity.name, {}))
        uses.walk(audience.criteria)
        meaning = {
            "population": [entity.name, canonical(entity.relation), canonical(entity.key), entity.timezone],
            "criteria": canonical(audience.criteria),
            "attributes": {name: canonical(entity.attributes[name]) for name in uses.attributes},
            "sources": uses.sources(),
            "traits": {name: canonical(uses.traits[name].aggregate) for name in uses.traits},
            "audiences": {name: self.digests[name] for name in uses.audiences},
        }
        self.digests[audience.name] = digest(meaning)
        return self.digests[audience.name]


class _Uses:
    """What a condition refers to."""

    def __init__(self, entity: Entity, traits: dict[str, Trait]) -> None:
        self.entity = entity
        self.known_traits = traits
        self.attributes: set[str] = set()
        self.properties: dict[str, set[str]] = {}
        self.traits: dict[str, Trait] = {}
        self.audiences: set[str] = set()

    def walk(self, value: Any, source: str = "") -> None:
        """Notes what a part of a condition, about the events of `source`, refers to."""
        match value:
            case Attribute():
                self.attributes.add(value.name)
            case Property():
                self.properties[source].add(value.name)
            case MemberOf():
                self.audiences.add(value.audience)
            case TraitValue():
                if value.name not in self.traits:
                    self.traits[value.name] = self.known_traits[value.name]
                    self.walk(self.traits[value.name].aggregate)
            case Aggregate():
                self.properties.setdefault(value.source, set())
                self.walk(value.of, value.source)
                self.walk(value.where, value.source)
            case tuple():
                for item in value:
                    self.walk(item, source)
            case _ if is_dataclass(value):
                for part in fields(value):
                    self.walk(getattr(value, part.name), source)

    def sources(self) -> dict[str, Any]:
        """The event sources in use, each with the properties in use."""
        found = {}
        for name, properties in self.properties.items():
            source = self.entity.events[name]
            found[name] = [
                canonical(part)
                for part in (source.relation, source.key, source.at, source.id, source.event_name)
            ]
            found[name] += [[name, canonical(source.properties[name])] for name in sorted(properties)]
        return found
