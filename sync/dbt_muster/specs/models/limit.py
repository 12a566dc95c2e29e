"""A limit: the members of an audience that come first by a value."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from dbt_muster.specs.models.base import Maybe, Spec, Text
from dbt_muster.specs.models.comparisons import AttributeOperand, TraitOperand


def _by_tag(value: object) -> str:
    if isinstance(value, dict):
        return "~attribute" if "attribute" in value else "~trait"
    return "~name"


By = Annotated[
    Annotated[Text, Tag("~name")]
    | Annotated[TraitOperand, Tag("~trait")]
    | Annotated[AttributeOperand, Tag("~attribute")],
    Discriminator(_by_tag),
]
"""A trait's or an attribute's name; a mapping says which of the two, where both have it."""


class LimitSpec(Spec):
    """The members that come first by a value; ties go to the smaller key."""

    top: Annotated[int, Field(ge=1)] = Field(description="How many members are kept.", examples=[10000])
    by: By = Field(
        description="The trait or attribute that members are ordered by: a number or a time. Who has no "
        "value is never chosen.",
        examples=["lifetime_value", {"attribute": "score"}],
    )
    order: Maybe[Literal["descending", "ascending"]] = Field(
        default=None, description="`descending` (the default): the largest and the latest come first."
    )
