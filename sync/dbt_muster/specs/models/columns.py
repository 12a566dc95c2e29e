"""Columns of source tables, and the `model:` that they stand in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from dbt_muster.specs.models.base import Maybe, Spec, Text

TypeName = Literal[
    "string", "integer", "number", "boolean", "date", "timestamp", "timestamptz", "list", "location"
]

ModelReference = Annotated[
    str,
    Field(
        min_length=1,
        description="The dbt model or source that holds the rows.",
        examples=["ref('dim_customers')", "ref('package', 'model')", "source('shop', 'customers')"],
    ),
]


class ColumnSpec(Spec):
    """A column, and how to read it."""

    column: Maybe[Text] = Field(
        default=None, description="The column's name; without it, the name of this entry."
    )
    type: Maybe[TypeName] = Field(
        default=None,
        description="The values' type; a `timestamp` has no zone, a `timestamptz` has,"
        " a `list` holds texts; a `location` has two columns.",
    )
    timezone: Maybe[Text] = Field(
        default=None,
        description="For a `timestamp`: the zone that its values are written in. Default UTC.",
        examples=["Europe/London"],
    )


def _path_tag(value: object) -> str:
    return "~list" if isinstance(value, list) else "~text"


class ValueSpec(ColumnSpec):
    """An attribute or a property: a column, or a value out of a column of JSON."""

    path: Maybe[
        Annotated[
            Annotated[Text, Tag("~text")]
            | Annotated[Annotated[list[Text], Field(min_length=2)], Tag("~list")],
            Discriminator(_path_tag),
        ]
    ] = Field(
        default=None,
        description="Where the value stands in JSON: the column, and the keys down to it. It needs a `type`.",
        examples=["properties.plan", ["properties", "a.b"]],
    )

    latitude: Maybe[Text] = Field(
        default=None, description="Of a `location`: the column of its degrees north.", examples=["lat"]
    )
    longitude: Maybe[Text] = Field(
        default=None, description="Of a `location`: the column of its degrees east.", examples=["lon"]
    )


class NamedColumnSpec(ColumnSpec):
    """A column where no name is at hand to infer it from."""

    column: Text = Field(description="The column's name.")


class IdentifierSpec(Spec):
    """Something that a destination may match on."""

    column: Maybe[Text] = Field(
        default=None, description="The column's name; without it, the identifier's name."
    )
    default_country: Maybe[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = Field(
        default=None,
        description="For phone numbers that are written without a country: its two-letter code (ISO 3166-1).",
        examples=["GB"],
    )
    hashed: Maybe[Literal["sha256"]] = Field(
        default=None,
        description="The column holds hashes, in hex; without this, whatever looks like one is clear text.",
    )
    list_: Maybe[bool] = Field(
        default=None,
        alias="list",
        description="The column holds several values: a list of the warehouse's, or a JSON array as text.",
    )
    model: Maybe[ModelReference] = Field(default=None)
    key: Maybe[Text] = Field(
        default=None,
        description="Of a `model`: the column of the entity's key; without it, that of the entity's own.",
        examples=["customer_id"],
    )
    most: Maybe[Annotated[int, Field(ge=1, le=100)]] = Field(
        default=None,
        description="Of several values: how many are sent at most, in the order of the alphabet. Default 10.",
        examples=[3],
    )


def _column_tag(value: object) -> str:
    if value is None:
        return "~none"
    return "~mapping" if isinstance(value, dict) else "~column"


NamedColumn = Annotated[
    Annotated[Text, Tag("~column")] | Annotated[NamedColumnSpec, Tag("~mapping")],
    Discriminator(_column_tag),
]
"""A column's name, or a mapping of `column` and `type`."""

Column = Annotated[
    Annotated[Text, Tag("~column")] | Annotated[ValueSpec, Tag("~mapping")] | Annotated[None, Tag("~none")],
    Discriminator(_column_tag),
]
"""A column's name, a mapping, or nothing: then the column has the entry's own name."""

Identifier = Annotated[
    Annotated[Text, Tag("~column")]
    | Annotated[IdentifierSpec, Tag("~mapping")]
    | Annotated[None, Tag("~none")],
    Discriminator(_column_tag),
]
"""A column's name, a mapping, or nothing: then the column has the identifier's own name."""
