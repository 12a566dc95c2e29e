"""The names of the models that others refer to."""

from __future__ import annotations


def entity_model(entity: str) -> str:
    """The model that holds an entity's keys and the columns that specs use."""
    return f"muster_entities__{entity}"
