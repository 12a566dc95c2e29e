"""The model file of a sequence."""

from __future__ import annotations

from collections.abc import Callable

from dbt_muster.plan.aliases import aliases_node, aliases_refs, aliases_relations
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.nodes import Node
from dbt_muster.plan.operands import EntityOperands
from dbt_muster.plan.sequence_nodes import StepNodes
from dbt_muster.plan.sequences import SequenceTable
from dbt_muster.plan.stub import SHARED, Stub, model_stub, ref, relation, relations
from dbt_muster.plan.stubs import repeated_model, source_node
from dbt_muster.specs.meaning import Entity


def sequence_stub(entity: Entity, table: SequenceTable, operands: Callable[[], EntityOperands]) -> Stub:
    """The table of the keys for which a sequence of events holds.

    Args:
        entity: whose events they are.
        table: the sequence.
        operands: makes what writes the attributes and traits that the events of a step are compared with.
    """
    nodes = StepNodes(table.sequence, entity.events)
    planned: Node = {
        "entity": entity.name,
        "key": {"name": entity.key.column, "type": entity.key.type.value},
        "timezone": entity.timezone,
        "sources": {
            name: source_node(entity.events[name], table.properties(name)) | aliases_node(entity)
            for name in table.sources
        },
        "steps": [],
        **nodes.window(),
    }
    given: list[tuple[str, str]] = []
    refs: dict[str, None] = {}
    for number, step in enumerate(table.sequence.steps, start=1):
        outside = operands()
        planned["steps"].append(nodes.step(number, outside))
        of_step = _of_source(entity, step.source, refs)
        if nodes.looks_outside(number):
            joined = {"entity": entity_model(entity.name)} | outside.models
            of_step += [(alias, ref(model)) for alias, model in joined.items()]
            refs |= dict.fromkeys(joined.values())
        given.append((f"step_{number}", relations(of_step).replace("\n", "\n    ")))
    call = f"muster_sequence_model(sequence, {relations(given)})"
    return model_stub(SHARED, table.model, {"sequence": planned}, call, refs=tuple(refs))


def _of_source(entity: Entity, name: str, refs: dict[str, None]) -> list[tuple[str, str]]:
    """The relations that the events of a source are read from; those of muster's own are added to `refs`."""
    source = entity.events[name]
    given = [("events", relation(source.relation))]
    if source.id:
        given.append(("repeated", ref(repeated_model(entity.name, name))))
        refs[repeated_model(entity.name, name)] = None
    refs |= dict.fromkeys(aliases_refs(entity))
    return given + aliases_relations(entity)
