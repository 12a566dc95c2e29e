"""A destination's guard: when nothing is sent, and a person is asked to look."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from dbt_muster.specs.models.base import Maybe, Spec, Text, some_of

Percentage = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?%$")]
Members = Annotated[int, Field(ge=0)]


class LargestChangeSpec(Spec):
    """Two limits for the changes of one run; the one that is reached first counts."""

    model_config = ConfigDict(json_schema_extra=some_of("share", "members"))

    share: Maybe[Percentage] = Field(
        default=None, description="As a part of the members that are held.", examples=["30%"]
    )
    members: Maybe[Members] = Field(default=None, description="As a number of members.", examples=[5000])


def _change_tag(value: object) -> str:
    if isinstance(value, dict):
        return "~mapping"
    return "~members" if isinstance(value, int) and not isinstance(value, bool) else "~share"


LargestChange = Annotated[
    Annotated[Percentage, Tag("~share")]
    | Annotated[Members, Tag("~members")]
    | Annotated[LargestChangeSpec, Tag("~mapping")],
    Discriminator(_change_tag),
]
"""`30%`, `5000`, or both as a mapping."""


class GuardSpec(Spec):
    """When nothing is sent, and a person is asked to look."""

    largest_change: Maybe[LargestChange] = Field(
        default=None,
        description="The most members that one run may add, change or remove: a part of those held, a "
        "number, or both.",
        examples=["30%", 5000, {"share": "30%", "members": 5000}],
    )
    smallest_audience: Maybe[Members] = Field(
        default=None, description="The fewest members that an audience may have.", examples=[100]
    )
    largest_audience: Maybe[Members] = Field(
        default=None, description="The most members that an audience may have.", examples=[1000000]
    )
    freshness: Maybe[Text] = Field(
        default=None,
        description="How old the audience, and the newest row of each of its event sources, may be.",
        examples=["24 hours"],
    )
    failed_tests: Maybe[Literal["block", "ignore"]] = Field(
        default=None,
        description="What a failed dbt test or model that the audience is built on does. Default block.",
        examples=["ignore"],
    )
