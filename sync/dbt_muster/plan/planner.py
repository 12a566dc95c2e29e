"""Every file that a project's specs become."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from dbt_muster.plan.aliases import aliases_stub
from dbt_muster.plan.audiences import audience_stubs
from dbt_muster.plan.existence import asked_of_times
from dbt_muster.plan.features import FeatureTable, Place, Use, feature_tables, uses_in
from dbt_muster.plan.identifiers import identifiers_stub, several
from dbt_muster.plan.identities import identity_stubs
from dbt_muster.plan.links import is_named, link_entries, linked, sync_where_entries, sync_wheres
from dbt_muster.plan.members import audiences_stub, group_stubs, memberships_stub
from dbt_muster.plan.operands import EntityOperands
from dbt_muster.plan.order import in_dependency_order
from dbt_muster.plan.properties import audience_properties, exposures, shared_properties
from dbt_muster.plan.sequence_stub import sequence_stub
from dbt_muster.plan.sequences import SequenceTable, sequence_tables
from dbt_muster.plan.sources import event_sources_stub
from dbt_muster.plan.stub import Stub
from dbt_muster.plan.stubs import (
    entity_stub,
    feature_stub,
    repeated_events_stub,
    traits_model,
    traits_stub,
)
from dbt_muster.plan.through import link_stub, where_stub
from dbt_muster.specs.meaning import (
    All,
    AnyOf,
    Audience,
    Compare,
    Condition,
    During,
    Entity,
    NoneOf,
    Project,
    Property,
    Rules,
    Trait,
    Type,
    aggregates_of,
)


@dataclass(frozen=True)
class Plan:
    """What `muster compile` writes.

    Attributes:
        stubs: the models, each after the ones that it reads.
        described: writes the property files.
    """

    stubs: tuple[Stub, ...]
    described: Callable[[], Iterable[Stub]] = field(compare=False)

    @cached_property
    def properties(self) -> tuple[Stub, ...]:
        """The property files beside them; whoever only runs the models never asks."""
        return tuple(self.described())

    @property
    def files(self) -> tuple[Stub, ...]:
        """Everything there is to write."""
        return self.stubs + self.properties


def plan(project: Project) -> Plan:
    """The files of a project, the same for the same specs whatever their layout or order."""
    audiences = [
        replace(audience, criteria=asked_criteria(audience, project.entities[audience.entity]))
        for audience in project.audiences.values()
        if audience.enabled
    ]
    asked_by_syncs = sync_wheres(audiences)
    links, wheres = linked([*audiences, *asked_by_syncs])
    known = {where.name for where in wheres}
    wheres += [where for where in asked_by_syncs if where.name not in known]
    wheres = [
        replace(where, criteria=asked_criteria(where, project.entities[where.entity])) for where in wheres
    ]
    stubs: list[Stub] = []
    tables: list[FeatureTable] = []
    sequences: list[SequenceTable] = []
    for entity in project.entities.values():
        members = [audience for audience in [*audiences, *wheres] if audience.entity == entity.name]
        traits = project.traits.get(entity.name, {})
        if members or traits:
            found = _features(entity, members, traits)
            tables += found
            asked = sequence_tables(entity.name, [audience.criteria for audience in members])
            sequences += asked
            own = _entity_stubs(entity, members, traits, found, asked, project.rules(entity.name))
            stubs += [replace(stub, entity=entity.name) for stub in (*own, *group_stubs(project, entity))]
    stubs += [replace(link_stub(link, project.entities), entity=link.owner) for link in links]
    for identity in project.identities.values():
        stubs += identity_stubs(identity)
    used = [(table.entity, table.place.source) for table in tables]
    used += [(table.entity, source) for table in sequences for source in table.sources]
    stubs.append(event_sources_stub(project.entities, used))
    stubs += [memberships_stub(audiences, project), audiences_stub(audiences)]

    def described() -> Iterator[Stub]:
        for audience in audiences:
            entity = project.entities[audience.entity]
            yield audience_properties(audience, entity, project.rules(audience.entity))
        entries = [*link_entries(links), *sync_where_entries(asked_by_syncs, links)]
        names = [stub.model for stub in stubs if stub.model]
        yield shared_properties(project, tables, sequences, entries, names)
        yield from exposures(project, audiences)

    return Plan(in_dependency_order(stubs), described)


def asked_criteria(audience: Audience, entity: Entity) -> Condition:
    """An audience's criteria as its model has them: some counts become questions about times."""

    def time_type(source: str) -> Type:
        return Type.DATE if entity.events[source].at.type is Type.DATE else Type.TIMESTAMP

    return asked_of_times(audience.criteria, time_type)


def _features(
    entity: Entity, audiences: list[Audience], traits: dict[str, Trait]
) -> tuple[FeatureTable, ...]:
    uses = [Use(aggregate) for trait in traits.values() for aggregate in aggregates_of(trait.value)]
    for audience in audiences:
        uses += uses_in(audience.criteria)
    return feature_tables(entity.name, uses)


def _entity_stubs(
    entity: Entity,
    audiences: list[Audience],
    traits: dict[str, Trait],
    tables: tuple[FeatureTable, ...],
    sequences: tuple[SequenceTable, ...],
    rules: Rules,
) -> Iterator[Stub]:
    places = {table.place: table for table in tables}
    yield entity_stub(entity)
    if several(entity):
        yield identifiers_stub(entity)
    if entity.aliases:
        yield aliases_stub(entity)
    for source in entity.events.values():
        kinds = [table for table in tables if table.place.source == source.name]
        of_steps = [table for table in sequences if source.name in table.sources]
        if source.id and (kinds or of_steps):
            read = {name for table in of_steps for name in table.properties(source.name)}
            properties = tuple(sorted(read.union(_properties_of(kinds))))
            yield repeated_events_stub(entity, source, properties)
        for table in kinds:
            yield feature_stub(entity, table, _properties_of([table]), _operands(entity, places, traits))
    for sequence in sequences:
        yield sequence_stub(entity, sequence, lambda: _operands(entity, places, traits))
    if traits:
        yield traits_stub(entity, traits, _operands(entity, places, traits))
    for audience in audiences:
        operands = _operands(entity, places, traits)
        operands.note_audiences(audience.criteria)
        asked = sequence_tables(entity.name, [audience.criteria])
        operands.models.update({table.alias: table.model for table in asked})
        if is_named(audience):
            yield from audience_stubs(entity, audience, operands, rules)
        else:
            yield where_stub(entity, audience, operands)


def _operands(entity: Entity, places: dict[Place, FeatureTable], traits: dict[str, Trait]) -> EntityOperands:
    return EntityOperands(entity, places, traits, traits_model(entity.name))


def _properties_of(tables: list[FeatureTable]) -> tuple[str, ...]:
    """The properties of their source that these tables read, in a stable order."""
    found: set[str] = set()
    for aggregate in (aggregate for table in tables for aggregate in table.aggregates):
        if aggregate.where is not None:
            found.update(_properties_in(aggregate.where))
        if aggregate.of is not None:
            found.add(aggregate.of.name)
    return tuple(sorted(found))


def _properties_in(condition: Condition) -> Iterator[str]:
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from _properties_in(item)
        case Compare(left, _, right):
            yield from (operand.name for operand in (left, *right) if isinstance(operand, Property))
        case During(left):
            if isinstance(left, Property):
                yield left.name
