"""A group: audiences of one entity in order of priority."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dbt_muster.specs.models.base import Maybe, Name, Spec, Text


class GroupSpec(Spec):
    """Audiences of one entity, the most important one first; each key is given to the first that it is in."""

    group: Name = Field(description="The group's name; the file has the same.", examples=["offers"])
    description: Maybe[str] = Field(default=None, description="What the group is for.")
    entity: Text = Field(description="The entity that the audiences are of.", examples=["customer"])
    priority: Annotated[list[Text], Field(min_length=1)] = Field(
        description="The audiences, the most important one first.", examples=[["vip", "lapsed"]]
    )
