"""Families of audiences: one extends another, and placeholders take the values of parameters.

This happens before anything is checked, so everything after it sees plain audiences. What is inherited keeps
its place in the file that it was written in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from dbt_muster.specs.files import Found, Reading
from dbt_muster.specs.meaning import Position
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.yaml_tree import Document, YamlPath

_OWN = frozenset({"audience", "enabled", "extends", "parameters"})
"""The keys that nobody inherits; parameters are merged name by name."""

_NOT_FILLED = frozenset({"audience", "extends", "parameters"})
_OPENS = re.compile(r"\{\{(?!\s*env_var\s*\()(.*?)(?:\}\}|\Z)", re.DOTALL)
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Derived(Document):
    """An audience with what it inherits: each key stands in the document that it was written in."""

    inherited: Mapping[str, Document] = field(default_factory=dict)

    def position(self, path: YamlPath = (), *, key: bool = False) -> Position:
        """The place of the value or the key at `path`, in whichever file it was written."""
        origin = self._origin(path)
        return super().position(path, key=key) if origin is None else origin.position(path, key=key)

    def problem(
        self,
        path: YamlPath,
        code: str,
        message: str,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
        key: bool = False,
    ) -> Problem:
        """A problem at `path`; where that was inherited, it says for whom."""
        origin = self._origin(path)
        if origin is None:
            return super().problem(path, code, message, expected=expected, suggestion=suggestion, key=key)
        found = origin.problem(path, code, message, expected=expected, suggestion=suggestion, key=key)
        return replace(found, about=str(self.data.get("audience")))

    def _origin(self, path: YamlPath) -> Document | None:
        return self.inherited.get(str(path[0])) if path else None


@dataclass(frozen=True)
class _Whole:
    """An audience with what it inherits, before its placeholders are filled."""

    data: dict[str, Any]
    inherited: dict[str, Document]
    parameters: dict[str, Any]


def expand(reading: Reading) -> list[Found]:
    """Every document; audiences with what they inherit, and with the values of their parameters.

    An audience whose family is not known is reported, and left out.
    """
    return _Families(reading).expanded()


class _Families:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.audiences: dict[str, Document] = {}
        for found in reading.found:
            if found.kind == "audience" and isinstance(found.document.data.get("audience"), str):
                self.audiences.setdefault(found.document.data["audience"], found.document)
        self.wholes: dict[int, _Whole | None] = {}

    def expanded(self) -> list[Found]:
        documents: list[Found] = []
        for found in self.reading.found:
            data = found.document.data
            if found.kind != "audience" or data.keys().isdisjoint(("extends", "parameters")):
                documents.append(found)
                continue
            whole = self._whole(found.document, ())
            if whole is None:
                self.reading.broken["audience"] |= {str(data.get("audience")), found.document.file.stem}
            else:
                documents.append(Found("audience", self._filled(found.document, whole)))
        return documents

    def _whole(self, document: Document, trail: tuple[str, ...]) -> _Whole | None:
        """An audience and all that it extends; None where one of these is not known."""
        if id(document) not in self.wholes:
            self.wholes[id(document)] = self._found(document, trail)
        return self.wholes[id(document)]

    def _found(self, document: Document, trail: tuple[str, ...]) -> _Whole | None:
        own = document.data
        parameters = own.get("parameters")
        given = dict(parameters) if isinstance(parameters, dict) else {}
        name = own.get("extends")
        if not isinstance(name, str):
            return _Whole(own, {}, given)
        trail = (*trail, str(own.get("audience")))
        parent = self.audiences.get(name)
        if name in trail:
            self._report_circle(document, [*trail[trail.index(name) :], name])
            return None
        if parent is None:
            self._report_unknown(document, name)
            return None
        above = self._whole(parent, trail)
        if above is None:
            return None
        taken = {key: value for key, value in above.data.items() if key not in own and key not in _OWN}
        origins = {key: above.inherited.get(key, parent) for key in taken}
        return _Whole({**own, **taken}, origins, {**above.parameters, **given})

    def _report_circle(self, document: Document, circle: list[str]) -> None:
        message = f"these audiences extend each other in a circle: {' → '.join(circle)}"
        expected = "no way back to the same audience"
        problem = document.problem(("extends",), "cycle", message, expected=expected)
        self.reading.problems.append(problem)

    def _report_unknown(self, document: Document, name: str) -> None:
        if name in self.reading.broken["audience"]:
            return
        near = nearest(name, self.audiences)
        problem = document.problem(
            ("extends",),
            "unknown_audience",
            f"there is no audience `{name}` to extend",
            expected=one_of(self.audiences.keys() - {document.data.get("audience")})
            or "an audience with a file under audience_specs/audiences",
            suggestion=f"`{near}`" if near else None,
        )
        self.reading.problems.append(problem)

    def _filled(self, document: Document, whole: _Whole) -> Document:
        derived = Derived(
            document.file, document.lines, document.node, whole.data, document.number, whole.inherited
        )
        filling = _Filling(derived, whole.parameters, self.reading.problems)
        data = {
            key: value if key in _NOT_FILLED else filling.filled(value, (key,))
            for key, value in whole.data.items()
        }
        own = document.data.get("parameters")
        for name in own if isinstance(own, dict) else ():
            if name not in filling.used and _PLAIN.fullmatch(name):
                message = f"the parameter `{name}` is not used: no text holds `{{{{ {name} }}}}`"
                near = nearest(name, filling.unknown)
                suggestion = f"`{near}`" if near else None
                problem = document.problem(
                    ("parameters", name), "unused_parameter", message, suggestion=suggestion, key=True
                )
                self.reading.problems.append(problem)
        return replace(derived, data=data)


class _Filling:
    """Puts values in the place of `{{ name }}`; what cannot be is reported, and left as it stands."""

    def __init__(self, document: Document, parameters: Mapping[str, Any], problems: list[Problem]) -> None:
        self.document = document
        self.parameters = parameters
        self.problems = problems
        self.used: set[str] = set()
        self.unknown: set[str] = set()

    def filled(self, value: Any, path: YamlPath) -> Any:
        if isinstance(value, dict):
            return {key: self.filled(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item, (*path, index)) for index, item in enumerate(value)]
        return self._text(value, path) if isinstance(value, str) and "{{" in value else value

    def _text(self, text: str, path: YamlPath) -> Any:
        alone = _OPENS.fullmatch(text.strip())
        if alone and text.strip().endswith("}}"):
            known = self._known(alone, path)
            return self.parameters[known] if known else text
        return _OPENS.sub(lambda found: self._inside(found, path), text)

    def _inside(self, found: re.Match[str], path: YamlPath) -> str:
        name = self._known(found, path)
        if name is None:
            return found[0]
        value = self.parameters[name]
        if isinstance(value, list | dict):
            message = f"the parameter `{name}` is a list, which cannot stand inside a text"
            self._report(path, "parameter", message, expected=f"`{{{{ {name} }}}}` alone")
        return _written(value)

    def _known(self, found: re.Match[str], path: YamlPath) -> str | None:
        name = found[1].strip()
        if not _PLAIN.fullmatch(name) or not found[0].endswith("}}"):
            message = f"`{found[0]}` is not the name of a parameter"
            self._report(path, "parameter", message, expected="`{{ name }}`: a name alone, no expression")
            return None
        if name in self.parameters:
            self.used.add(name)
            return name
        self.unknown.add(name)
        near = nearest(name, self.parameters)
        expected = one_of(self.parameters) or "a value under `parameters:`"
        self._report(
            path, "unknown_parameter", f"there is no parameter `{name}`", expected=expected, suggestion=near
        )
        return None

    def _report(
        self, path: YamlPath, code: str, message: str, *, expected: str, suggestion: str | None = None
    ) -> None:
        meant = f"`{suggestion}`" if suggestion else None
        self.problems.append(self.document.problem(path, code, message, expected=expected, suggestion=meant))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
