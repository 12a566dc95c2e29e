"""A trait: a calculated attribute."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from dbt_muster.specs.models.base import Maybe, Name, Spec, Text, one_of
from dbt_muster.specs.models.where import Where, Windowed

AGGREGATES = (
    *("count", "distinct", "sum", "average", "min", "max", "first", "last", "most_frequent"),
    *("unique_list", "days_since_first", "days_since_last", "rate", "share"),
)


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


class ListAggregate(MeasuredAggregate):
    """The events, and the texts that are listed."""

    limit: Maybe[Annotated[int, Field(ge=1, le=1000)]] = Field(
        default=None, description="How many texts at most; default 100.", examples=[20]
    )


class AmountAggregate(EventAggregate):
    """The events that are counted, or whose property is added up."""

    of: Maybe[Text] = Field(
        default=None, description="The property that is added up; without it, events are counted."
    )


class RateAggregate(AmountAggregate):
    """The events, and for which period they are counted or added up."""

    per: Text = Field(description="The period.", examples=["week", "30 days"])


class ShareAggregate(AmountAggregate):
    """The events, and with `where` which of them the share is of."""

    where: Where = Field(description="Which of the events the share is of.")


class TraitSpec(Spec):
    """A calculated attribute: one value for each key of an entity, by one aggregate or expression."""

    model_config = ConfigDict(json_schema_extra=one_of(*AGGREGATES, "expression"))

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
    most_frequent: Maybe[MeasuredAggregate] = Field(
        default=None, description="The value that a property has most often; of several, the smallest."
    )
    unique_list: Maybe[ListAggregate] = Field(
        default=None, description="The different texts of a property, sorted."
    )
    days_since_first: Maybe[EventAggregate] = Field(
        default=None, description="Whole days of 24 hours since the first event."
    )
    days_since_last: Maybe[EventAggregate] = Field(
        default=None, description="Whole days of 24 hours since the last event."
    )
    rate: Maybe[RateAggregate] = Field(
        default=None, description="Events, or the sum of a property, for each period of the window."
    )
    share: Maybe[ShareAggregate] = Field(
        default=None, description="Which share of the events, or of the sum of a property, matches `where`."
    )
    expression: Maybe[Text] = Field(
        default=None,
        description="One expression in plain SQL; names are those of attributes and other traits.",
        examples=["lifetime_value / nullif(order_count, 0)"],
    )
