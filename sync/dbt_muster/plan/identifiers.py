"""The model of the identifiers of which somebody may have several: a row for each value."""

from __future__ import annotations

from dbt_muster.plan.aliases import aliases_node, aliases_refs, aliases_relations
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.nodes import Node
from dbt_muster.plan.stub import SHARED, Stub, model_stub, ref, relation, relations
from dbt_muster.specs.meaning import Entity, Identifier


def identifiers_model(entity: str) -> str:
    """The model that holds an entity's identifiers of several values."""
    return f"muster_identifiers__{entity}"


def identifier_column(name: str) -> str:
    """The column of an entity's table that holds an identifier."""
    return f"identifier__{name}"


def several(entity: Entity) -> list[Identifier]:
    """The identifiers of which somebody may have several."""
    return [identifier for identifier in entity.identifiers.values() if identifier.most is not None]


def identifiers_stub(entity: Entity) -> Stub:
    """The table of the values, one row an entity, identifier and value."""
    planned: Node = {
        "entity": entity.name,
        "key": {"name": entity.key.column, "type": entity.key.type.value},
        **aliases_node(entity),
        "identifiers": [_identifier_node(identifier) for identifier in several(entity)],
    }
    tables = [(_table_alias(each), relation(each.table.relation)) for each in several(entity) if each.table]
    given = [("entity", ref(entity_model(entity.name))), *tables, *aliases_relations(entity)]
    call = f"muster_identifiers_model(entity, {relations(given)})"
    refs = (entity_model(entity.name), *aliases_refs(entity))
    return model_stub(SHARED, identifiers_model(entity.name), {"entity": planned}, call, refs=refs)


def _identifier_node(identifier: Identifier) -> Node:
    node: Node = {"name": identifier.name, "column": identifier.column.column}
    if identifier.table is None:
        return node
    return node | {"key": identifier.table.key.column, "relation": _table_alias(identifier)}


def _table_alias(identifier: Identifier) -> str:
    return f"values of {identifier.name}"
