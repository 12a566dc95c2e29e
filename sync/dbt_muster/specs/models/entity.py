"""An entity: who or what audiences are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

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


class ThroughSpec(Spec):
    """Another entity, a key of which stands in each row of this one."""

    entity: Text = Field(description="The other entity's name.", examples=["account"])
    key: Text = Field(description="The column of its key.", examples=["account_id"])


def _through_tag(value: object) -> str:
    return "~list" if isinstance(value, list) else "~mapping"


Through = Annotated[
    Annotated[ThroughSpec, Tag("~mapping")]
    | Annotated[Annotated[list[ThroughSpec], Field(min_length=1)], Tag("~list")],
    Discriminator(_through_tag),
]
"""One other entity, or a list of them."""


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
    through: Maybe[Through] = Field(
        default=None,
        description="Other entities that rows of this one belong to; conditions may be about those.",
        examples=[{"entity": "account", "key": "account_id"}],
    )
    events: Maybe[dict[TableName, EventSourceSpec]] = Field(
        default=None, description="The tables of what happened, each by its name."
    )
