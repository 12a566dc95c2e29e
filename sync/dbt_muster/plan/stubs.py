"""The models of entities, events, traits and audiences."""

from __future__ import annotations

from dbt_muster.plan.aliases import aliases_node, aliases_refs, aliases_relations, of_canonical_key
from dbt_muster.plan.features import FeatureTable, feature_column
from dbt_muster.plan.identifiers import identifier_column
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.nodes import (
    Node,
    condition_node,
    event_operand,
    point_node,
    property_column,
    property_node,
    window_node,
)
from dbt_muster.plan.operands import EntityOperands
from dbt_muster.plan.outside import looks_outside
from dbt_muster.plan.stub import SHARED, Stub, model_stub, ref, relation, relations
from dbt_muster.specs.meaning import (
    EVER,
    Aggregate,
    Column,
    Entity,
    EventSource,
    Trait,
)


def traits_model(entity: str) -> str:
    """The model that holds an entity's calculated attributes."""
    return f"muster_traits__{entity}"


def through_column(other: str) -> str:
    """The column of an entity's table that holds the key of another entity, as it is written."""
    return f"through__{other}"


def repeated_model(entity: str, source: str) -> str:
    """The model that settles which of several events with one id counts."""
    return f"muster_repeated_events__{entity}__{source}"


def entity_stub(entity: Entity) -> Stub:
    """The table of an entity: one row a key, its attributes, identifiers and consent."""
    columns = [
        *(
            node
            for name, column in entity.attributes.items()
            for node in _attribute_columns(entity, name, column)
        ),
        *(
            _entity_column(entity, identifier_column(name), identifier.column)
            | ({} if identifier.most else {"as_text": True})
            for name, identifier in entity.own_identifiers.items()
        ),
        *(_entity_column(entity, f"consent__{name}", column) for name, column in entity.consent.items()),
        *(_entity_column(entity, through_column(way.entity), way.key) for way in entity.through),
    ]
    planned = {
        "entity": entity.name,
        "key": {"name": entity.key.column, "column": entity.key.column, "type": entity.key.type.value},
        **aliases_node(entity),
        "columns": columns,
    }
    given = [("entity", relation(entity.relation)), *aliases_relations(entity)]
    call = f"muster_entity_model(entity, {relations(given)})"
    model = entity_model(entity.name)
    return model_stub(SHARED, model, {"entity": planned}, call, refs=aliases_refs(entity))


def repeated_events_stub(entity: Entity, source: EventSource, properties: tuple[str, ...]) -> Stub:
    """The table of the events that a source holds more than once."""
    model = repeated_model(entity.name, source.name)
    call = f"muster_repeated_events_model(events, {relation(source.relation)})"
    whose: Node = {"entity": entity.name, "key_type": entity.key.type.value}
    return model_stub(SHARED, model, {"events": whose | source_node(source, properties)}, call)


def feature_stub(
    entity: Entity, table: FeatureTable, properties: tuple[str, ...], operands: EntityOperands
) -> Stub:
    """The table of the aggregates over one kind of event.

    Args:
        entity: whose events they are.
        table: the kind and its aggregates.
        properties: the properties of the source that it reads.
        operands: writes what the entity's events are compared with.
    """
    source = entity.events[table.place.source]
    planned: Node = {
        "entity": entity.name,
        "key": {"name": entity.key.column, "type": entity.key.type.value},
        "timezone": entity.timezone,
        "source": source_node(source, properties) | aliases_node(entity),
        "event": table.place.event,
        "aggregates": [_aggregate_node(aggregate, source, table, operands) for aggregate in table.aggregates],
    }
    repeated = (repeated_model(entity.name, source.name),) if source.id else ()
    joined = {"entity": entity_model(entity.name)} if any(map(looks_outside, table.aggregates)) else {}
    joined |= operands.models
    given = [("events", relation(source.relation)), *(("repeated", ref(name)) for name in repeated)]
    given += aliases_relations(entity)
    given += [(alias, ref(model)) for alias, model in joined.items()]
    call = f"muster_features_model(features, {relations(given)})"
    refs = (*repeated, *aliases_refs(entity), *joined.values())
    return model_stub(SHARED, table.model, {"features": planned}, call, refs=refs)


def traits_stub(entity: Entity, traits: dict[str, Trait], operands: EntityOperands) -> Stub:
    """The table of an entity's calculated attributes, by name."""
    planned = {
        "entity": entity.name,
        "key": entity.key.column,
        "traits": [{"name": name, "value": operands.trait(name)} for name in traits],
    }
    models = [entity_model(entity.name), *operands.models.values()]
    given = [("entity", ref(entity_model(entity.name)))]
    given += [(alias, ref(model)) for alias, model in operands.models.items()]
    call = f"muster_traits_model(traits, {relations(given)})"
    return model_stub(SHARED, traits_model(entity.name), {"traits": planned}, call, refs=tuple(models))


def _attribute_columns(entity: Entity, name: str, column: Column) -> list[Node]:
    if column.longitude is None:
        return [_entity_column(entity, f"attribute__{name}", column)]
    parts = zip(("latitude", "longitude"), column.stored, strict=True)
    return [_entity_column(entity, f"{part}__{name}", stored) for part, stored in parts]


def _entity_column(entity: Entity, name: str, written: Column) -> Node:
    column = of_canonical_key(entity, written)
    node: Node = {"name": name, "column": column.column, "type": column.type.value}
    if column.timezone not in (None, "UTC"):
        node["timezone"] = column.timezone
    return node | ({"path": list(column.path)} if column.path else {})


def source_node(source: EventSource, properties: tuple[str, ...]) -> Node:
    """A table of events as data, with the columns of the properties that are read."""
    at: Node = {"column": source.at.column, "type": source.at.type.value}
    if source.at.timezone not in (None, "UTC"):
        at["timezone"] = source.at.timezone
    node: Node = {"name": source.name, "key": source.key.column, "at": at}
    if source.event_name:
        node["event_name"] = source.event_name.column
    if source.id:
        # Where repeated events are settled, two tables are read as one, so their columns are named.
        used = [source.key, source.at, *([source.event_name] if source.event_name else [])]
        used += [property_column(source, name) for name in properties]
        used.sort(key=lambda column: bool(column.path))  # a column that is read as JSON somewhere is JSON
        types = {column.column: _stored(column) for column in used if column.column != source.id.column}
        node["id"] = source.id.column
        node["columns"] = [{"column": name, "type": kind} for name, kind in types.items()]
    return node


def _stored(column: Column) -> str:
    """What a column itself holds."""
    return column.stored[0].type.value


def _aggregate_node(
    aggregate: Aggregate, source: EventSource, table: FeatureTable, operands: EntityOperands
) -> Node:
    node: Node = {"name": feature_column(aggregate), "function": aggregate.function}
    if aggregate.of is not None:
        node["value"] = property_node(source, aggregate.of.name)
    if aggregate.limit is not None:
        node["limit"] = aggregate.limit
    if aggregate.window != EVER:
        node["window"] = window_node(aggregate.window)
    if aggregate in table.starts:
        node["starts"] = [point_node(point) for point in table.starts[aggregate]]
    if aggregate.where is not None:
        node["where"] = condition_node(aggregate.where, event_operand(source, operands.inline))
    return node
