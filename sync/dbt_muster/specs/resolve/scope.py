"""What there is to refer to: entities with their attributes, events and traits, and the other named things.

A scope is *open* where a part of it has been reported as wrong: what it lacks is then not called unknown,
since nobody can tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dbt_muster.specs.files import Kind
from dbt_muster.specs.meaning import Aliases, Column, Identifier, Point, Position, Relation, Trait, Way
from dbt_muster.specs.patch import Patches
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.yaml_tree import Document, YamlPath


@dataclass
class Site:
    """One document that is being resolved, and where its problems go."""

    document: Document
    patches: Patches
    problems: list[Problem]

    def is_named(self, kind: Kind) -> bool:
        """Whether the document's own name is right; otherwise it has been reported, and nothing has it."""
        return (kind,) not in self.patches.values

    def report(
        self,
        path: YamlPath,
        code: str,
        message: str,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
        key: bool = False,
    ) -> None:
        """Adds a problem at a place of the document; `suggestion` is a bare name or words."""
        self.problems.append(
            self.document.problem(
                path,
                code,
                message,
                expected=expected,
                suggestion=f"`{suggestion}`" if suggestion else None,
                key=key,
            )
        )


@dataclass
class SourceScope:
    """An event source while its entity's specs are resolved."""

    name: str
    relation: Relation
    key: Column
    at: Column
    id: Column | None
    event_name: Column | None
    properties: dict[str, Column]
    declared: bool
    open: bool
    loaded_at: Column | None = None
    history: Point | None = None
    used: set[str] = field(default_factory=set)


@dataclass
class EntityScope:
    """An entity while specs about it are resolved."""

    name: str
    relation: Relation
    key: Column
    timezone: str
    attributes: dict[str, Column]
    attributes_declared: bool
    identifiers: dict[str, Identifier]
    consent: dict[str, Column]
    sources: dict[str, SourceScope]
    position: Position
    aliases: Aliases | None
    through: tuple[Way, ...]
    open_parts: frozenset[str]  # of attributes, identifiers, consent, events
    mistaken: bool = False  # whether something is wrong with the ways that it names others
    used: set[str] = field(default_factory=set)  # attributes that conditions name
    traits: dict[str, Trait] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)  # of the attributes that are declared


@dataclass(frozen=True)
class AudienceName:
    """What other audiences can know of an audience before it is resolved."""

    entity: str
    enabled: bool


@dataclass
class Catalog:
    """Every name of the project by its kind, and the names whose own files are broken."""

    broken: dict[Kind, set[str]]
    entities: dict[str, EntityScope] = field(default_factory=dict)
    audiences: dict[str, AudienceName] = field(default_factory=dict)
    destinations: dict[str, str | None] = field(default_factory=dict)  # the purpose that each needs
    open_kinds: set[Kind] = field(default_factory=set)  # kinds of which any name may be in a broken file

    def excused(self, kind: Kind, name: str) -> bool:
        """Whether a name that is not known may be declared in a file that could not be read."""
        return kind in self.open_kinds or name in self.broken[kind]
