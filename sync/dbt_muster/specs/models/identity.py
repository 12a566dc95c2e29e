"""An identity: which identifiers, in any tables, belong to one person."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dbt_muster.specs.models.base import Maybe, Spec, TableName, Text
from dbt_muster.specs.models.columns import ModelReference, NamedColumn

LARGEST_CLUSTER = 100
"""The most identifiers that belong together where a spec does not say."""

_Patterns = Annotated[list[Text], Field(min_length=1)]


class IdentifierKindSpec(Spec):
    """What counts as a value of an identifier, and when two values are the same."""

    include: Maybe[_Patterns] = Field(
        default=None,
        description="Regular expressions; only values in which one of them is found count.",
        examples=[["@"]],
    )
    exclude: Maybe[_Patterns] = Field(
        default=None,
        description="Regular expressions; values in which one of them is found do not count.",
        examples=[["^0+$", "^(unknown|none|null)$"]],
    )
    ignore_case: Maybe[bool] = Field(
        default=None, description="true: values are compared without regard to capitals.", examples=[True]
    )


class LinkSpec(Spec):
    """A table of which each row says that two identifiers belong together."""

    model: ModelReference = Field()
    link: Annotated[list[dict[TableName, Text]], Field(min_length=2, max_length=2)] = Field(
        description="The two identifiers, each with the column that holds it.",
        examples=[[{"user": "user_id"}, {"device": "device_id"}]],
    )
    at: Maybe[NamedColumn] = Field(
        default=None,
        description="The column that says since when; rows of later than the evaluation do not count.",
        examples=["seen_at"],
    )


class IdentitySpec(Spec):
    """Which identifiers belong to one person; each gets the person's canonical key."""

    identity: TableName = Field(description="The identity's name.", examples=["person"])
    description: Maybe[str] = Field(default=None, description="Whose identifiers they are, for people.")
    identifiers: Annotated[dict[TableName, IdentifierKindSpec | None], Field(min_length=1)] = Field(
        description="The kinds of identifiers; the canonical key is one of the first kind that a person has.",
        examples=[{"user": None, "device": {"exclude": ["^0+$"]}}],
    )
    links: Annotated[list[LinkSpec], Field(min_length=1)] = Field(
        description="The tables that say which identifiers belong together."
    )
    largest_cluster: Maybe[Annotated[int, Field(ge=2, le=10_000)]] = Field(
        default=None,
        description=f"The most identifiers of one person; larger clusters are refused and reported. Default "
        f"{LARGEST_CLUSTER}.",
        examples=[50],
    )
