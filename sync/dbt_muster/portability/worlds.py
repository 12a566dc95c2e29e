"""A made-up warehouse for the tables of a project: small, always the same, and full of edges.

Values are those that the specs compare with, and their neighbours: thresholds and one beside them, the ends
of windows and a second beside them, texts in other capitals, nothing, an empty text, keys that are nobody's,
rows that are there twice. Most people have many events of all kinds. Some have one alone, at an odd moment,
or a few at one time, or those of one walk through a sequence, so that each edge decides about somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count, cycle

from dbt_muster.portability.cells import Cells, Make, Row
from dbt_muster.portability.edges import Walk, missing_hours, odd_moments, walks
from dbt_muster.portability.literals import NOW, Literals, fitting, literals, parts
from dbt_muster.portability.statements import AS_OF
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import (
    Aliases,
    Cell,
    Column,
    Entity,
    EventSource,
    Instant,
    Length,
    Project,
    Relation,
    Type,
)
from dbt_muster.testing.tables import SourceTable, source_tables

BUSY = range(60)
"""People with many events."""
ODD = range(60, 84)
"""People with events at odd moments, or at one time."""
WALKERS = range(84, 100)
"""People with the events of a walk through a sequence."""
PEOPLE = 100
EVENTS = 340
_NOBODY = 5
_TIED = 6
_TIES = ("B", "a", "Zoë")
"""Texts in the order of their bytes, which is not that of the alphabet."""
_MOST_WALKS = 32
_OTHER_KEYS: Mapping[Type, Mapping[int, Cell]] = {
    Type.INTEGER: {58: -5, 59: 3_000_000_000},
    Type.STRING: {56: "Ab", 57: "aB", 58: "it's", 59: "", PEOPLE: "AB"},
}
"""Keys that are no small numbers, in place of those of people without aliases, and of a stranger."""


def world(project: Project) -> dict[Relation, SourceTable]:
    """Every table that the project's models read, with rows; the same for the same specs."""
    tables = source_tables(project)
    maker = _Maker(project, literals(project))
    for entity in project.entities.values():
        maker.entity(tables, entity)
    for entity in project.entities.values():
        makers = {}
        for source in entity.events.values():
            makers[source.name] = maker.event(tables[source.relation], entity, source)
            tables[source.relation].rows += maker.rows(makers[source.name], EVENTS)
            tables[source.relation].rows += maker.odd(
                tables[source.relation], entity, source, makers[source.name]
            )
        for source, row in maker.walked(entity, makers):
            tables[source.relation].rows.append(row)
    for table in tables.values():
        if not table.rows:
            table.rows += maker.rows(maker.columns(table, {}), EVENTS // 4)
        table.rows += table.rows[: len(table.rows) // 20]
    return tables


def _named(*columns: Column | None) -> dict[str, Column]:
    return {column.column: column for column in columns if column is not None}


def _is_text(column: Column) -> bool:
    return column.type is Type.STRING and not column.path


class _Maker(Cells):
    """Makes rows; the same ones in the same order every time."""

    def __init__(self, project: Project, found: Literals) -> None:
        super().__init__(found)
        self.project = project
        self.renderer = Renderer("duckdb", variables={"muster_as_of": AS_OF})
        self.ids = count()

    def entity(self, tables: Mapping[Relation, SourceTable], entity: Entity) -> None:
        """The rows of an entity, and of the tables that name its people."""
        columns = {
            **entity.attributes,
            **{name: item.column for name, item in entity.own_identifiers.items()},
        }
        makers = self.columns(tables[entity.relation], columns)
        for column in entity.consent.values():
            makers[column.column] = self._boolean
        for way in entity.through:
            if way.entity in self.project.entities:
                makers[way.key.column] = self.someone(self.project.entities[way.entity])
        keys: Iterator[int | None] = iter((*range(PEOPLE), None))
        makers[entity.key.column] = lambda: self.key(entity, next(keys))
        tables[entity.relation].rows += self.rows(makers, PEOPLE + 1)
        if entity.aliases:
            self.aliases(tables[entity.aliases.relation], entity, entity.aliases)
        for identifier in entity.identifiers.values():
            if identifier.table is not None:
                table = tables[identifier.table.relation]
                makers = self.columns(table, {identifier.name: identifier.column})
                makers[identifier.table.key.column] = self.someone(entity)
                table.rows += self.rows(makers, EVENTS // 4)

    def aliases(self, table: SourceTable, entity: Entity, aliases: Aliases) -> None:
        """Other keys of people: of strangers and of people; some stand twice, and one is its own."""
        old, new = aliases.alias.column, aliases.canonical.column
        makers = self.columns(table, {})
        stranger = PEOPLE + 1
        pairs = [(PEOPLE, 9), (stranger, 4), (stranger, 5), (1, stranger), (2, 2), (None, 3), (3, None)]
        among = [*BUSY[:40], *range(stranger, PEOPLE + _NOBODY)]
        pairs += [(self.chance.choice(among), self.chance.choice(among)) for _ in range(PEOPLE // 5)]
        for alias, person in pairs:
            keys = {old: self.key(entity, alias), new: self.key(entity, person)}
            table.rows.append({**self.row(makers), **keys})

    def event(self, table: SourceTable, entity: Entity, source: EventSource) -> dict[str, Make]:
        """What makes the cells of an event."""
        makers = self.columns(table, {**source.properties, **_named(source.at, source.id, source.event_name)})
        makers[source.key.column] = self.someone(entity)
        if source.id:
            makers[source.id.column] = self.event_id(table, source.id.column)
        if source.event_name:
            kinds = sorted(self.kinds(entity.name, source.name))
            makers[source.event_name.column] = lambda: self.chance.choice(kinds)
        return makers

    def odd(
        self, table: SourceTable, entity: Entity, source: EventSource, makers: Mapping[str, Make]
    ) -> Iterator[Row]:
        """Events at moments that are odd; several at one time; and two of one id at one time."""
        if source.at.path:
            return
        zone = table.zones.get(source.at.column)
        moments: list[Cell] = [*odd_moments({entity.timezone, zone or "UTC"})]
        if zone and table.columns.get(source.at.column) is Type.TIMESTAMP:
            moments += missing_hours(zone)
        alone = cycle(ODD[:-_TIED])
        for moment in (*moments, *moments):
            yield self._event(entity, source, makers, next(alone), moment)
        for number, person in enumerate(ODD[-_TIED:]):
            moment = Instant(NOW - timedelta(hours=20 + number))
            yield from self._tied(entity, source, makers, person, moment)

    def _tied(
        self, entity: Entity, source: EventSource, makers: Mapping[str, Make], person: int, moment: Cell
    ) -> Iterator[Row]:
        """Events of one person at one time: one without an id, and two of one id that differ in one text."""
        texts = [column.column for column in source.properties.values() if _is_text(column)]
        values = _TIES if person % 2 else (None, None, None)
        for value in values:
            row = self._event(entity, source, makers, person, moment)
            yield row | (dict.fromkeys(texts, value) if value else {})
        if source.id:
            yield self._event(entity, source, makers, person, moment) | {source.id.column: None}
            row = self._event(entity, source, makers, person, moment)
            yield from (row | dict.fromkeys(texts[-1:], value) for value in _TIES[:2])

    def _event(
        self,
        entity: Entity,
        source: EventSource,
        makers: Mapping[str, Make],
        person: int,
        moment: Cell,
    ) -> Row:
        """An event that is nobody else's: no other one has its id."""
        row = self.row(makers) | {source.at.column: moment, source.key.column: self.key(entity, person)}
        if source.id:
            number = EVENTS + next(self.ids)
            whole = isinstance(row[source.id.column], int)
            row[source.id.column] = number if whole else f"e{number}"
        return row

    def walked(
        self, entity: Entity, makers: Mapping[str, Mapping[str, Make]]
    ) -> Iterator[tuple[EventSource, Row]]:
        """The events of walks through the entity's sequences, one walker each, as long as there are any."""
        people = cycle(WALKERS)
        for walk in self._walks(entity):
            person = next(people)
            for step, moment in walk:
                source = entity.events[step.source]
                if source.at.path:
                    continue
                values = {
                    source.properties[name].column: value
                    for name, value in fitting(step.where).items()
                    if name in source.properties and not source.properties[name].path
                }
                if source.event_name:
                    values[source.event_name.column] = step.event
                yield (
                    source,
                    self._event(entity, source, makers[source.name], person, Instant(moment)) | values,
                )

    def _walks(self, entity: Entity) -> list[Walk]:
        found: dict[object, Walk] = {}
        for sequence in self.found.sequences.get(entity.name, ()):
            for walk in walks(sequence, self._later):
                alike = tuple((step.source, step.event, str(fitting(step.where)), at) for step, at in walk)
                found.setdefault(alike, walk)
        every = list(found.values())
        return every if len(every) <= _MOST_WALKS else self.chance.sample(every, _MOST_WALKS)

    def _later(self, moment: datetime, length: Length) -> datetime:
        later: datetime = self.renderer.value("muster_add_units", moment, length.count, length.unit)
        return later

    def key(self, entity: Entity, number: int | None) -> Cell:
        """The key of one of an entity's people."""
        if number is None:
            return None
        kind = Type.INTEGER if entity.key.type is Type.INTEGER else Type.STRING
        return _OTHER_KEYS[kind].get(number, number if kind is Type.INTEGER else f"{number}")

    def someone(self, entity: Entity) -> Make:
        """Keys of busy people, of nobody, and now and then none."""

        def make() -> Cell:
            if self.chance.random() < 0.02:
                return None
            # A few have many events, most have some.
            among = 8 if self.chance.random() < 0.3 else len(BUSY) + _NOBODY
            number = self.chance.randrange(among)
            return self.key(entity, number if number < len(BUSY) else PEOPLE + number - len(BUSY))

        return make

    def event_id(self, table: SourceTable, column: str) -> Make:
        """Ids of events; some stand twice, some in other capitals, and some are missing."""
        numbers = table.columns.get(column) in (Type.INTEGER, Type.NUMBER)

        def make() -> Cell:
            if self.chance.random() < 0.03:
                return None
            number = self.chance.randrange(EVENTS)
            return number if numbers else f"{self.chance.choice('eeeeE')}{number}"

        return make

    def kinds(self, entity: str, source: str) -> set[str]:
        """The kinds of events that specs name."""
        found = {"other"}
        audiences = self.project.audiences.values()
        of_entity = [item.criteria for item in audiences if item.entity == entity]
        for part in [*of_entity, *self.project.traits.get(entity, {}).values()]:
            for node in parts(part):
                kind = getattr(node, "event", None)
                if getattr(node, "source", None) == source and isinstance(kind, str):
                    found.add(kind)
        return found
