"""The models of conditions about other entities."""

from __future__ import annotations

from collections.abc import Mapping

from dbt_muster.plan.aliases import aliases_node, aliases_refs, aliases_relations
from dbt_muster.plan.links import Link, link_model, where_model
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.nodes import Node, condition_node
from dbt_muster.plan.operands import EntityOperands
from dbt_muster.plan.stub import SHARED, Stub, model_stub, ref, relations
from dbt_muster.plan.stubs import through_column
from dbt_muster.specs.meaning import Audience, Entity, Through


def where_stub(entity: Entity, where: Audience, operands: EntityOperands) -> Stub:
    """The table of those for whom conditions hold that stand in another entity's audience."""
    planned = {
        "audience": where.name,
        "entity": entity.name,
        "key": entity.key.column,
        "timezone": entity.timezone,
        "criteria": condition_node(where.criteria, operands, entity.key.column),
    }
    models = {"entity": entity_model(entity.name), **operands.models}
    given = [(alias, ref(model)) for alias, model in models.items()]
    call = f"muster_audience_model(audience, {relations(given)})"
    return model_stub(SHARED, where.name, {"audience": planned}, call, refs=tuple(models.values()))


def named_key_node(holder: Entity, named: Entity) -> Node:
    """How rows of one entity name another by its key."""
    return {
        "key": holder.key.column,
        "through": through_column(named.name),
        "named": {"key": named.key.column, "type": named.key.type.value},
        **aliases_node(named),
    }


def link_stub(link: Link, entities: Mapping[str, Entity]) -> Stub:
    """What such conditions come to: who names somebody for whom they hold, or how many of those name each."""
    owner, other = entities[link.owner], entities[link.entity]
    to_one = isinstance(link, Through)
    holder, named = (owner, other) if to_one else (other, owner)
    given = [("entity", ref(entity_model(holder.name))), ("holding", ref(where_model(link)))]
    macro = "muster_through_model" if to_one else "muster_related_model"
    return model_stub(
        SHARED,
        link_model(link),
        {"link": named_key_node(holder, named)},
        f"{macro}(link, {relations([*given, *aliases_relations(named)])})",
        config={"materialized": "view" if to_one else "table"},
        refs=(entity_model(holder.name), where_model(link), *aliases_refs(named)),
    )
