"""Which keys a model admits at the location of an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeGuard, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from dbt_muster.specs.models.base import TAG


def keys_at(model: type[BaseModel], location: Sequence[str | int]) -> tuple[str, ...]:
    """The keys of the mapping at an error's location, as they are written in a file."""
    shape: object = model
    for item in location:
        shape = _step(_bare(shape), item)
    shape = _bare(shape)
    return tuple(_fields(shape)) if _is_model(shape) else ()


def _step(shape: object, item: str | int) -> object:
    if isinstance(item, str) and item.startswith(TAG):
        return next((branch for tag, branch in _branches(shape) if tag == item), None)
    if _is_model(shape):
        field = _fields(shape).get(str(item))
        return field.annotation if field else None
    arguments = get_args(shape)
    return arguments[-1] if arguments else None  # the items of a list, the values of a mapping


def _bare(shape: object) -> object:
    """A type without its alias; the annotations of a union's branches are kept for their tags."""
    while True:
        if isinstance(shape, TypeAliasType):
            shape = shape.__value__
        elif get_origin(shape) is Annotated or type(None) in get_args(shape):
            shape = get_args(shape)[0]  # what is annotated, or what an optional key holds
        else:
            return shape


def _branches(union: object) -> Iterator[tuple[str, object]]:
    for branch in get_args(union):
        for mark in get_args(branch)[1:]:
            if isinstance(mark, Tag):
                yield mark.tag, branch


def _is_model(shape: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}
