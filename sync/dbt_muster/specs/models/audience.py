"""An audience: who is in it, and where it is sent."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag

from dbt_muster.specs.models.base import Maybe, Name, Scalar, Spec, Text
from dbt_muster.specs.models.conditions import Criteria
from dbt_muster.specs.models.limit import LimitSpec

Share = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]{1,2})?%$")]
"""A percentage with two places at most: a split has ten thousand slots."""


class SplitSpec(Spec):
    """Shares of an audience by hash; the keys besides `salt` are the variants' names."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Share]

    salt: Maybe[Text] = Field(
        default=None,
        description="What the hash begins with; the audience's name where it is left out.",
        examples=["spring_campaign"],
    )


class SyncSpec(Spec):
    """One destination of an audience; the other keys are the destination type's own."""

    model_config = ConfigDict(extra="allow")

    to: Text = Field(description="The destination's name.", examples=["files"])
    match_on: Maybe[list[Text]] = Field(
        default=None,
        description="The identifiers to match on; without this, whatever the destination takes.",
        examples=[["email", "phone"]],
    )
    variants: Maybe[list[Text]] = Field(
        default=None,
        description="The variants of the audience's split that are sent; all but `control` without this.",
        examples=[["email"]],
    )
    where: Maybe[Criteria] = Field(
        default=None,
        description="Conditions, as in `criteria`, that a member must meet to be sent there.",
        examples=[[{"attribute": "country", "in": ["GB", "IE"]}]],
    )


class AcceptSpec(Spec):
    """A finding of `muster check` that is meant to be so."""

    finding: Text = Field(description="The finding's code.", examples=["missing_counts"])
    because: Text = Field(
        description="Why it is right, for whoever reads the spec.",
        examples=["whoever has not told us a country is welcome"],
    )


def _parameter_tag(value: object) -> str:
    return "~list" if isinstance(value, list) else "~value"


Parameter = Annotated[
    Annotated[Scalar, Tag("~value")] | Annotated[list[Scalar], Tag("~list")], Discriminator(_parameter_tag)
]
"""A value, or a list of values, which stands for a placeholder."""


def _or_inherited(schema: dict[str, Any]) -> None:
    """For the published schema: who extends another audience inherits its entity and its criteria."""
    required = [key for key in schema.pop("required") if key != "audience"]
    schema["required"] = ["audience"]
    schema["anyOf"] = [{"required": required}, {"required": ["extends"]}]


class AudienceSpec(Spec):
    """Everybody of one entity for whom the criteria hold."""

    model_config = ConfigDict(json_schema_extra=_or_inherited)

    audience: Name = Field(
        description="The audience's name; the file and the table have the same.",
        examples=["lapsed_big_spenders"],
    )
    description: Maybe[str] = Field(default=None, description="Who this is, for people and for dbt docs.")
    entity: Text = Field(description="The entity that the members are of.", examples=["customer"])
    owner: Maybe[str] = Field(default=None, description="Who answers for this audience.", examples=["growth"])
    tags: Maybe[list[Text]] = Field(
        default=None, description="dbt tags, for selecting.", examples=[["retention"]]
    )
    meta: Maybe[dict[str, Any]] = Field(default=None, description="Anything that dbt docs should show.")
    enabled: Maybe[bool] = Field(default=None, description="false: the audience is not built and not sent.")
    materialized: Maybe[Text] = Field(
        default=None, description="dbt's materialization. Default table.", examples=["table", "view"]
    )
    schema_: Maybe[Text] = Field(
        default=None,
        alias="schema",
        description="dbt's custom schema for the audience's table.",
        examples=["audiences"],
    )
    criteria: Criteria = Field(description="The conditions; `all`, `any` and `none` at any depth.")
    limit: Maybe[LimitSpec] = Field(
        default=None,
        description="Only so many of those for whom the criteria hold, the first by a trait or an attribute.",
        examples=[{"top": 10000, "by": "lifetime_value"}],
    )
    stay: Maybe[Text] = Field(
        default=None,
        description="How long a member stays after it last qualified.",
        examples=["30 days"],
    )
    expire: Maybe[Text] = Field(
        default=None,
        description="How long after its entry a membership ends, until the key has failed to qualify once.",
        examples=["90 days"],
    )
    split: Maybe[SplitSpec] = Field(
        default=None,
        description="Shares of the members by hash, 100% in all; `control` is never sent anywhere.",
        examples=[{"control": "10%", "email": "90%"}],
    )
    extends: Maybe[Text] = Field(
        default=None,
        description="Another audience, whose keys this one has where it does not give them itself.",
        examples=["lapsed_template"],
    )
    parameters: Maybe[dict[Name, Parameter]] = Field(
        default=None,
        description="Values by name, each for `{{ name }}` in the texts of this audience and of those that "
        "extend it.",
        examples=[{"country": "GB", "countries": ["GB", "IE"]}],
    )
    sync: Maybe[list[SyncSpec]] = Field(
        default=None, description="The destinations that members are sent to."
    )
    accept: Maybe[list[AcceptSpec]] = Field(
        default=None, description="Findings of `muster check` that are meant to be so."
    )
