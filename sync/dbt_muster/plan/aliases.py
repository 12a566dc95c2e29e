"""Aliases of an entity: the model that settles what each means, and what other models know of it."""

from __future__ import annotations

from dataclasses import replace

from dbt_muster.plan.nodes import Node
from dbt_muster.plan.stub import SHARED, Stub, model_stub, ref, relation
from dbt_muster.specs.meaning import Column, Entity

# The column that macros add to rows whose keys they have mapped.
_MAPPED_KEY = "muster_key"


def aliases_model(entity: str) -> str:
    """The model that says which key each alias of an entity means."""
    return f"muster_aliases__{entity}"


def aliases_stub(entity: Entity) -> Stub:
    """The table of an entity's aliases: one row an alias."""
    if entity.aliases is None:
        raise ValueError(f"{entity.name} has no aliases")
    planned = {
        "alias": entity.aliases.alias.column,
        "canonical": entity.aliases.canonical.column,
        "type": entity.key.type.value,
    }
    call = f"muster_aliases_model(aliases, {relation(entity.aliases.relation)})"
    # The table may be one of muster's own: that of an identity.
    refs = entity.aliases.relation.names[-1:] if entity.aliases.relation.kind == "ref" else ()
    return model_stub(SHARED, aliases_model(entity.name), {"aliases": planned}, call, refs=refs)


def aliases_node(entity: Entity) -> Node:
    """What a planned source or entity says of its aliases; nothing where there are none."""
    return {"aliases": {"type": entity.key.type.value}} if entity.aliases else {}


def aliases_refs(entity: Entity) -> tuple[str, ...]:
    """The models that whoever reads keys of the entity needs."""
    return (aliases_model(entity.name),) if entity.aliases else ()


def aliases_relations(entity: Entity) -> list[tuple[str, str]]:
    """The same, as relations that a stub hands to its macro."""
    return [("aliases", ref(model)) for model in aliases_refs(entity)]


def of_canonical_key(entity: Entity, column: Column) -> Column:
    """A column of an entity's table; its key is the canonical one, whichever row holds the rest."""
    is_key = entity.aliases is not None and column.column == entity.key.column and not column.path
    return replace(column, column=_MAPPED_KEY) if is_key else column
