"""`all`, `any` and `none`: how conditions are joined."""

from __future__ import annotations

from collections.abc import Callable

from dbt_muster.specs.meaning import All, AnyOf, Condition, NoneOf
from dbt_muster.specs.models.conditions import ConditionGroup
from dbt_muster.specs.models.where import GROUP_KEYS, WhereGroup
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

Resolve = Callable[[object, YamlPath], list[Condition]]
"""One item of a group as the conditions that it states, all of which must hold."""


def grouped(
    site: Site, model: ConditionGroup | WhereGroup, path: YamlPath, resolve: Resolve
) -> list[Condition]:
    """The conditions of a group, all of which must hold; conditions that were wrong are left out."""
    if not model.model_fields_set and path not in site.patches:
        site.report(path, "no_condition", "no condition stands here", expected="`all`, `any` or `none`")
    found: list[Condition] = []
    for key in GROUP_KEYS:
        items = getattr(model, key)
        if items is None:
            continue
        each = [(item, (*path, key, index)) for index, item in enumerate(items)]
        if key == "all":
            found += [condition for item, at in each for condition in resolve(item, at)]
            continue
        alternatives = [condition for item, at in each if (condition := joined(resolve(item, at)))]
        if alternatives:
            found.append(AnyOf(tuple(alternatives)) if key == "any" else NoneOf(tuple(alternatives)))
    return found


def joined(conditions: list[Condition]) -> Condition | None:
    """Conditions that must all hold, as one; None where there is none."""
    if len(conditions) == 1:
        return conditions[0]
    return All(tuple(conditions)) if conditions else None
