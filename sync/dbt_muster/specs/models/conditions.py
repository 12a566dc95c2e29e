"""Conditions: what an audience's criteria and an event's `where` are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from dbt_muster.specs.models.base import Hole, Maybe, Spec, Text, some_of
from dbt_muster.specs.models.comparisons import Comparisons, Operand
from dbt_muster.specs.models.sequence import SequenceCondition
from dbt_muster.specs.models.where import (
    GROUP_KEYS,
    FirstTime,
    PropertyCondition,
    WhereGroup,
    Windowed,
    list_or_group,
    tag_of,
)

HEADS = ("event", "sequence", "attribute", "trait", "audience", "through", "sql")
"""The keys that say what a condition is about."""


def _condition_tag(value: object) -> str | None:
    return tag_of(value, HEADS)


class Measure(Comparisons):
    """An aggregate of a property over the events, compared."""

    of: Text = Field(description="The property that is aggregated.", examples=["amount"])


class Edge(Comparisons):
    """The first or last event: its time, or a property of it, compared."""

    of: Maybe[Text] = Field(
        default=None, description="A property of that event; without it, the event's time."
    )


class PeriodsSpec(Comparisons):
    """In how many of the last periods it happened."""

    of: Annotated[int, Field(ge=1, le=100)] = Field(
        description="How many periods are looked at, counted back from now.", examples=[4]
    )
    each: Text = Field(description="How long a period is.", examples=["week", "30 days"])


class EventCondition(Windowed):
    """A condition about what somebody did; `event` alone means at least once."""

    event: Text = Field(
        description="An event source, or source.name for a source of many kinds of events.",
        examples=["orders", "app.cart_updated"],
    )
    count: Maybe[Comparisons] = Field(
        default=None, description="How many events.", examples=[{"at_least": 3}]
    )
    distinct: Maybe[Measure] = Field(default=None, description="How many different values of a property.")
    sum: Maybe[Measure] = Field(default=None, description="The sum of a property; 0 over no events.")
    average: Maybe[Measure] = Field(default=None, description="The average of a property.")
    min: Maybe[Measure] = Field(default=None, description="The smallest value of a property.")
    max: Maybe[Measure] = Field(default=None, description="The largest value of a property.")
    first: Maybe[Edge] = Field(default=None, description="The time of the first event, or a property of it.")
    last: Maybe[Edge] = Field(default=None, description="The time of the last event, or a property of it.")
    most_frequent: Maybe[Measure] = Field(
        default=None, description="The value that a property has most often; of several, the smallest."
    )
    first_time: Maybe[FirstTime] = Field(
        default=None,
        description="The first such event ever lies in this window.",
        examples=[{"within": "7 days"}],
    )
    periods: Maybe[PeriodsSpec] = Field(
        default=None,
        description="In how many of the last periods the rest of the condition holds.",
        examples=[{"at_least": 3, "of": 4, "each": "week"}],
    )


class AttributeCondition(Comparisons):
    """A condition about an attribute of the entity."""

    attribute: Text = Field(description="The attribute's name.", examples=["country"])


class TraitCondition(Comparisons):
    """A condition about a calculated attribute of the entity."""

    trait: Text = Field(description="The trait's name.", examples=["lifetime_value"])


class AudienceCondition(Spec):
    """Membership of another audience of the same entity."""

    audience: Text = Field(description="The other audience's name.", examples=["vip"])


class SqlCondition(Spec):
    """An expression over attributes and traits that must be true."""

    sql: Text = Field(
        description="One expression in plain SQL; names are those of attributes and traits.",
        examples=["lower(country) = 'gb' and lifetime_value > 100"],
    )


class ThroughCondition(Spec):
    """A condition about the other entity that somebody belongs to, or about those that belong to it."""

    through: Text = Field(description="The other entity's name.", examples=["account"])
    match: Maybe[Literal["any", "all", "none"]] = Field(
        default=None, description="Of those that belong to it: for how many it holds. Default any."
    )
    count: Maybe[Comparisons] = Field(
        default=None,
        description="Of those that belong to it: for how many it holds.",
        examples=[{"at_least": 3}],
    )
    where: Criteria = Field(
        description="Conditions about the other entity.",
        examples=[[{"attribute": "plan", "is": "enterprise"}]],
    )


class ConditionGroup(Spec):
    """Conditions, joined; where more than one key is given, all keys must hold."""

    model_config = ConfigDict(json_schema_extra=some_of(*GROUP_KEYS))

    all: Maybe[Conditions] = Field(default=None, description="Every one of these holds.")
    any: Maybe[Conditions] = Field(default=None, description="At least one of these holds.")
    none: Maybe[Conditions] = Field(default=None, description="Not one of these holds.")


Condition = TypeAliasType(
    "Condition",
    Annotated[
        Annotated[EventCondition, Tag("~event")]
        | Annotated[SequenceCondition, Tag("~sequence")]
        | Annotated[AttributeCondition, Tag("~attribute")]
        | Annotated[TraitCondition, Tag("~trait")]
        | Annotated[AudienceCondition, Tag("~audience")]
        | Annotated[SqlCondition, Tag("~sql")]
        | Annotated[ThroughCondition, Tag("~through")]
        | Annotated[ConditionGroup, Tag("~group")]
        | Annotated[Hole, Tag("~hole")],
        Discriminator(_condition_tag),
    ],
)
Conditions = Annotated[list[Condition], Field(min_length=1)]
Criteria = Annotated[
    Annotated[Conditions, Tag("~list")] | Annotated[ConditionGroup, Tag("~group")],
    Discriminator(list_or_group),
]
"""A mapping of `all`, `any` and `none`, or a list, all of which hold."""

AnyCondition = (
    EventCondition
    | SequenceCondition
    | AttributeCondition
    | TraitCondition
    | AudienceCondition
    | SqlCondition
    | ThroughCondition
    | PropertyCondition
    | ConditionGroup
    | WhereGroup
    | Hole
)
AnyOperand = Operand

# the group names a list that is defined below it
ConditionGroup.model_rebuild()
ThroughCondition.model_rebuild()
