"""The view of how fresh and how long each table of events is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dbt_muster.plan.nodes import Node
from dbt_muster.plan.stub import SHARED, Stub, model_stub, relation, relations
from dbt_muster.specs.meaning import Column, Entity

EVENT_SOURCES = "muster_event_sources"


def event_sources_stub(entities: Mapping[str, Entity], used: Iterable[tuple[str, str]]) -> Stub:
    """One row a table of events that something is made of.

    Args:
        entities: by name.
        used: an entity and its event source, of each table that another model reads.
    """
    planned: list[Node] = []
    given: list[tuple[str, str]] = []
    for entity, name in sorted(set(used)):
        source = entities[entity].events[name]
        node: Node = {"entity": entity, "source": name, "at": _time_node(source.at)}
        if source.loaded_at is not None:
            node["loaded_at"] = _time_node(source.loaded_at)
        planned.append(node | {"relation": f"{entity}__{name}"})
        given.append((f"{entity}__{name}", relation(source.relation)))
    call = f"muster_event_sources_model(sources, {relations(given)})"
    config = {"materialized": "view"}
    return model_stub(SHARED, EVENT_SOURCES, {"sources": planned}, call, config=config)


def event_sources_entry() -> dict[str, Any]:
    """The properties of that view."""
    columns = {
        "entity": "Whose events they are.",
        "source": "The event source's name.",
        "row_count": "How many rows its table has.",
        "first_event_at": "The time of its first event, in UTC.",
        "last_event_at": "The time of its last event, in UTC.",
        "last_loaded_at": "When its latest row arrived, in UTC, where the source says so.",
    }
    return {
        "name": EVENT_SOURCES,
        "description": "One row a table of events that audiences or traits are made of.",
        "columns": [{"name": name, "description": said} for name, said in columns.items()],
    }


def _time_node(column: Column) -> Node:
    node: Node = {"column": column.column, "type": column.type.value}
    return node | ({"timezone": column.timezone} if column.timezone not in (None, "UTC") else {})
