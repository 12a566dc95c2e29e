"""The operators, and what stands on their right side."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from dbt_muster.specs.models.base import Scalar, Spec, Text


class AttributeOperand(Spec):
    """The value of another attribute of the same entity."""

    attribute: Text = Field(description="The attribute's name, as the entity declares it.")


class TraitOperand(Spec):
    """The value of a calculated attribute of the same entity."""

    trait: Text = Field(description="The trait's name.")


class PropertyOperand(Spec):
    """The value of another property of the same event; only in an event's `where`."""

    property: Text = Field(description="The property's name, as the event source declares it.")


def _operand_tag(value: object) -> str:
    if isinstance(value, dict):
        for key in ("attribute", "trait", "property"):
            if key in value:
                return f"~{key}"
        return "~attribute"
    return "~value"


Operand = Annotated[
    Annotated[Scalar, Tag("~value")]
    | Annotated[AttributeOperand, Tag("~attribute")]
    | Annotated[TraitOperand, Tag("~trait")]
    | Annotated[PropertyOperand, Tag("~property")],
    Discriminator(_operand_tag),
]
"""A literal, `{attribute: …}`, `{trait: …}` or, in an event's `where`, `{property: …}`."""

Operands = Annotated[list[Operand], Field(min_length=1)]
Two = Annotated[list[Operand], Field(min_length=2, max_length=2)]


def _operator(description: str, *examples: Any, alias: str | None = None) -> Any:
    return Field(default=None, alias=alias, description=description, examples=list(examples))


class Comparisons(Spec):
    """One or more operators; a value must satisfy all of them.

    A missing value satisfies no operator, except that a negated operator is exactly the complement of its
    positive one.
    """

    is_: Operand = _operator("Equal to this value.", "GB", 3, True, alias="is")
    is_not: Operand = _operator("Not equal to this value; a missing value counts too.", "GB")
    in_: Operands = _operator("Equal to one of these values.", ["GB", "IE"], alias="in")
    not_in: Operands = _operator("Equal to none of these values; a missing value counts too.", ["GB"])
    at_least: Operand = _operator("This number or more.", 500)
    at_most: Operand = _operator("This number or less.", 10)
    more_than: Operand = _operator("More than this number.", 0)
    less_than: Operand = _operator("Less than this number.", 3)
    between: Two = _operator(
        "Two numbers, both included; or two points in time, the second one excluded.",
        [10, 20],
        ["90 days ago", "30 days ago"],
    )
    contains: Operand = _operator("The text has this text in it.", "@example.")
    not_contains: Operand = _operator("The text does not have this text in it.", "test")
    starts_with: Operand = _operator("The text begins with this text.", "SW")
    not_starts_with: Operand = _operator("The text does not begin with this text.", "test")
    ends_with: Operand = _operator("The text ends with this text.", "@example.com")
    not_ends_with: Operand = _operator("The text does not end with this text.", "@example.com")
    matches: Text = _operator("The regular expression is found in the text.", "^[A-Z]{2}[0-9]+$")
    not_matches: Text = _operator("The regular expression is not found in the text.", "^test")
    is_set: bool = _operator("true: there is a value; false: it is missing.", True, False)
    includes: Operand = _operator("The list holds this value.", "news")
    includes_any: Operands = _operator("The list holds one of these values.", ["news", "offers"])
    includes_all: Operands = _operator("The list holds all of these values.", ["news", "offers"])
    within: Text = _operator("In this length of time before now.", "30 days", "2 calendar months")
    not_within: Text = _operator("Not in this length of time before now; missing counts too.", "30 days")
    within_next: Text = _operator("In this length of time from now on.", "14 days")
    before: Operand = _operator("Before this point in time.", "2026-01-01", "30 days ago")
    after: Operand = _operator("At or after this point in time.", "2026-01-01", "start of month")
    on: Operand = _operator("On this day, by the entity's clock.", "2026-01-01", "today")
    ignore_case: bool = _operator("true: text is compared without regard to capitals.", True)
