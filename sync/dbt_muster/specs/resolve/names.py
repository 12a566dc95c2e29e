"""Looking names up, and saying which one was meant where there is none."""

from __future__ import annotations

from dbt_muster.specs.meaning import Attribute, Property, TraitValue, Type
from dbt_muster.specs.names import NAME_EXPECTED, is_name, nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site, SourceScope
from dbt_muster.specs.yaml_tree import YamlPath


def find_entity(site: Site, catalog: Catalog, name: str, path: YamlPath) -> EntityScope | None:
    """The entity of a name; None where there is none, which is reported unless its file is broken."""
    scope = catalog.entities.get(name)
    if scope is None and name != UNSAID and not catalog.excused("entity", name):
        site.report(
            path,
            "unknown_entity",
            f"there is no entity `{name}`",
            expected=one_of(catalog.entities) or "an entity that audience_specs/entities.yml declares",
            suggestion=nearest(name, catalog.entities),
        )
    return scope


def find_attribute(site: Site, entity: EntityScope | None, name: str, path: YamlPath) -> Attribute:
    """The attribute of a name; of unknown type where there is none, which is reported."""
    if entity is None:
        return Attribute(name, Type.UNKNOWN)
    column = entity.attributes.get(name)
    if column is not None:
        entity.used.add(name)
        return Attribute(name, column.type)
    if not entity.attributes_declared and is_name(name):
        entity.used.add(name)
    elif not entity.attributes_declared:
        message = f"`{name}` cannot be an attribute's name as it stands"
        expected = f"{NAME_EXPECTED}; other columns get such a name under `attributes:` of the entity"
        site.report(path, "name", message, expected=expected)
    elif "attributes" not in entity.open_parts:
        _unknown_attribute(site, entity, name, path)
    return Attribute(name, Type.UNKNOWN)


def _unknown_attribute(site: Site, entity: EntityScope, name: str, path: YamlPath) -> None:
    message = f"the entity `{entity.name}` has no attribute `{name}`"
    if name in entity.traits:
        suggestion: str | None = f"trait: {name}"
    else:
        suggestion = nearest(name, entity.attributes)
    site.report(path, "unknown_attribute", message, expected=one_of(entity.attributes), suggestion=suggestion)


def find_trait(
    site: Site, catalog: Catalog, entity: EntityScope | None, name: str, path: YamlPath
) -> TraitValue:
    """The trait of a name; of unknown type where there is none, which is reported."""
    trait = entity.traits.get(name) if entity else None
    if trait is not None:
        return TraitValue(name, trait.type)
    if entity is not None and not catalog.excused("trait", name):
        owner = next((other.name for other in catalog.entities.values() if name in other.traits), None)
        if owner:
            message = f"`{name}` is a trait of the entity `{owner}`, and this is about `{entity.name}`"
        else:
            message = f"the entity `{entity.name}` has no trait `{name}`"
        suggestion = nearest(name, entity.traits)
        if suggestion is None and name in entity.attributes:
            suggestion = f"attribute: {name}"
        expected = one_of(entity.traits) or "a trait with a file of its own under audience_specs/traits"
        site.report(path, "unknown_trait", message, expected=expected, suggestion=suggestion)
    return TraitValue(name, Type.UNKNOWN)


def find_property(site: Site, source: SourceScope | None, name: str, path: YamlPath) -> Property:
    """The property of a name; of unknown type where there is none, which is reported."""
    if source is None:
        return Property(name, Type.UNKNOWN)
    column = source.properties.get(name)
    if column is not None or not source.declared:
        source.used.add(name)
        return Property(name, column.type if column else Type.UNKNOWN)
    if not source.open:
        site.report(
            path,
            "unknown_property",
            f"the events of `{source.name}` have no property `{name}`",
            expected=one_of(source.properties),
            suggestion=nearest(name, source.properties),
        )
    return Property(name, Type.UNKNOWN)


def find_event(
    site: Site, entity: EntityScope | None, text: str, path: YamlPath
) -> tuple[SourceScope | None, str | None]:
    """The source of an event, and the kind of event in it; the source is None where it is not known."""
    name, dot, kind = text.partition(".")
    if entity is None:
        return None, kind or None
    source = entity.sources.get(name)
    if source is None:
        if "events" not in entity.open_parts:
            message = f"the entity `{entity.name}` has no events `{name}`"
            near = nearest(name, entity.sources)
            expected = one_of(entity.sources) or "a table under `events:` of the entity"
            suggestion = near and near + dot + kind
            site.report(path, "unknown_event", message, expected=expected, suggestion=suggestion)
        return None, kind or None
    if dot and source.event_name is None and not source.open:
        message = f"the rows of `{name}` are all one kind of event, so no `.{kind}` follows"
        expected = "`name:` at the source, where a column names the kind of each row"
        site.report(path, "unknown_event", message, expected=expected, suggestion=name)
        return source, None
    if dot and not kind:
        site.report(path, "unknown_event", f"no kind of event follows the dot in `{text}`", suggestion=name)
    return source, kind or None
