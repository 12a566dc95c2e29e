"""The tables that a test may give rows of: those of the audience's entity, and of the entities around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbt_muster.specs.meaning import Aliases, Column, Type
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, SourceScope
from dbt_muster.specs.yaml_tree import YamlPath

ALIASES = "~aliases"
"""The part of an entity that is its table of aliases; no event source can have such a name."""


@dataclass(frozen=True)
class Table:
    """A table that rows are given of: what specs know about its columns."""

    path: YamlPath
    given: list[dict[str, object]]
    entity: str
    key: str
    keys: dict[str, str]  # columns that hold keys, each with the entity whose they are
    types: dict[str, Type]
    plain: frozenset[str]  # columns that tell things apart, so never hold times
    closed: bool  # whether it has no other columns


def table_names(catalog: Catalog, entity: EntityScope) -> dict[str, tuple[EntityScope, str]]:
    """Every name that rows can be given under, with the entity and the part of it that is meant.

    The part is `""` for the entity's own table, `ALIASES`, or an event source. What is the entity's own comes
    first; event sources go by `<entity>.<source>` too, those of others by that alone where a name is taken.
    """
    others = [other for other in _around(catalog, entity) if other is not entity]
    names = {name: (entity, part) for name, part in _own_names(entity)}
    names |= {source: (entity, source) for source in entity.sources}
    names |= {f"{entity.name}.{source}": (entity, source) for source in entity.sources}
    shared = Counter(source for other in others for source in other.sources)
    for other in others:
        found = dict(_own_names(other))
        found |= {f"{other.name}.{source}": source for source in other.sources}
        found |= {source: source for source in other.sources if shared[source] == 1}
        for name, part in found.items():
            names.setdefault(name, (other, part))
    return names


def _own_names(entity: EntityScope) -> Iterator[tuple[str, str]]:
    yield entity.name, ""
    yield f"{entity.name}s", ""
    if entity.aliases:
        yield f"{entity.name}_aliases", ALIASES


def _around(catalog: Catalog, entity: EntityScope) -> list[EntityScope]:
    """The entity, and all that are reached from it by the ways in which rows name each other."""
    reached = {entity.name: entity}
    waiting = [entity]
    while waiting:
        here = waiting.pop()
        named = {way.entity for way in here.through}
        for name, scope in catalog.entities.items():
            near = name in named or any(way.entity == here.name for way in scope.through)
            if near and name not in reached:
                reached[name] = scope
                waiting.append(scope)
    return list(reached.values())


def table_of(path: YamlPath, rows: list[dict[str, object]], entity: EntityScope, part: str) -> Table:
    """What specs know about one part of an entity."""
    if part == ALIASES and entity.aliases is not None:
        columns = _alias_columns(entity.aliases)
        keys = {column.column: entity.name for column in columns}
        return _table(path, rows, entity, columns, columns, keys=keys, closed=True)
    if part:
        return _source_table(path, rows, entity, entity.sources[part])
    identifiers = [each.column for each in entity.identifiers.values() if each.table is None]
    columns = [entity.key, *entity.attributes.values(), *entity.consent.values(), *identifiers]
    keys = {way.key.column: way.entity for way in entity.through}
    if entity.aliases and entity.aliases.relation == entity.relation:
        # A table of people may say of each whom they have been merged into.
        keys |= {column.column: entity.name for column in _alias_columns(entity.aliases)}
    columns += [Column(name) for name in keys]
    closed = entity.attributes_declared and not entity.open_parts and not entity.mistaken
    return _table(path, rows, entity, columns, [entity.key, *identifiers], keys=keys, closed=closed)


def _alias_columns(aliases: Aliases) -> list[Column]:
    return [aliases.alias, aliases.canonical]


def _source_table(
    path: YamlPath, rows: list[dict[str, object]], entity: EntityScope, source: SourceScope
) -> Table:
    named = [column for column in (source.id, source.event_name) if column]
    columns = [source.key, source.at, *source.properties.values(), *named]
    columns += [source.loaded_at] if source.loaded_at else []
    closed = source.declared and not source.open
    return _table(path, rows, entity, columns, [source.key, *named], keys={}, closed=closed)


def _table(
    path: YamlPath,
    rows: list[dict[str, object]],
    entity: EntityScope,
    columns: list[Column],
    plain: Iterable[Column],
    *,
    keys: dict[str, str],
    closed: bool,
) -> Table:
    """The key is the first of the columns; `keys` are others that hold keys, of any entity."""
    key = columns[0].column
    whose = keys | {key: entity.name}
    names = frozenset([*whose, *(column.column for column in plain)])
    return Table(path, rows, entity.name, key, whose, dict(_types(columns)), names, closed)


def _types(declared: list[Column]) -> Iterator[tuple[str, Type]]:
    """Each column with its type; one that is declared in several ways has the first that is said."""
    columns = [stored for column in declared for stored in column.stored]
    for name in dict.fromkeys(column.column for column in columns):
        of_column = [column.type for column in columns if column.column == name]
        yield name, next((kind for kind in of_column if kind is not Type.UNKNOWN), Type.UNKNOWN)
