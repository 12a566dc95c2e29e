"""A made-up warehouse for the tables of a project: small, always the same, and full of edges.

Values are those that the specs compare with, and their neighbours: thresholds and one beside them, the ends
of windows and a second beside them, texts in other capitals, nothing, an empty text, keys that are nobody's,
rows that are there twice.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from dbt_muster.plan.nodes import point_node
from dbt_muster.portability.statements import AS_OF
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import (
    Attribute,
    Cell,
    Column,
    Compare,
    Entity,
    Instant,
    Project,
    Property,
    Relation,
    Type,
    Value,
    Window,
)
from dbt_muster.testing.tables import SourceTable, source_tables

PEOPLE = 80
EVENTS = 400
_NOBODY = 5
_TEXTS = ("", "a", "Zoë", "it's", "100%", "a_b\\c", "  ")
_NUMBERS = (0, 1, 2, 3, 5, 10, 50, 100, 1000, -1)
_SECOND = timedelta(seconds=1)
_NOW = datetime.fromisoformat(AS_OF)

Row = dict[str, Cell]
Make = Callable[[], Cell]


@dataclass
class Literals:
    """What the specs compare with.

    Attributes:
        by_name: the literals of an attribute or property, by its name.
        moments: the ends of every window, naive, in UTC.
    """

    by_name: dict[str, set[Any]]
    moments: set[datetime]


def literals(project: Project) -> Literals:
    """The literals of a project's audiences and traits."""
    found = Literals({}, {_NOW})
    renderer = Renderer("duckdb", variables={"muster_as_of": AS_OF})
    for entity in project.entities.values():
        parts = [
            audience.criteria for audience in project.audiences.values() if audience.entity == entity.name
        ]
        for part in [*parts, *project.traits.get(entity.name, {}).values()]:
            for node in _parts(part):
                _note(found, node, renderer, entity)
    return found


def _parts(value: object) -> Iterator[object]:
    """A value and everything inside it."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _parts(item)


def _note(found: Literals, node: object, renderer: Renderer, entity: Entity) -> None:
    match node:
        case Compare(Attribute(name) | Property(name), _, right):
            values = {item.value for item in right if isinstance(item, Value)}
            found.by_name.setdefault(name, set()).update(values)
        case Window(start, end):
            for point in (start, end):
                if point is not None:
                    found.moments.add(renderer.value("muster_instant", point_node(point), entity.timezone))


def world(project: Project) -> dict[Relation, SourceTable]:
    """Every table that the project's models read, with rows; the same for the same specs."""
    tables = source_tables(project)
    maker = _Maker(literals(project))
    for entity in project.entities.values():
        maker.entity(tables, entity)
    for entity in project.entities.values():
        for source in entity.events.values():
            columns = {**source.properties, **_named(source.at, source.id, source.event_name)}
            kinds = sorted(maker.kinds(project, entity.name, source.name))
            makers = maker.columns(tables[source.relation], columns)
            makers[source.key.column] = maker.someone(entity)
            if source.id:
                makers[source.id.column] = maker.event_id(tables[source.relation], source.id.column)
            if source.event_name:
                makers[source.event_name.column] = maker.one_of([*kinds, "other"])
            tables[source.relation].rows += maker.rows(makers, EVENTS)
    for table in tables.values():
        if not table.rows:
            table.rows += maker.rows(maker.columns(table, {}), EVENTS // 4)
        table.rows += table.rows[: len(table.rows) // 20]
    return tables


def _named(*columns: Column | None) -> dict[str, Column]:
    return {column.column: column for column in columns if column is not None}


class _Maker:
    """Makes cells; the same ones in the same order every time."""

    def __init__(self, found: Literals) -> None:
        self.chance = random.Random(20260131)  # noqa: S311 - the same world every time
        self.found = found
        self.moments = sorted(found.moments)

    def entity(self, tables: Mapping[Relation, SourceTable], entity: Entity) -> None:
        """The rows of an entity."""
        columns = {
            **entity.attributes,
            **{name: item.column for name, item in entity.own_identifiers.items()},
        }
        makers = self.columns(tables[entity.relation], columns)
        for column in entity.consent.values():
            makers[column.column] = self._boolean
        keys = iter(range(PEOPLE))
        makers[entity.key.column] = lambda: self.key(entity, next(keys))
        tables[entity.relation].rows += self.rows(makers, PEOPLE)

    def key(self, entity: Entity, number: int) -> Cell:
        """The key of one of an entity's people."""
        return number if entity.key.type is Type.INTEGER else f"{number}"

    def someone(self, entity: Entity) -> Make:
        """Keys of people, of nobody, and now and then none."""

        def make() -> Cell:
            if self.chance.random() < 0.02:
                return None
            # A few have many events, most have some.
            among = 8 if self.chance.random() < 0.3 else PEOPLE + _NOBODY
            return self.key(entity, self.chance.randrange(among))

        return make

    def event_id(self, table: SourceTable, column: str) -> Make:
        """Ids of events; some stand twice."""
        if table.columns.get(column) in (Type.INTEGER, Type.NUMBER):
            return lambda: self.chance.randrange(EVENTS)
        return lambda: f"e{self.chance.randrange(EVENTS)}"

    def one_of(self, values: Sequence[Cell]) -> Make:
        """One of some values."""
        return lambda: self.chance.choice(values)

    def kinds(self, project: Project, entity: str, source: str) -> set[str]:
        """The kinds of events that specs name."""
        found = {"other"}
        of_entity = [item.criteria for item in project.audiences.values() if item.entity == entity]
        for part in [*of_entity, *project.traits.get(entity, {}).values()]:
            for node in _parts(part):
                kind = getattr(node, "event", None)
                if getattr(node, "source", None) == source and isinstance(kind, str):
                    found.add(kind)
        return found

    def columns(self, table: SourceTable, declared: Mapping[str, Column]) -> dict[str, Make]:
        """What makes the cells of each column of a table."""
        makers = {column: self._column(kind, column) for column, kind in table.columns.items()}
        objects: dict[str, dict[tuple[str, ...], Make]] = {}
        for name, column in declared.items():
            if column.path:
                objects.setdefault(column.column, {})[column.path] = self._column(column.type, name)
            else:
                makers[column.column] = self._column(table.columns.get(column.column, column.type), name)
        return makers | {column: _object(paths) for column, paths in objects.items()}

    def rows(self, makers: Mapping[str, Make], count: int) -> list[Mapping[str, Cell]]:
        """Rows of cells."""
        return [{column: make() for column, make in makers.items()} for _ in range(count)]

    def _column(self, kind: Type, name: str) -> Make:
        given = self.found.by_name.get(name, set())
        match kind:
            case Type.INTEGER | Type.NUMBER:
                return self._of(_near_numbers(given, whole=kind is Type.INTEGER))
            case Type.BOOLEAN:
                return self._boolean
            case Type.DATE | Type.TIMESTAMP | Type.TIMESTAMPTZ:
                return self._moment
            case Type.LIST:
                texts = [str(item) for item in sorted(given, key=str)] or ["a", "b"]
                return lambda: (
                    None
                    if self.chance.random() < 0.1
                    else tuple(
                        self.chance.sample([*texts, "other"], self.chance.randint(0, min(2, len(texts))))
                    )
                )
        return self._of(_near_texts(given))

    def _of(self, values: Sequence[Cell]) -> Make:
        return lambda: None if self.chance.random() < 0.1 else self.chance.choice(values)

    def _boolean(self) -> Cell:
        return self.chance.choice((True, True, False, None))

    def _moment(self) -> Cell:
        if self.chance.random() < 0.05:
            return None
        if self.chance.random() < 0.5:
            near = self.chance.choice((-_SECOND, timedelta(0), _SECOND))
            return Instant(self.chance.choice(self.moments) + near)
        return Instant(_NOW - timedelta(minutes=self.chance.randrange(-2000, 400 * 1440)))


def _near_numbers(given: set[Any], *, whole: bool) -> list[Cell]:
    step = Decimal(1) if whole else Decimal("0.01")
    wanted = {Decimal(str(item)) for item in given if isinstance(item, int | Decimal)}
    around = {number + near for number in wanted for near in (-step, Decimal(0), step)}
    numbers = sorted(around | ({Decimal(number) for number in _NUMBERS} if len(wanted) < 3 else set()))
    return [int(number) if number == number.to_integral_value() else number for number in numbers]


def _near_texts(given: set[Any]) -> list[Cell]:
    texts = sorted(str(item) for item in given)
    around = [
        near for text in texts for near in (text, text, text.upper(), text.lower(), f"{text}x", f"x{text}")
    ]
    return [*around, *_TEXTS]


def _object(paths: Mapping[tuple[str, ...], Make]) -> Make:
    return lambda: _json(paths)


def _json(paths: Mapping[tuple[str, ...], Make]) -> str:
    """An object with a value at each path, as JSON."""
    whole: dict[str, Any] = {}
    for path, make in paths.items():
        inner = whole
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = _plain(make())
    return json.dumps(whole)


def _plain(cell: Cell) -> object:
    if isinstance(cell, Instant):
        return cell.utc.isoformat() + "Z"
    if isinstance(cell, Decimal):
        return float(cell)
    return list(cell) if isinstance(cell, tuple) else cell
