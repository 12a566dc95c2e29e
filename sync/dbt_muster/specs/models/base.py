"""What all models share: the base class, names, texts, and the literal values of conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticOmit, core_schema

from dbt_muster.specs.names import LONGEST_NAME

TAG = "~"
"""What the tags of unions begin with, so that they are told from keys in the location of an error."""


class Spec(BaseModel):
    """A mapping of a spec file: its keys are known, and no value is converted on the quiet."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=False)


Text = Annotated[str, StringConstraints(min_length=1)]
"""Any text but an empty one."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=LONGEST_NAME)]
"""The name of a thing that muster makes a table or a column of."""

TableName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=LONGEST_NAME)
]
"""The name of an entity or an event source: two underscores in a row would end it in a table's name."""


class _LiteralSchema:
    """A single value as YAML writes it: text, a whole number, an exact decimal, true or false."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema((str, int, Decimal), cls_repr="value")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": ["string", "number", "boolean"], "title": "Value"}


Scalar = Annotated[Any, _LiteralSchema]
"""A literal value of a condition."""


def some_of(*keys: str) -> dict[str, JsonValue]:
    """For the published schema: at least one of these keys stands in the mapping."""
    return {"anyOf": [{"required": [key]} for key in keys]}


def one_of(*keys: str) -> dict[str, JsonValue]:
    """For the published schema: exactly one of these keys stands in the mapping."""
    return {"oneOf": [{"required": [key]} for key in keys]}


class _NeverNull:
    """A key may be left out, and where it stands it has a value: None is only what a missing key reads as."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


Given = TypeVar("Given")
Maybe = Annotated[Given | None, _NeverNull]
"""An optional key: None means that it is not there, and no file can write None."""


class Hole:
    """Stands in for a condition that has been reported already, so that the others can still be read."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        raise PydanticOmit  # no file can hold one
