"""An event source: a table of things that happened, under an entity's `events:`."""

from __future__ import annotations

from pydantic import Field

from dbt_muster.specs.models.base import Maybe, Spec, Text
from dbt_muster.specs.models.columns import Column, ModelReference, NamedColumn


class EventSourceSpec(Spec):
    """A table of events: one kind each row, or many kinds, named by a column."""

    description: Maybe[str] = Field(default=None, description="What the events are, for people.")
    model: ModelReference = Field()
    key: NamedColumn = Field(description="The column that holds the entity's key.", examples=["customer_id"])
    at: NamedColumn = Field(
        description="The column that says when it happened; a `timestamp` in UTC unless typed otherwise.",
        examples=["ordered_at", {"column": "created", "type": "timestamptz"}],
    )
    id: Maybe[NamedColumn] = Field(
        default=None,
        description="The column that tells events apart: rows with the same id are one event.",
        examples=["order_id"],
    )
    name: Maybe[NamedColumn] = Field(
        default=None,
        description="The column that names each row's kind of event; events are then `source.kind`.",
        examples=["event_name"],
    )
    loaded_at: Maybe[NamedColumn] = Field(
        default=None,
        description="The column that says when the row arrived.",
        examples=["ingested_at"],
    )
    history: Maybe[Text] = Field(
        default=None,
        description="How far back the rows go, where that is not for ever; `muster check` reads it.",
        examples=["2 years"],
    )
    properties: Maybe[dict[Text, Column]] = Field(
        default=None,
        description="The events' properties; without this, every column is a property.",
        examples=[{"status": {"type": "string"}, "amount": {"type": "number"}}],
    )
