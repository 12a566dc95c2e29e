"""An entity: who or what audiences are made of."""

from __future__ import annotations

from pydantic import Field

from dbt_muster.specs.models.base import Maybe, Name, Spec, TableName, Text
from dbt_muster.specs.models.columns import Column, Identifier, ModelReference, NamedColumn
from dbt_muster.specs.models.event_source import EventSourceSpec


class AliasesSpec(Spec):
    """A table of keys that mean another key: who logged in, signed up twice, or was merged."""

    model: ModelReference = Field()
    from_: Text = Field(alias="from", description="The column of the key that was used.", examples=["old_id"])
    to: Text = Field(
        description="The column of the canonical key, which audiences have.", examples=["customer_id"]
    )


class EntitySpec(Spec):
    """Who or what audiences are made of: customers, accounts, households, devices."""

    entity: TableName = Field(description="The entity's name.", examples=["customer"])
    description: Maybe[str] = Field(default=None, description="What the entity is, for people.")
    model: ModelReference = Field()
    key: NamedColumn = Field(
        description="The column that tells the rows apart; the audiences' tables have it too.",
        examples=["customer_id"],
    )
    timezone: Maybe[Text] = Field(
        default=None,
        description="The zone of local days, weeks and months, by its IANA name. Default UTC.",
        examples=["Europe/London"],
    )
    attributes: Maybe[dict[Name, Column]] = Field(
        default=None,
        description="What conditions may use; without this, every column, as the warehouse types it.",
        examples=[{"country": {"type": "string"}, "birthday": {"type": "date"}}],
    )
    identifiers: Maybe[dict[Name, Identifier]] = Field(
        default=None,
        description="What a destination may match on.",
        examples=[{"email": "email", "phone": {"column": "phone", "default_country": "GB"}}],
    )
    consent: Maybe[dict[Name, NamedColumn]] = Field(
        default=None,
        description="For each purpose, the boolean column that says whether it was agreed to.",
        examples=[{"advertising": "ad_consent"}],
    )
    aliases: Maybe[AliasesSpec] = Field(
        default=None,
        description="Keys that mean another key: their rows and events count for that one.",
        examples=[{"model": "ref('customer_aliases')", "from": "old_id", "to": "customer_id"}],
    )
    events: Maybe[dict[TableName, EventSourceSpec]] = Field(
        default=None, description="The tables of what happened, each by its name."
    )
