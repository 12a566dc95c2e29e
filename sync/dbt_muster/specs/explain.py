"""Mistakes in a spec's shape, in plain words: pydantic's errors become problems with a place and advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from dbt_muster.specs.expected import ALERT_EXPECTED, expected_at, kind_of
from dbt_muster.specs.files import Found
from dbt_muster.specs.models.base import TAG
from dbt_muster.specs.models.conditions import HEADS
from dbt_muster.specs.models.sequence import STEP_HEADS
from dbt_muster.specs.models.shape import keys_at
from dbt_muster.specs.models.where import GROUP_KEYS
from dbt_muster.specs.names import LONGEST_NAME, NAME_EXPECTED, as_name, nearest, one_of
from dbt_muster.specs.problems import SECRET, Problem
from dbt_muster.specs.yaml_tree import YamlPath

_CALLED = {"hashed": "hash that destinations take"}
"""What a choice is one of, where the key's name is no noun."""

KEY_MARK = "[key]"
"""What pydantic puts at the end of a location that is about a mapping's key."""


def yaml_path(location: Sequence[str | int]) -> YamlPath:
    """The place in the file that an error's location is about: without the tags of unions."""
    return tuple(
        item for item in location if item != KEY_MARK and not (isinstance(item, str) and item.startswith(TAG))
    )


def explain(found: Found, model: type[BaseModel], errors: list[ErrorDetails]) -> Iterator[Problem]:
    """One problem for each mistake; a missing key is not reported where it is only misspelt."""
    misspelt: set[YamlPath] = set()
    missing: list[ErrorDetails] = []
    for error in errors:
        if error["type"] == "missing":
            missing.append(error)
        elif error["type"] == "extra_forbidden":
            problem, meant = _unknown_key(found, model, error)
            misspelt.add(meant)
            yield problem
        else:
            yield _wrong_value(found, error)
    for error in missing:
        path = yaml_path(error["loc"])
        if path not in misspelt:
            yield _missing_key(found, error, path)


def _missing_key(found: Found, error: ErrorDetails, path: YamlPath) -> Problem:
    key = str(path[-1])
    given = [str(name) for name in error["input"]] if isinstance(error["input"], dict) else []
    where = f" after `{given[0]}`" if given and len(path) > 1 else ""
    expected = expected_at(path)
    return found.document.problem(
        path[:-1],
        "missing_key",
        f"the key `{key}` is missing{where}",
        expected=f"`{key}:` with {expected}" if expected else f"`{key}:`",
    )


def _unknown_key(found: Found, model: type[BaseModel], error: ErrorDetails) -> tuple[Problem, YamlPath]:
    path = yaml_path(error["loc"])
    key = str(path[-1])
    known = keys_at(model, error["loc"][:-1])
    if key in HEADS and any(head in known for head in HEADS):
        message = f"`{key}` stands in a condition that is about something else already"
        expected = "each condition as an item of its own, with a dash before it"
        return found.document.problem(path, "unknown_key", message, expected=expected, key=True), path
    if key in STEP_HEADS and any(head in known for head in STEP_HEADS):
        message = f"`{key}` stands in a step that is about something else already"
        expected = "each step as an item of its own, with a dash before it"
        return found.document.problem(path, "unknown_key", message, expected=expected, key=True), path
    near = nearest(key, known)
    problem = found.document.problem(
        path,
        "unknown_key",
        f"there is no key `{key}` here",
        expected=one_of(known),
        suggestion=f"`{near}`" if near else None,
        key=True,
    )
    return problem, (*path[:-1], near or key)


def _wrong_value(found: Found, error: ErrorDetails) -> Problem:
    path = yaml_path(error["loc"])
    value: Any = error["input"]
    kind, context = error["type"], error.get("ctx", {})
    key = next((str(item) for item in reversed(path) if isinstance(item, str)), "")
    document = found.document
    if kind in ("string_pattern_mismatch", "string_too_long") and "[a-z]" in context.get("pattern", "[a-z]"):
        return _bad_name(found, error, path)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _no_condition(found, path, value)
    if path[:1] == ("alerts",) and len(path) == 2 and isinstance(value, str):
        return document.problem(path, SECRET, "an alert is more than a text", expected=f"`{ALERT_EXPECTED}`")
    if value is None:
        expected = expected_at(path) or ("a text" if kind == "string_type" else _wanted(kind, context))
        return document.problem(path, "no_value", f"`{key}` has no value", expected=expected, key=True)
    if kind == "literal_error":
        names = [name.strip("'") for name in context["expected"].replace(" or ", ", ").split(", ")]
        near = nearest(value, names) if isinstance(value, str) else None
        shown = str(value).lower() if isinstance(value, bool) else value
        message = f"`{shown}` is not {'an' if key[:1] in 'aeiou' else 'a'} {_CALLED.get(key, key)}"
        suggestion = f"`{near}`" if near else None
        return document.problem(path, "wrong_value", message, expected=one_of(names), suggestion=suggestion)
    expected = _wanted(kind, context)
    if path == ("holdout", "share"):
        expected = "a percentage with two places at most, such as `5%`"
    elif isinstance(path[-1] if path else None, str) and (known := expected_at(path)):
        expected = known
    elif path[:1] == ("split",):
        expected = "a percentage with two places at most, such as `10%` or `33.33%`"
    return document.problem(path, "wrong_type", _found_here(key, path, value, kind), expected=expected)


def _found_here(key: str, path: YamlPath, value: object, error: str) -> str:
    if error in ("too_short", "string_too_short"):
        return f"`{key}` has too little in it" if value else f"`{key}` is empty"
    if error == "too_long":
        return f"`{key}` has too many items"
    item = " holds" if path and isinstance(path[-1], int) else " is"
    return f"`{key}`{item} {kind_of(value)}" if key else f"this is {kind_of(value)}"


def _bad_name(found: Found, error: ErrorDetails, path: YamlPath) -> Problem:
    value = str(error["input"])
    is_key = error["loc"][-1] == KEY_MARK
    near = as_name(value)
    too_long = len(value) > LONGEST_NAME
    message = (
        f"the name `{value}` is longer than {LONGEST_NAME} characters"
        if too_long
        else f"`{value}` cannot be a name"
    )
    expected = NAME_EXPECTED
    if "__" in value and not too_long:
        expected = f"{NAME_EXPECTED}; no two underscores in a row"
        near = near and near.replace("__", "_")
    suggestion = f"`{near}`" if near and near != value else None
    return found.document.problem(path, "name", message, expected=expected, suggestion=suggestion, key=is_key)


def _is_in_where(found: Found, path: YamlPath) -> bool:
    """Whether a place is in an event's `where`; that of `through` has criteria like any other."""
    last = max((index for index, step in enumerate(path) if step == "where"), default=None)
    if last is None:
        return False
    parent: Any = found.document.data
    for step in path[:last]:
        parent = parent[step]
    return "through" not in parent


def _no_condition(found: Found, path: YamlPath, value: object) -> Problem:
    if path[-2:-1] == ("sequence",):
        return _no_step(found, path, value)
    in_where = _is_in_where(found, path)
    heads = ("property",) if in_where else HEADS
    expected = f"a condition: a mapping with {one_of([*heads, *GROUP_KEYS])}"
    if not isinstance(value, dict):
        message = f"this condition is {kind_of(value)}"
        return found.document.problem(path, "wrong_type", message, expected=expected)
    if in_where and any(head in value for head in HEADS):
        message = "a condition in `where` is about a property of the event"
        return found.document.problem(path, "unknown_key", message, expected=expected)
    if "property" in value:
        message = "`property` stands only in an event's `where`"
        return found.document.problem(
            (*path, "property"), "unknown_key", message, expected=expected, key=True
        )
    message = "this condition does not say what it is about"
    return found.document.problem(path, "unknown_key", message, expected=expected)


def _no_step(found: Found, path: YamlPath, value: object) -> Problem:
    expected = "a step: `event:` with what happened, or `without:` with what did not"
    if not isinstance(value, dict):
        message = f"this step is {kind_of(value)}"
        suggestion = f"`event: {value}`" if isinstance(value, str) else None
        return found.document.problem(path, "wrong_type", message, expected=expected, suggestion=suggestion)
    if any(key in GROUP_KEYS for key in value):
        message = "a sequence has steps, one after another, and no groups of them"
    else:
        message = "this step does not say what happened"
    return found.document.problem(path, "unknown_key", message, expected=expected)


_WANTED = {
    "string_type": "text; a number or true and false as text in quotes",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "list_type": "a list, such as `[a, b]`",
    "dict_type": "a mapping of keys and values",
    "model_type": "a mapping of keys and values",
    "is_instance_of": "a single value",
    "string_too_short": "a text that is not empty",
}


def _wanted(kind: str, context: dict[str, Any]) -> str | None:
    if kind == "too_short":
        return f"{context['min_length']} or more items"
    if kind == "too_long":
        return f"{context['max_length']} items"
    if kind == "greater_than_equal":
        return f"a whole number, {context['ge']} or more"
    if kind == "less_than_equal":
        return f"a whole number, {context['le']} or less"
    return _WANTED.get(kind)
