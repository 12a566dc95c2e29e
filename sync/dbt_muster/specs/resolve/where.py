"""The `where` of an event: conditions about the properties of one event."""

from __future__ import annotations

from dbt_muster.specs.meaning import Condition
from dbt_muster.specs.models.where import PropertyCondition, WhereGroup
from dbt_muster.specs.resolve.comparisons import comparisons
from dbt_muster.specs.resolve.groups import grouped, joined
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.yaml_tree import YamlPath


def where(place: Place, model: object, path: YamlPath) -> Condition | None:
    """A whole `where`: a list, or a mapping of `all`, `any` and `none`."""
    if isinstance(model, list):
        found = [
            condition for index, item in enumerate(model) for condition in _item(place, item, (*path, index))
        ]
        return joined(found)
    return joined(_item(place, model, path))


def _item(place: Place, model: object, path: YamlPath) -> list[Condition]:
    if isinstance(model, PropertyCondition):
        left = place.property(model.property, (*path, "property"))
        return comparisons(place, left, model.property, model, path)
    if isinstance(model, WhereGroup):
        return grouped(place.site, model, path, lambda item, at: _item(place, item, at))
    return []  # a hole: what stood here has been reported
