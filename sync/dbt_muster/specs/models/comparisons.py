"""The operators, and what stands on their right side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from dbt_muster.specs.models.base import Maybe, Scalar, Spec, Text
from dbt_muster.specs.models.places import NearSpec


class AttributeOperand(Spec):
    """The value of another attribute of the same entity."""

    attribute: Text = Field(description="The attribute's name, as the entity declares it.")


class TraitOperand(Spec):
    """The value of a calculated attribute of the same entity."""

    trait: Text = Field(description="The trait's name.")


class PropertyOperand(Spec):
    """The value of another property of the same event; only in an event's `where`."""

    property: Text = Field(description="The property's name, as the event source declares it.")


class StepOperand(Spec):
    """The value of a property of an earlier step; only in the `where` of a sequence's step."""

    step: Text = Field(description="The name that the step has by its `as`.", examples=["cart"])
    property: Text = Field(description="The property's name, as the step's event source declares it.")


def _operand_tag(value: object) -> str:
    if isinstance(value, dict):
        for key in ("attribute", "trait", "step", "property"):
            if key in value:
                return f"~{key}"
        return "~attribute"
    return "~value"


Operand = TypeAliasType(
    "Operand",
    Annotated[
        Annotated[Scalar, Tag("~value")]
        | Annotated[AttributeOperand, Tag("~attribute")]
        | Annotated[TraitOperand, Tag("~trait")]
        | Annotated[PropertyOperand, Tag("~property")]
        | Annotated[StepOperand, Tag("~step")],
        Discriminator(_operand_tag),
    ],
)
"""A literal, `{attribute: …}`, `{trait: …}` or, in an event's `where`, `{property: …}`; in the `where` of a
sequence's step also `{step: …, property: …}`."""

Operands = Annotated[list[Operand], Field(min_length=1)]
Two = Annotated[list[Operand], Field(min_length=2, max_length=2)]


class Comparisons(Spec):
    """One or more operators; a value must satisfy all of them.

    A missing value satisfies no operator, except that a negated operator is exactly the complement of its
    positive one.
    """

    is_: Maybe[Operand] = Field(
        default=None, alias="is", description="Equal to this value.", examples=["GB", 3, True]
    )
    is_not: Maybe[Operand] = Field(
        default=None, description="Not equal to this value; a missing value counts too.", examples=["GB"]
    )
    in_: Maybe[Operands] = Field(
        default=None, alias="in", description="Equal to one of these values.", examples=[["GB", "IE"]]
    )
    not_in: Maybe[Operands] = Field(
        default=None,
        description="Equal to none of these values; a missing value counts too.",
        examples=[["GB"]],
    )
    at_least: Maybe[Operand] = Field(default=None, description="This number or more.", examples=[500])
    at_most: Maybe[Operand] = Field(default=None, description="This number or less.", examples=[10])
    more_than: Maybe[Operand] = Field(default=None, description="More than this number.", examples=[0])
    less_than: Maybe[Operand] = Field(default=None, description="Less than this number.", examples=[3])
    between: Maybe[Two] = Field(
        default=None,
        description="Two numbers, both included; or two points in time, the second one excluded.",
        examples=[[10, 20], ["90 days ago", "30 days ago"]],
    )
    contains: Maybe[Operand] = Field(
        default=None, description="The text has this text in it.", examples=["@example."]
    )
    not_contains: Maybe[Operand] = Field(
        default=None, description="The text does not have this text in it.", examples=["test"]
    )
    starts_with: Maybe[Operand] = Field(
        default=None, description="The text begins with this text.", examples=["SW"]
    )
    not_starts_with: Maybe[Operand] = Field(
        default=None, description="The text does not begin with this text.", examples=["test"]
    )
    ends_with: Maybe[Operand] = Field(
        default=None, description="The text ends with this text.", examples=["@example.com"]
    )
    not_ends_with: Maybe[Operand] = Field(
        default=None, description="The text does not end with this text.", examples=["@example.com"]
    )
    matches: Maybe[Text] = Field(
        default=None,
        description="The regular expression is found in the text.",
        examples=["^[A-Z]{2}[0-9]+$"],
    )
    not_matches: Maybe[Text] = Field(
        default=None, description="The regular expression is not found in the text.", examples=["^test"]
    )
    is_set: Maybe[bool] = Field(
        default=None, description="true: there is a value; false: it is missing.", examples=[True, False]
    )
    includes: Maybe[Operand] = Field(
        default=None, description="The list holds this value.", examples=["news"]
    )
    includes_any: Maybe[Operands] = Field(
        default=None, description="The list holds one of these values.", examples=[["news", "offers"]]
    )
    includes_all: Maybe[Operands] = Field(
        default=None, description="The list holds all of these values.", examples=[["news", "offers"]]
    )
    within: Maybe[Text] = Field(
        default=None,
        description="In this length of time before now.",
        examples=["30 days", "2 calendar months"],
    )
    not_within: Maybe[Text] = Field(
        default=None,
        description="Not in this length of time before now; missing counts too.",
        examples=["30 days"],
    )
    within_next: Maybe[Text] = Field(
        default=None, description="In this length of time from now on.", examples=["14 days"]
    )
    before: Maybe[Operand] = Field(
        default=None, description="Before this point in time.", examples=["2026-01-01", "30 days ago"]
    )
    after: Maybe[Operand] = Field(
        default=None, description="At or after this point in time.", examples=["2026-01-01", "start of month"]
    )
    on: Maybe[Operand] = Field(
        default=None, description="On this day, by the entity's clock.", examples=["2026-01-01", "today"]
    )
    near: Maybe[NearSpec] = Field(
        default=None,
        description="The location is within a distance of this point.",
        examples=[{"latitude": 51.5, "longitude": -0.12, "within": "10 km"}],
    )
    not_near: Maybe[NearSpec] = Field(
        default=None, description="The location is farther from this point; a missing one counts too."
    )
    ignore_case: Maybe[bool] = Field(
        default=None, description="true: text is compared without regard to capitals.", examples=[True]
    )
