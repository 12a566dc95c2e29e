"""A trait: a calculated attribute."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from dbt_muster.specs.models.base import Maybe, Name, Spec, Text, one_of
from dbt_muster.specs.models.conditions import Windowed

AGGREGATES = ("count", "distinct", "sum", "average", "min", "max", "first", "last")


class EventAggregate(Windowed):
    """The events that a trait is calculated over."""

    event: Text = Field(
        description="An event source, or source.name for a source of many kinds of events.",
        examples=["orders", "app.cart_updated"],
    )


class MeasuredAggregate(EventAggregate):
    """The events, and the property of them that is aggregated."""

    of: Text = Field(description="The property that is aggregated.", examples=["amount"])


class EdgeAggregate(EventAggregate):
    """The events, of which the first or the last is taken."""

    of: Maybe[Text] = Field(
        default=None, description="A property of that event; without it, the event's time."
    )


class TraitSpec(Spec):
    """A calculated attribute: one value for each key of an entity, by exactly one aggregate."""

    model_config = ConfigDict(json_schema_extra=one_of(*AGGREGATES))

    trait: Name = Field(description="The trait's name; the file has the same.", examples=["lifetime_value"])
    description: Maybe[str] = Field(default=None, description="What the trait says, for people.")
    entity: Text = Field(description="The entity that the trait is of.", examples=["customer"])
    count: Maybe[EventAggregate] = Field(default=None, description="How many events; 0 over none.")
    distinct: Maybe[MeasuredAggregate] = Field(
        default=None, description="How many different values of a property; 0 over no events."
    )
    sum: Maybe[MeasuredAggregate] = Field(
        default=None, description="The sum of a property; 0 over no events."
    )
    average: Maybe[MeasuredAggregate] = Field(default=None, description="The average of a property.")
    min: Maybe[MeasuredAggregate] = Field(default=None, description="The smallest value of a property.")
    max: Maybe[MeasuredAggregate] = Field(default=None, description="The largest value of a property.")
    first: Maybe[EdgeAggregate] = Field(
        default=None, description="The time of the first event, or a property of it."
    )
    last: Maybe[EdgeAggregate] = Field(
        default=None, description="The time of the last event, or a property of it."
    )
