"""What a translation needs to know, what it yields, and how a node without a translation is told apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dbt_muster.specs.names import as_name

Node = Any
"""A part of a definition, as JSON reads it; numbers with a fraction are Decimals."""

Spec = dict[str, Any]
"""A part of a spec, as YAML writes it."""

_SHOWN = 160


class NotTranslatableError(Exception):
    """A node means something that no spec says exactly; the message is the reason.

    Args:
        reason: why, and where there is something, what to write instead.
        path: the node's place below the one that is being translated.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


@dataclass(frozen=True)
class Names:
    """How names of the other system are written here.

    Attributes:
        entity: the entity that the audience is of.
        events: for a table of many kinds of events, the event source: `{"events": "app"}` makes `app.<name>`.
        audiences: audiences by the other system's ids.
    """

    entity: str
    events: Mapping[str, str] = field(default_factory=dict)
    audiences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """A node that has no exact translation.

    Attributes:
        path: where it stands, such as `audience.expressions[2]`.
        fragment: the node's own JSON, shortened.
        reason: why it cannot be said exactly.
    """

    path: str
    fragment: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """A definition, translated.

    Attributes:
        criteria: what could be said exactly.
        gaps: what could not; without any, the spec means what the definition does.
        readings: what was assumed where the definition's own documents are silent.
    """

    criteria: Spec
    gaps: tuple[Gap, ...]
    readings: tuple[str, ...]


class Notes:
    """Gathers gaps and readings while a definition is translated."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self._readings: dict[str, None] = {}

    def read_as(self, reading: str) -> None:
        """Note an assumption, once."""
        self._readings[reading] = None

    def attempt(self, translate: Callable[[], Spec], node: Node, path: str) -> Spec | None:
        """The node's translation, or None with its gap noted."""
        try:
            return translate()
        except NotTranslatableError as error:
            self.gaps.append(Gap(path + error.path, fragment(node), error.reason))
            return None

    def imported(self, condition: Spec | None) -> Imported:
        """The whole, from its one condition."""
        criteria = condition or {"all": []}
        if not criteria.keys() <= {"all", "any", "none"}:
            criteria = {"all": [criteria]}
        return Imported(criteria, tuple(self.gaps), tuple(self._readings))


def fragment(node: Node) -> str:
    """The node's JSON on one line, cut where it is long."""
    text = json.dumps(node, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def name_of(path: str, what: str) -> str:
    """The name that an attribute or a property of a dotted path has in a spec.

    Raises:
        NotTranslatableError: nothing of the path can stand in a name.
    """
    name = as_name(path)
    if name is None:
        raise NotTranslatableError(f"`{path}` cannot be made into the name of {what}")
    return name


def mapping(node: Node, path: str = "") -> Spec:
    """The node, which must be a JSON object.

    Raises:
        NotTranslatableError: it is something else.
    """
    if not isinstance(node, dict):
        raise NotTranslatableError("an object was expected here", path)
    return node


def negated(condition: Spec) -> Spec:
    """The complement of a condition."""
    return {"none": [condition]}
