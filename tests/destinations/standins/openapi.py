"""Holds calls to a platform's own OpenAPI definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.destinations.standins.base import Call

_DEFINITIONS = Path(__file__).parent.parent / "definitions"


class OpenApi:
    """A definition, cut down to some calls.

    A key that a schema does not name passes in OpenAPI; here it is a violation, because a misspelt key is
    what a test has to find.

    Args:
        file: its path below definitions/.
    """

    def __init__(self, file: str) -> None:
        document = json.loads((_DEFINITIONS / file).read_text())
        self._paths: Mapping[str, Any] = document["paths"]
        self._components = _strict(document.get("components", {}))

    def violations(self, call: Call) -> Iterator[str]:
        """What a call does that the definition does not have."""
        operation = self._operation(call)
        if operation is None:
            yield f"there is no {call.method} {call.path}"
            return
        yield from _parameters(operation.get("parameters", ()), call)
        body = operation.get("requestBody")
        if body is not None:
            yield from self._body(body["content"], call)
        elif call.body:
            yield f"{call.method} {call.path} takes no body"

    def _operation(self, call: Call) -> Mapping[str, Any] | None:
        """The operation of the path that fits with the fewest variables."""
        for path in sorted(self._paths, key=lambda path: path.count("{")):
            pattern = "".join(
                "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path)
            )
            if re.fullmatch(pattern, call.path) and call.method.lower() in self._paths[path]:
                found: Mapping[str, Any] = self._paths[path][call.method.lower()]
                return found
        return None

    def _body(self, content: Mapping[str, Any], call: Call) -> Iterator[str]:
        kind = call.headers.get("content-type", "").partition(";")[0]
        if kind not in content:
            yield f"{call.path} takes {', '.join(content)}, not {kind!r}"
            return
        schema = {**_strict(content[kind]["schema"]), "components": self._components}
        for error in Draft202012Validator(schema).iter_errors(call.json):
            yield f"{call.path}: {error.json_path}: {error.message}"


def _parameters(parameters: Any, call: Call) -> Iterator[str]:
    for where, given in (("query", call.query), ("header", call.headers)):
        known = {each["name"]: each for each in parameters if each["in"] == where}
        if where == "query":
            yield from (f"{call.path} has no parameter {name}" for name in given if name not in known)
        for name, each in known.items():
            value = given.get(name)
            if value is None and each.get("required"):
                yield f"{call.path} needs {name}"
            largest = each.get("schema", {}).get("maximum")
            if value is not None and largest is not None and int(value) > largest:
                yield f"{call.path}: {name} is over {largest}"


def _strict(value: Any) -> Any:
    """A schema in which objects have no other keys than those named, and `nullable` is a type."""
    if isinstance(value, list):
        return [_strict(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _strict(each) for key, each in value.items()}
    if found.get("type") == "object" and "properties" in found:
        found.setdefault("additionalProperties", False)
    if found.pop("nullable", False) is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found
