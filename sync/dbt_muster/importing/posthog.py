"""PostHog's cohorts, as its API gives them, read as its own cohort query counts them (code of 2026)."""

from __future__ import annotations

from dbt_muster.importing.posthog_behaviour import behaviour
from dbt_muster.importing.posthog_properties import comparison
from dbt_muster.importing.translation import (
    Imported,
    Names,
    Node,
    Notes,
    NotTranslatableError,
    Spec,
    mapping,
    name_of,
    negated,
)

_ZONE = "local days are those of the entity's time zone, which must be the PostHog project's"
_INSTANT = "what happened at the very first instant of a window is in it here"


def translate(cohort: Node, names: Names) -> Imported:
    """The criteria of a cohort.

    Args:
        cohort: the JSON of a cohort, or of its `filters` or `properties` alone.
        names: how its names are written here; its events are those of `names.events["events"]`.

    Raises:
        NotTranslatableError: no cohort's filters are there.
    """
    root = mapping(cohort)
    if root.get("is_static"):
        raise NotTranslatableError(
            "a static cohort is a list of people and not a definition: load it as a table"
        )
    filters = mapping(root.get("filters", root), "filters")
    translator = _Translator(names)
    if filters.get("filterTestAccounts"):
        reason = "the filters for test accounts are settings of the PostHog project, and not in this file"
        translator.notes.attempt(lambda: _refuse(reason), {"filterTestAccounts": True}, "filters")
    return translator.notes.imported(
        translator.group(filters.get("properties", filters), "filters.properties")
    )


class _Translator:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.notes = Notes()

    def group(self, node: Node, path: str) -> Spec | None:
        """A group, or one condition; None where none of it could be said, which is noted."""
        if not (isinstance(node, dict) and node.get("type") in ("AND", "OR")):
            return self.notes.attempt(lambda: self._leaf(mapping(node)), node, path)
        values = node.get("values")
        if not isinstance(values, list) or not values:
            return self.notes.attempt(lambda: _refuse("no condition stands in this group"), node, path)
        found = [self.group(item, f"{path}.values[{index}]") for index, item in enumerate(values)]
        kept = [item for item in found if item is not None]
        return {"all" if node["type"] == "AND" else "any": kept} if kept else None

    def _leaf(self, node: Spec) -> Spec:
        kind = node.get("type")
        if kind == "person":
            said: Spec = {"attribute": name_of(str(node.get("key")), "an attribute"), **comparison(node)}
        elif kind in ("cohort", "static-cohort", "dynamic-cohort", "precalculated-cohort"):
            said = self._member(node)
        elif kind in ("behavioral", "behavioural"):
            self.notes.read_as(_ZONE)
            self.notes.read_as(_INSTANT)
            said = behaviour(node, self.names)
        else:
            raise NotTranslatableError(f"there is no condition of the type `{kind}` here")
        return negated(said) if node.get("negation") else said

    def _member(self, node: Spec) -> Spec:
        known = self.names.audiences.get(str(node.get("value")))
        if known is None:
            hint = f"say which audience it is: --audience {node.get('value')}=<name>"
            raise NotTranslatableError(f"the cohort {node.get('value')} is not in this file; {hint}")
        return {"audience": known}


def _refuse(reason: str) -> Spec:
    raise NotTranslatableError(reason)
