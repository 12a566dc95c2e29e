"""Sequences: events that happened one after another, and events that did not happen in between."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from dbt_muster.specs.models.base import Hole, Maybe, Name, Spec, Text
from dbt_muster.specs.models.where import Where, Windows, tag_of

STEP_HEADS = ("event", "without")
"""The keys that say whether a step happened or did not."""


class EventStep(Spec):
    """An event that happened after the step before it."""

    event: Text = Field(
        description="An event source, or source.name for a source of many kinds of events.",
        examples=["orders", "app.cart_updated"],
    )
    as_: Maybe[Name] = Field(
        default=None,
        alias="as",
        description="A name, under which the `where` of a later step can compare with this one.",
        examples=["cart"],
    )
    within: Maybe[Text] = Field(
        default=None,
        description="The longest time since the step before; not at the first step.",
        examples=["1 hour", "7 days"],
    )
    where: Maybe[Where] = Field(
        default=None, description="Only an event for which these conditions hold is this step."
    )


class WithoutStep(Spec):
    """An event that did not happen between the steps beside it, or for a time after the last one."""

    without: Text = Field(
        description="An event source, or source.name for a source of many kinds of events.",
        examples=["orders", "app.cart_updated"],
    )
    within: Maybe[Text] = Field(
        default=None,
        description="The time after the step before; only at the end, where it must be given.",
        examples=["24 hours", "7 days"],
    )
    where: Maybe[Where] = Field(
        default=None, description="Only events for which these conditions hold are meant."
    )


def _step_tag(value: object) -> str | None:
    return tag_of(value, STEP_HEADS)


Step = TypeAliasType(
    "Step",
    Annotated[
        Annotated[EventStep, Tag("~event")]
        | Annotated[WithoutStep, Tag("~without")]
        | Annotated[Hole, Tag("~hole")],
        Discriminator(_step_tag),
    ],
)


class SequenceCondition(Windows):
    """Events one after another; the window is that of all steps."""

    sequence: list[Step] = Field(
        min_length=2, description="The steps, each later than the one before; two or more."
    )
