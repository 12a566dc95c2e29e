"""An audience's criteria: conditions about attributes, traits, events and other audiences."""

from __future__ import annotations

from typing import Literal

from dbt_muster.specs.meaning import All, Condition, Criterion, MemberOf, Position, WrittenSql
from dbt_muster.specs.models.conditions import (
    AttributeCondition,
    AudienceCondition,
    ConditionGroup,
    EventCondition,
    SqlCondition,
    ThroughCondition,
    TraitCondition,
)
from dbt_muster.specs.models.sequence import SequenceCondition
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.resolve.comparisons import comparisons
from dbt_muster.specs.resolve.events import event_conditions
from dbt_muster.specs.resolve.groups import grouped, joined
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.sequences import sequence
from dbt_muster.specs.resolve.through import through_condition
from dbt_muster.specs.yaml_tree import YamlPath

References = dict[str, YamlPath]
"""The audiences that criteria name, each with the place where it is first named."""


def criteria(
    place: Place, model: object, path: YamlPath, references: References
) -> tuple[Condition, tuple[Criterion, ...]]:
    """An audience's whole criteria, and item by item: a list, or a mapping of `all`, `any` and `none`."""
    resolver = _Criteria(place, references)
    items: list[Criterion] = []

    def noted(item: object, at: YamlPath) -> list[Condition]:
        before, texts = len(resolver.places), len(resolver.sql)
        found = resolver.item(item, at)
        condition = joined(found)
        if condition is not None:
            inside, sql = tuple(resolver.places[before:]), tuple(resolver.sql[texts:])
            items.append(Criterion(_group(at), condition, at, place.site.document.position(at), inside, sql))
        return found

    if isinstance(model, list):
        found = [condition for index, item in enumerate(model) for condition in noted(item, (*path, index))]
    elif isinstance(model, ConditionGroup):
        found = grouped(place.site, model, path, noted)
    else:
        found = resolver.item(model, path)
    return joined(found) or All(()), tuple(items)


def _group(path: YamlPath) -> Literal["all", "any", "none"]:
    """The group that an item stands in; those of a plain list must all hold."""
    match path[-2]:
        case "any":
            return "any"
        case "none":
            return "none"
    return "all"


class _Criteria:
    def __init__(self, place: Place, references: References) -> None:
        self.place = place
        self.references = references
        self.places: list[tuple[Condition, Position]] = []
        self.sql: list[WrittenSql] = []

    def item(self, model: object, path: YamlPath) -> list[Condition]:
        """One item of the criteria as the conditions that it states, all of which must hold."""
        found = self._item(model, path)
        position = self.place.site.document.position(path)
        self.places += [(condition, position) for condition in found]
        return found

    def _item(self, model: object, path: YamlPath) -> list[Condition]:
        place = self.place
        match model:
            case EventCondition():
                return event_conditions(place, model, path)
            case SequenceCondition():
                return [sequence(place, model, path)]
            case AttributeCondition():
                attribute = place.attribute(model.attribute, (*path, "attribute"))
                return comparisons(place, attribute, model.attribute, model, path)
            case TraitCondition():
                trait = place.trait(model.trait, (*path, "trait"))
                return comparisons(place, trait, model.trait, model, path)
            case AudienceCondition():
                return self._member_of(model.audience, (*path, "audience"))
            case SqlCondition():
                # it needs sqlglot, which is slow to import and which most projects do not need
                from dbt_muster.specs.resolve.expressions import truth

                self.sql.append(place.site.document.sql((*path, "sql"), model.sql))
                return truth(place, model.sql, (*path, "sql"))
            case ThroughCondition():
                return through_condition(place, model, path, self._about)
            case ConditionGroup():
                return grouped(place.site, model, path, self.item)
        return []  # a hole: what stood here has been reported

    def _about(self, place: Place, model: object, path: YamlPath) -> Condition:
        """Whole criteria about another entity."""
        condition, items = criteria(place, model, path, self.references)
        self.sql += [sql for item in items for sql in item.sql]
        return condition

    def _member_of(self, name: str, path: YamlPath) -> list[Condition]:
        site, catalog, entity = self.place.site, self.place.catalog, self.place.entity
        known = catalog.audiences.get(name)
        if known is None:
            if not catalog.excused("audience", name):
                of_entity = [
                    other
                    for other, audience in catalog.audiences.items()
                    if entity is None or audience.entity == entity.name
                ]
                site.report(
                    path,
                    "unknown_audience",
                    f"there is no audience `{name}`",
                    expected=one_of(of_entity) or "an audience with a file under audience_specs/audiences",
                    suggestion=nearest(name, catalog.audiences),
                )
            return []
        self.references.setdefault(name, path)
        if entity is not None and known.entity in catalog.entities and known.entity != entity.name:
            message = (
                f"`{name}` is an audience of the entity `{known.entity}`, and this one is of `{entity.name}`"
            )
            site.report(path, "other_entity", message, expected=f"an audience of `{entity.name}`")
        elif not known.enabled:
            message = (
                f"the audience `{name}` is switched off (`enabled: false`), so it has no members to look at"
            )
            site.report(path, "disabled_audience", message, expected="an audience that is built")
        return [MemberOf(name)]
