"""Mistakes in a destination's settings and a sync's options, each at its place in its file.

A value never stands in a message: it may have come from the environment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dbt_muster.specs.meaning import Position
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.problems import Problem


@dataclass(frozen=True)
class Place:
    """A mapping in a spec file: where it stands, and where each of its values does.

    Attributes:
        root: the project's folder.
        position: of the whole.
        positions: of every value, by its key; nested keys are joined by dots.
        what: what the mapping is, in words, for messages.
        elsewhere: keys that stand at another place, and that place in words.
    """

    root: Path
    position: Position
    positions: Mapping[str, Position]
    what: str
    elsewhere: tuple[Collection[str], str] = ((), "")

    def problem(
        self,
        path: Iterable[object],
        code: str,
        message: str,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> Problem:
        """A mistake at a key, or at the nearest thing around it whose place is known."""
        keys = _named(path)
        known = (".".join(keys[:length]) for length in range(len(keys), 0, -1))
        position = next((self.positions[name] for name in known if name in self.positions), self.position)
        return Problem.at(self.root, position, code, message, expected=expected, suggestion=suggestion)


def mistakes(
    place: Place, model: type[BaseModel], error: ValidationError, unknown: frozenset[str]
) -> Iterator[Problem]:
    """What is wrong with values, one problem each.

    Args:
        place: where they stand.
        model: what they should be.
        error: what pydantic found.
        unknown: keys whose values are not known, because they come from an environment that is not there;
            nothing is said about them, nor about how several settings fit together.
    """
    found = error.errors(include_input=False, include_url=False)
    for item in found:
        location = item["loc"]
        if unknown and (not location or location[0] in unknown):
            continue
        # A list all of whose items are wrong is called too short as well.
        inside = (each["loc"][: len(location)] for each in found if each is not item)
        if item["type"] == "too_short" and location in inside:
            continue
        yield _mistake(place, model, item)


def _mistake(place: Place, model: type[BaseModel], item: ErrorDetails) -> Problem:
    location, kind = item["loc"], item["type"]
    key = ".".join(_named(location))
    if kind == "extra_forbidden":
        names = sorted(_fields(model, location[:-1]))
        near = nearest(str(location[-1]), names)
        others, there = place.elsewhere
        if key in others:
            message = f"{key}: this is no setting of {place.what}"
            return place.problem(location, "unknown_setting", message, expected=f"`{key}:` {there}")
        return place.problem(
            location,
            "unknown_setting",
            f"{key}: there is no such setting of {place.what}",
            expected=one_of(names) or "none besides those of every sync",
            suggestion=f"`{near}`" if near else None,
        )
    if kind == "missing":
        return place.problem(
            location[:-1],
            "missing_setting",
            f"the key `{key}` of {place.what} is missing",
            expected=f"`{location[-1]}:`{_meaning(model, location)}",
        )
    said = _said(item)
    message = f"{key}: {said}" if key else said
    return place.problem(location, "setting", message, expected=_expected(kind, item.get("ctx", {})))


def _said(item: ErrorDetails) -> str:
    if _expected(item["type"], item.get("ctx", {})) is not None:
        return "this cannot be its value"
    if item["type"] == "string_pattern_mismatch":
        return f"this cannot be its value, which has to match {item['ctx']['pattern']}"
    text = item["msg"].removeprefix("Value error, ").removesuffix(".")
    return text[:1].lower() + text[1:]


def _expected(kind: str, context: Mapping[str, Any]) -> str | None:
    match kind:
        case "literal_error" | "enum":
            return "one of " + str(context["expected"]).replace("'", "`").replace(" or ", ", ")
        case "int_type" | "int_parsing" | "int_from_float":
            return "a whole number"
        case "float_type" | "float_parsing":
            return "a number"
        case "bool_type" | "bool_parsing":
            return "`true` or `false`"
        case "string_type":
            return "text"
        case "list_type" | "tuple_type":
            return "a list"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "a mapping of keys and values"
        case "greater_than_equal":
            return f"{context['ge']} or more"
        case "greater_than":
            return f"more than {context['gt']}"
        case "less_than_equal":
            return f"{context['le']} at most"
        case "less_than":
            return f"less than {context['lt']}"
        case "string_too_short":
            return "a text that is not empty"
        case "too_short":
            return f"{context['min_length']} at least"
        case "too_long":
            return f"{context['max_length']} at most"
    return None


def _named(path: Iterable[object]) -> list[str]:
    """The keys of a path, without the numbers of items: one item may be written without a list."""
    return [str(key) for key in path if not isinstance(key, int)]


def _fields(model: type[BaseModel], path: tuple[int | str, ...]) -> Iterable[str]:
    """The names of the settings that stand beside one at a path of nested models."""
    for key in path:
        field = model.model_fields.get(str(key))
        inner = getattr(field, "annotation", None)
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return ()
        model = inner
    return model.model_fields


def _meaning(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    field = model.model_fields.get(str(location[0])) if len(location) == 1 else None
    described = (field.description or "").removesuffix(".") if field is not None else ""
    return f", {described[:1].lower()}{described[1:]}" if described else ""
