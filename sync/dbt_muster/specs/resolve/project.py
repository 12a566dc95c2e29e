"""The whole project: every document, in the order in which documents can refer to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from dbt_muster.specs.files import Kind, Reading
from dbt_muster.specs.meaning import Audience, Case, Destination, Group, Identity, Project
from dbt_muster.specs.models.alert import AlertsSpec
from dbt_muster.specs.models.audience import AudienceSpec
from dbt_muster.specs.models.destination import DestinationSpec
from dbt_muster.specs.models.entity import EntitySpec
from dbt_muster.specs.models.group import GroupSpec
from dbt_muster.specs.models.identity import IdentitySpec
from dbt_muster.specs.models.test import TestSpec
from dbt_muster.specs.models.trait import TraitSpec
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.resolve.alerts import resolve_alerts
from dbt_muster.specs.resolve.audiences import resolve_audience
from dbt_muster.specs.resolve.cases import resolve_case
from dbt_muster.specs.resolve.criteria import References
from dbt_muster.specs.resolve.cycles import cycles, in_order
from dbt_muster.specs.resolve.declared import Declared
from dbt_muster.specs.resolve.destinations import resolve_destination
from dbt_muster.specs.resolve.digests import Digester
from dbt_muster.specs.resolve.entities import finish_entity, resolve_entity
from dbt_muster.specs.resolve.groups_of_audiences import resolve_group
from dbt_muster.specs.resolve.identities import resolve_identity
from dbt_muster.specs.resolve.order_of_traits import traits_in_order
from dbt_muster.specs.resolve.scope import AudienceName, Catalog, Site
from dbt_muster.specs.resolve.through import check_ways
from dbt_muster.specs.resolve.traits import resolve_trait

Shape = TypeVar("Shape", bound=BaseModel)


def resolve_project(root: Path, reading: Reading) -> tuple[Project, list[Problem]]:
    """The project that the files describe, and every problem.

    With any problem the project is not whole, and no use may be made of it.
    """
    resolver = _Resolver(Declared(reading))
    resolver.resolve()
    problems = resolver.declared.problems
    return (Project(root) if problems else resolver.project(root)), problems


class _Resolver:
    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.catalog = Catalog(declared.broken, open_kinds=set(declared.open_kinds))
        self.destinations: dict[str, Destination] = {}
        self.audiences: dict[str, Audience] = {}
        self.references: dict[str, References] = {}
        self.sites: dict[str, Site] = {}
        self.cases: dict[str, Case] = {}
        self.identities: dict[str, Identity] = {}
        self.groups: dict[str, Group] = {}

    def resolve(self) -> None:
        """Resolves every document; what is wrong is added to the problems."""
        self._names()
        for site, entity_spec in self._each("entity", EntitySpec):
            check_ways(site, self.catalog, entity_spec)
        for site, trait_spec in traits_in_order(self.catalog, self._each("trait", TraitSpec)):
            trait = resolve_trait(site, self.catalog, trait_spec)
            if trait is None:
                self.catalog.broken["trait"].add(trait_spec.trait)
            elif site.is_named("trait"):
                self.catalog.entities[trait.entity].traits[trait.name] = trait
        for site, spec in self._each("audience", AudienceSpec):
            references = self.references.setdefault(spec.audience, {})
            self.sites[spec.audience] = site
            self.audiences[spec.audience] = resolve_audience(site, self.catalog, spec, references)
        self._report_cycles()
        for site, group in self._each("group", GroupSpec):
            found = resolve_group(site, self.catalog, group, self.groups)
            if site.is_named("group"):
                self.groups[found.name] = found
        for site, test in self._each("test", TestSpec):
            case = resolve_case(site, self.catalog, test)
            if case is not None:
                self.cases[case.name] = case

    def _names(self) -> None:
        """Entities and destinations, and the names of audiences: what everything else refers to."""
        for site, spec in self._each("entity", EntitySpec):
            entity = resolve_entity(site, spec)
            if site.is_named("entity"):
                self.catalog.entities[spec.entity] = entity
        alerts = [
            each
            for site, said in self._each("alerts", AlertsSpec)
            for each in resolve_alerts(site, said.alerts)
        ]
        for site, target in self._each("destination", DestinationSpec):
            self.destinations[target.destination] = resolve_destination(site, target, alerts)
            if site.is_named("destination"):
                self.catalog.destinations[target.destination] = target.consent
        for site, identity in self._each("identity", IdentitySpec):
            self.identities[identity.identity] = resolve_identity(site, identity)
        for site, audience in self._each("audience", AudienceSpec):
            name = AudienceName(audience.entity, audience.enabled is not False)
            if site.is_named("audience"):
                self.catalog.audiences[audience.audience] = name

    def _each(self, kind: Kind, model: type[Shape]) -> Iterator[tuple[Site, Shape]]:
        for site, checked in self.declared.of_kind[kind]:
            if isinstance(checked.model, model):
                yield site, checked.model

    def _report_cycles(self) -> None:
        for circle in cycles(self.references):
            first, second = circle[0], circle[1 % len(circle)]
            members = " → ".join([*circle, first])
            self.sites[first].report(
                self.references[first][second],
                "cycle",
                f"these audiences are made of each other in a circle: {members}",
                expected="no way back to the same audience",
            )

    def project(self, root: Path) -> Project:
        """The project; only where there is no problem."""
        scopes = sorted(self.catalog.entities.items())
        entities = {name: finish_entity(scope) for name, scope in scopes}
        traits = {name: dict(sorted(scope.traits.items())) for name, scope in scopes}
        digester = Digester(entities, traits)
        for name in in_order(self.references):
            self.audiences[name] = replace(self.audiences[name], digest=digester.add(self.audiences[name]))
        return Project(
            root=root,
            entities=entities,
            traits=traits,
            audiences=dict(sorted(self.audiences.items())),
            destinations=dict(sorted(self.destinations.items())),
            tests=dict(sorted(self.cases.items())),
            identities=dict(sorted(self.identities.items())),
            groups=dict(sorted(self.groups.items())),
        )
