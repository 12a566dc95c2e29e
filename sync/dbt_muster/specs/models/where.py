"""An event's `where`, and the window in which events count."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from dbt_muster.specs.models.base import Hole, Maybe, Spec, Text, some_of
from dbt_muster.specs.models.comparisons import Comparisons, Two
from dbt_muster.specs.names import nearest

GROUP_KEYS = ("all", "any", "none")


class PropertyCondition(Comparisons):
    """A condition about a property of the event at hand."""

    property: Text = Field(description="The property's name.", examples=["status"])


def _where_tag(value: object) -> str | None:
    return tag_of(value, ("property",))


def tag_of(value: object, heads: tuple[str, ...]) -> str | None:
    """The branch that the writer meant: by its head, by `all`/`any`/`none`, or by the nearest of these."""
    if isinstance(value, Hole):
        return "~hole"
    if not isinstance(value, dict):
        return None
    for head in heads:
        if head in value:
            return f"~{head}"
    if any(key in value for key in GROUP_KEYS):
        return "~group"
    return next((f"~{near}" for key in value if (near := nearest(key, heads))), None)


def list_or_group(value: object) -> str:
    """The branch of a list, all of which must hold, or of a mapping of groups."""
    return "~list" if isinstance(value, list) else "~group"


class WhereGroup(Spec):
    """Conditions about one event, joined."""

    model_config = ConfigDict(json_schema_extra=some_of(*GROUP_KEYS))

    all: Maybe[WhereConditions] = Field(default=None, description="Every one of these holds.")
    any: Maybe[WhereConditions] = Field(default=None, description="At least one of these holds.")
    none: Maybe[WhereConditions] = Field(default=None, description="Not one of these holds.")


WhereCondition = TypeAliasType(
    "WhereCondition",
    Annotated[
        Annotated[PropertyCondition, Tag("~property")]
        | Annotated[WhereGroup, Tag("~group")]
        | Annotated[Hole, Tag("~hole")],
        Discriminator(_where_tag),
    ],
)
WhereConditions = Annotated[list[WhereCondition], Field(min_length=1)]
Where = Annotated[
    Annotated[WhereConditions, Tag("~list")] | Annotated[WhereGroup, Tag("~group")],
    Discriminator(list_or_group),
]
"""A list, all of which hold, or a mapping of `all`, `any` and `none`."""


WINDOW_KEYS = ("within", "between", "since", "after", "before", "on")


class Windows(Spec):
    """The keys that say a window of time."""

    within: Maybe[Text] = Field(
        default=None,
        description="The length of time before now.",
        examples=["30 days", "72 hours", "2 calendar months"],
    )
    between: Maybe[Two] = Field(
        default=None,
        description="From the first point in time to just before the second.",
        examples=[["90 days ago", "30 days ago"]],
    )
    since: Maybe[Text] = Field(
        default=None, description="From this point in time on.", examples=["2026-01-01", "start of year"]
    )
    after: Maybe[Text] = Field(default=None, description="The same as `since`.", examples=["2026-01-01"])
    before: Maybe[Text] = Field(
        default=None, description="Before this point in time.", examples=["2026-01-01", "30 days ago"]
    )
    on: Maybe[Text] = Field(
        default=None, description="On this day, by the entity's clock.", examples=["2026-01-01", "yesterday"]
    )


class FirstTime(Windows):
    """The window in which the first of all matching events lies."""

    model_config = ConfigDict(json_schema_extra=some_of(*WINDOW_KEYS))


class Windowed(Windows):
    """The time in which events count; without any of these keys: ever."""

    where: Maybe[Where] = Field(
        default=None, description="Only the events for which these conditions hold count."
    )


# the group names a list that is defined below it
WhereGroup.model_rebuild()
