"""The tables that models read: the columns that specs know, of their declared types, and given rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dbt_muster.specs.meaning import (
    NO_ROWS,
    Case,
    Cell,
    Column,
    Entity,
    EntityRows,
    EventSource,
    GivenRows,
    Project,
    Relation,
    Type,
)
from dbt_muster.testing.guesses import Guesses, guesses


@dataclass
class SourceTable:
    """A table that dbt models or sources stand for; two event sources may read one table."""

    timezone: str
    """The entity's: that of its local days."""
    columns: dict[str, Type] = field(default_factory=dict)
    zones: dict[str, str | None] = field(default_factory=dict)
    """For a column of times without a zone, the one that they are written in."""
    rows: list[Mapping[str, Cell]] = field(default_factory=list)

    def add(self, columns: Iterable[Column], given: GivenRows) -> None:
        """Take in columns and rows; a type that is known is never forgotten."""
        for column in (stored for declared in columns for stored in declared.stored):
            self._know(column.column, column.type)
            self.zones[column.column] = self.zones.get(column.column) or column.timezone
        for name, kind in given.columns.items():
            self._know(name, kind)
        self.rows += given.rows

    def guess(self, column: str, kind: Type) -> None:
        """Say what a column may hold, where nobody declares it and no row tells."""
        if column in self.columns:
            self._know(column, kind)

    def _know(self, column: str, kind: Type) -> None:
        if self.columns.get(column, Type.UNKNOWN) is Type.UNKNOWN:
            self.columns[column] = kind


def source_tables(project: Project, case: Case | None = None) -> dict[Relation, SourceTable]:
    """Every table of the project's entities, events and identities, with the rows that a test gives.

    Args:
        project: all of its entities' tables are there, whether or not a model reads them.
        case: a test of an audience of the project; without one, all tables are empty.
    """
    tables: dict[Relation, SourceTable] = {}
    for entity in project.entities.values():
        _add_entity(tables, entity, project, case)
    _guess(tables, project, guesses(project))
    for link in (link for identity in project.identities.values() for link in identity.links):
        columns = [Column(column) for _, column in link.ends] + ([link.at] if link.at else [])
        tables.setdefault(link.relation, SourceTable("UTC")).add(columns, NO_ROWS)
    return tables


def _add_entity(
    tables: dict[Relation, SourceTable], entity: Entity, project: Project, case: Case | None
) -> None:
    given = case.rows_of(entity.name) if case else EntityRows()
    key = _key(entity, project, case)
    ways = [
        Column(way.key.column, _key(project.entities[way.entity], project, case).type)
        for way in entity.through
        if way.entity in project.entities
    ]
    _table(tables, entity, entity.relation).add([key, *_entity_columns(entity), *ways], given.rows)
    if entity.aliases:
        columns = [Column(each.column, key.type) for each in (entity.aliases.alias, entity.aliases.canonical)]
        _table(tables, entity, entity.aliases.relation).add(columns, given.aliases)
    for identifier in entity.identifiers.values():
        if identifier.table is not None:
            columns = [Column(identifier.table.key.column, key.type), identifier.column]
            _table(tables, entity, identifier.table.relation).add(columns, NO_ROWS)
    for source in entity.events.values():
        # An event's key is of the type of what it is the key of, unless it says otherwise.
        columns = [*source_columns(source), Column(source.key.column, key.type)]
        rows = given.events.get(source.name, NO_ROWS)
        _table(tables, entity, source.relation).add(columns, rows)


def _key(entity: Entity, project: Project, case: Case | None) -> Column:
    """The entity's key; where it has no type, that of the keys that a test gives or expects."""
    if case is None or entity.key.type is not Type.UNKNOWN:
        return entity.key
    own = case.rows_of(entity.name)
    given = [own.rows.columns.get(entity.key.column), *own.aliases.columns.values()]
    given += [rows.columns.get(entity.events[name].key.column) for name, rows in own.events.items()]
    for other in project.entities.values():
        way = other.way_to(entity.name)
        given += [case.rows_of(other.name).rows.columns.get(way.key.column)] if way else []
    if project.audiences[case.audience].entity == entity.name:
        given += [Type.INTEGER if isinstance(key, int) else Type.STRING for key in case.expect]
    return Column(entity.key.column, next(filter(None, given), Type.UNKNOWN))


def _entity_columns(entity: Entity) -> list[Column]:
    identifiers = [identifier.column for identifier in entity.own_identifiers.values()]
    ways = [way.key for way in entity.through]
    return [*entity.attributes.values(), *entity.consent.values(), *identifiers, *ways]


def source_columns(source: EventSource) -> list[Column]:
    """The columns of an event source that specs know, its key first."""
    others = [column for column in (source.id, source.event_name, source.loaded_at) if column]
    return [source.key, source.at, *others, *source.properties.values()]


def _table(tables: dict[Relation, SourceTable], entity: Entity, relation: Relation) -> SourceTable:
    return tables.setdefault(relation, SourceTable(entity.timezone))


def _guess(tables: dict[Relation, SourceTable], project: Project, found: Guesses) -> None:
    for (name, source, column), kind in found.items():
        entity = project.entities[name]
        relation = entity.events[source].relation if source else entity.relation
        tables[relation].guess(column, kind)
