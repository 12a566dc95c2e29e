"""Taking reported mistakes out of a spec, so that the rest of it can still be checked in the same run.

What comes out is only ever checked: a project with any problem is never returned.
"""

from __future__ import annotations

from dbt_muster.specs.files import Kind
from dbt_muster.specs.models.base import Hole
from dbt_muster.specs.yaml_tree import YamlPath

UNSAID = "?"
"""Stands for a name that has been reported as missing or wrong; it is never looked up."""

_CONDITION_LISTS = frozenset({"all", "any", "none", "criteria", "where", "sequence"})
_NULLABLE_ENTRIES = frozenset({"attributes", "properties", "identifiers"})
_ENTITY: dict[str, object] = {"entity": "unsaid", "model": "ref('unsaid')", "key": UNSAID}
_LINK: dict[str, object] = {"model": "ref('unsaid')", "link": [{"unsaid": UNSAID}, {"unsaid": "unsaid"}]}
_ALERT: dict[str, object] = {"type": "slack", "url": "{{ env_var('UNSAID') }}"}
_ALIASES: dict[str, object] = {"model": "ref('unsaid')", "from": UNSAID, "to": f"{UNSAID}{UNSAID}"}
_SOURCE: dict[str, object] = {"model": "ref('unsaid')", "key": UNSAID, "at": UNSAID}


def _stand_in(kind: Kind, path: YamlPath) -> object:
    """A value for a required key that has been reported, or None where the key can be left out."""
    key = path[-1]
    if kind == "entity":
        if len(path) == 1:
            return _ENTITY.get(str(key))
        if path[0] == "aliases":
            return _ALIASES.get(str(key)) if len(path) == 2 else None
        return _SOURCE.get(str(key)) if len(path) == 3 and path[0] == "events" else None
    if kind == "audience" and path[0] == "sync" and len(path) > 1:
        return {"to": UNSAID} if len(path) == 2 else {"to": UNSAID}.get(str(path[2]))
    if kind == "identity" and path[0] == "links" and len(path) == 2:
        return copy(_LINK)
    if path[0] == "alerts" and len(path) == 2:
        return copy(_ALERT)  # the others of the list are looked at all the same
    if len(path) > 1:
        return None
    stand_ins: dict[Kind, dict[str, object]] = {
        "audience": {"audience": "unsaid", "entity": UNSAID, "criteria": [Hole()]},
        "trait": {"trait": "unsaid", "entity": UNSAID},
        "destination": {"destination": "unsaid", "type": "unsaid"},
        "group": {"group": "unsaid", "entity": UNSAID},
        "identity": {"identity": "unsaid", "identifiers": {"unsaid": None}, "links": [_LINK]},
        "alerts": {"alerts": []},
        "test": {"test": UNSAID, "as_of": "2026-01-01", "given": {}, "expect": []},
    }
    return copy(stand_ins[kind].get(str(key)))


class Patches:
    """The places of one document from which something was taken."""

    def __init__(self) -> None:
        self.paths: set[YamlPath] = set()
        """The mappings and lists that lack something since."""
        self.values: set[YamlPath] = set()
        """What was taken out or replaced itself."""

    def __contains__(self, path: object) -> bool:
        return path in self.paths

    def apply(self, kind: Kind, data: object, path: YamlPath, *, missing: bool) -> object:
        """The data without the mistake at `path`; with `missing`, the key at its end is not there."""
        if missing and _stand_in(kind, path) is None:
            path = path[:-1]  # what lacks a key goes as a whole
        if not path:
            return data
        parent = _at(data, path[:-1])
        self.paths.add(path[:-1])
        self.values.add(path)
        if isinstance(parent, list):
            return self._from_list(kind, data, parent, path)
        if isinstance(parent, dict):
            stand_in = _stand_in(kind, path)
            if stand_in is not None:
                parent[path[-1]] = stand_in
            elif len(path) > 1 and path[-2] in _NULLABLE_ENTRIES and parent.get(path[-1]) is not None:
                parent[path[-1]] = None
            else:
                parent.pop(path[-1], None)
        return data

    def _from_list(self, kind: Kind, data: object, parent: list[object], path: YamlPath) -> object:
        index = path[-1]
        of_conditions = len(path) > 1 and path[-2] in _CONDITION_LISTS
        if isinstance(index, int) and index < len(parent):
            if of_conditions:
                parent[index] = Hole()
                return data
            stand_in = _stand_in(kind, path)
            if stand_in is not None:
                parent[index] = stand_in
                return data
        return self.apply(kind, data, path[:-1], missing=False)


def copy(data: object) -> object:
    """A deep copy of the plain values of a spec."""
    if isinstance(data, dict):
        return {key: copy(value) for key, value in data.items()}
    if isinstance(data, list):
        return [copy(value) for value in data]
    return data


def _at(data: object, path: YamlPath) -> object:
    for item in path:
        try:
            data = data[item]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return data
