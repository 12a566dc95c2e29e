"""A group: rules for the delivery of an entity's audiences together."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag

from dbt_muster.specs.models.base import Maybe, Name, Spec, Text, some_of

Share = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]{1,2})?%$")]
Names = Annotated[list[Text], Field(min_length=1)]


class HoldoutSpec(Spec):
    """A share by hash, and what the hash begins with."""

    share: Share = Field(description="How many are held out, with two places at most.", examples=["5%"])
    salt: Maybe[Text] = Field(
        default=None, description="What the hash begins with; the group's name where it is left out."
    )


def _holdout_tag(value: object) -> str:
    return "~mapping" if isinstance(value, dict) else "~share"


Holdout = Annotated[
    Annotated[Share, Tag("~share")] | Annotated[HoldoutSpec, Tag("~mapping")], Discriminator(_holdout_tag)
]


class GroupSpec(Spec):
    """Who of an entity's audiences is not sent: by priority, by a holdout, by suppression."""

    model_config = ConfigDict(json_schema_extra=some_of("priority", "holdout", "suppress"))

    group: Name = Field(
        description="The group's name; its file has the same, and the table of its priority list.",
        examples=["offers"],
    )
    description: Maybe[str] = Field(default=None, description="What the group is for.")
    entity: Text = Field(description="The entity that the audiences are of.", examples=["customer"])
    priority: Maybe[Names] = Field(
        default=None,
        description="Audiences, the most important one first; a member of several is sent in the first.",
        examples=[["vip", "lapsed"]],
    )
    holdout: Maybe[Holdout] = Field(
        default=None,
        description="A share of the entity, by hash, that is never sent anywhere, whatever the audience.",
        examples=["5%", {"share": "5%", "salt": "2026"}],
    )
    suppress: Maybe[Names] = Field(
        default=None,
        description="Audiences whose members are sent nowhere, in any audience of the entity.",
        examples=[["unhappy"]],
    )
