"""Entities around others: which one a row names, and conditions about it, or about those that name it."""

from __future__ import annotations

from collections.abc import Callable

from dbt_muster.specs.meaning import (
    Column,
    Compare,
    Condition,
    NoneOf,
    Related,
    Through,
    Type,
    Value,
    Way,
)
from dbt_muster.specs.models.conditions import ThroughCondition
from dbt_muster.specs.models.entity import EntitySpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.resolve.comparisons import comparisons
from dbt_muster.specs.resolve.names import find_entity
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site
from dbt_muster.specs.yaml_tree import YamlPath

Criteria = Callable[[Place, object, YamlPath], Condition]
"""Resolves whole criteria about the entity of a place."""

_ONE = Value(1, Type.INTEGER)
_NONE = Value(0, Type.INTEGER)


def ways(site: Site, spec: EntitySpec) -> tuple[Way, ...]:
    """The entities that rows of this one name by their keys, each once."""
    several = isinstance(spec.through, list)
    given = spec.through if isinstance(spec.through, list) else [spec.through] if spec.through else []
    found: dict[str, Way] = {}
    for index, one in enumerate(given):
        path: YamlPath = ("through", index, "entity") if several else ("through", "entity")
        if one.entity == spec.entity:
            message = f"`{one.entity}` is this entity itself"
            site.report(path, "through", message, expected="another entity")
        elif one.entity in found:
            message = f"`{one.entity}` stands in this list already"
            site.report(path, "through", message, expected="each entity once")
        else:
            found[one.entity] = Way(one.entity, Column(one.key))
    return tuple(found.values())


def check_ways(site: Site, catalog: Catalog, spec: EntitySpec) -> None:
    """Reports entities that are named and that there are none of."""
    for index, one in enumerate(spec.through if isinstance(spec.through, list) else ()):
        find_entity(site, catalog, one.entity, ("through", index, "entity"))
    if spec.through is not None and not isinstance(spec.through, list):
        find_entity(site, catalog, spec.through.entity, ("through", "entity"))


def through_condition(
    place: Place, model: ThroughCondition, path: YamlPath, criteria: Criteria
) -> list[Condition]:
    """A condition about another entity as the conditions that it states, all of which must hold."""
    other = find_entity(place.site, place.catalog, model.through, (*path, "through"))
    where = criteria(Place(place.site, place.catalog, other), model.where, (*path, "where"))
    if other is None or place.entity is None:
        return []
    owner = place.entity
    if any(way.entity == other.name for way in owner.through):
        for key in ("match", "count"):
            if getattr(model, key) is not None:
                message = f"`{key}` is about many, and each {owner.name} belongs to one {other.name}"
                expected = "`where` alone; under `none`, it must not hold"
                place.site.report((*path, key), "through", message, expected=expected, key=True)
        return [Through(owner.name, other.name, where)]
    if not any(way.entity == owner.name for way in other.through):
        _report_apart(place, owner, other, (*path, "through"))
        return []
    return _of_many(place, model, path, owner, other, where)


def _of_many(
    place: Place,
    model: ThroughCondition,
    path: YamlPath,
    owner: EntityScope,
    other: EntityScope,
    where: Condition,
) -> list[Condition]:
    holding = Related(owner.name, other.name, where)
    if model.count is not None:
        if model.match is not None:
            message = "`match` and `count` both say for how many it holds"
            place.site.report((*path, "match"), "through", message, expected="one of them", key=True)
        return comparisons(place, holding, "count", model.count, (*path, "count"))
    match model.match:
        case "all":
            failing = Related(owner.name, other.name, NoneOf((where,)))
            return [Compare(failing, "is", (_NONE,))]
        case "none":
            return [Compare(holding, "is", (_NONE,))]
    return [Compare(holding, "at_least", (_ONE,))]


def _report_apart(place: Place, owner: EntityScope, other: EntityScope, path: YamlPath) -> None:
    if owner.mistaken or other.mistaken:
        return
    known = {way.entity for way in owner.through}
    known |= {
        name
        for name, scope in place.catalog.entities.items()
        if any(way.entity == owner.name for way in scope.through)
    }
    message = f"nothing says which {other.name} each {owner.name} belongs to"
    expected = (
        one_of(sorted(known)) or f"`through: {{entity: {other.name}, key: …}}` at the entity `{owner.name}`"
    )
    place.site.report(
        path, "through", message, expected=expected, suggestion=nearest(other.name, sorted(known))
    )
