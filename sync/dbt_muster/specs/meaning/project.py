"""Everything that the spec files of a project say."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dbt_muster.specs.meaning.cases import Case
from dbt_muster.specs.meaning.declarations import Audience, Destination, Entity, Trait
from dbt_muster.specs.meaning.groups import Group, Rules, rules_of
from dbt_muster.specs.meaning.identities import Identity


@dataclass(frozen=True)
class Project:
    """Everything under audience_specs/, resolved; dictionaries are in name order."""

    root: Path
    entities: dict[str, Entity] = field(default_factory=dict)
    traits: dict[str, dict[str, Trait]] = field(default_factory=dict)  # entity, then trait
    audiences: dict[str, Audience] = field(default_factory=dict)
    destinations: dict[str, Destination] = field(default_factory=dict)
    tests: dict[str, Case] = field(default_factory=dict)  # by the test's own name
    identities: dict[str, Identity] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def rules(self, entity: str) -> Rules:
        """What the groups of an entity say of its audiences."""
        return rules_of(self.groups.values(), entity)
