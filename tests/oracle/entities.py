"""Whom specs are about: an entity's keys and rows, its aliases, and the events that exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle import points, values
from tests.oracle.world import Cell, Column, Key, Row, Spec, Table, World, column_of

_WHOLE = re.compile(r"^-?[0-9]+$")


@dataclass(frozen=True)
class Event:
    """An event that exists: it has a time before the instant, and it is the only one with its id."""

    key: Cell
    at: datetime
    id: Cell
    name: Cell
    row: Row

    @property
    def tie(self) -> tuple[bool, Any]:
        """Sorts events of one instant: by id; those without an id come last."""
        return self.id is None, 0 if self.id is None else self.id


@dataclass(frozen=True)
class Source:
    """An event source: its declaration, and its events."""

    spec: Spec
    table: Table
    zone: ZoneInfo
    events: tuple[Event, ...]

    def column(self, name: str) -> Column:
        """How a property is read."""
        return column_of(name, self.spec.get("properties", {}).get(name), self.table)

    def value(self, name: str, event: Event) -> values.Typed:
        """A property of an event."""
        return values.typed(event.row, self.column(name), self.zone)

    @property
    def at(self) -> Column:
        """The column of times, which are timestamps where it does not say otherwise."""
        return column_of("at", self.spec["at"], self.table, default_type="timestamp")


@dataclass(frozen=True)
class Subject:
    """Whom a condition is about, perhaps which event of theirs, and the named steps of a sequence so far."""

    entity: str
    key: Key
    source: Source | None = None
    event: Event | None = None
    steps: Mapping[str, tuple[Source, Event]] = field(default_factory=dict)


class Entity:
    """One entity of a world, at the world's instant."""

    def __init__(self, world: World, spec: Spec) -> None:
        self.world = world
        self.spec = spec
        self.name = str(spec["entity"])
        self.zone = ZoneInfo(spec.get("timezone", "UTC"))
        self.clock = points.Clock(world.as_of, self.zone)
        self._table = world.table(spec["model"])
        self._sources: dict[str, Source] = {}

    @cached_property
    def _canonical(self) -> Mapping[Cell, Key]:
        """The key that each alias stands for: the smallest, where there are several."""
        found: dict[Cell, Key] = {}
        if "aliases" in self.spec:
            declared = self.spec["aliases"]
            table = self.world.table(declared["model"])
            old, new = (column_of("", declared[name], table).column for name in ("from", "to"))
            for row in table.rows:
                alias, key = self._key(row.get(old)), self._key(row.get(new))
                if alias is not None and key is not None and alias != key:
                    assert isinstance(key, int | str)
                    found[alias] = min(found.get(alias, key), key)
        return found

    def canonical(self, key: Cell) -> Cell:
        """The key that a key stands for, in one step."""
        return self._canonical.get(self._key(key), self._key(key))

    def _key(self, key: Cell) -> Cell:
        """A key as a value of the type that is declared for it."""
        declared = column_of("key", self.spec["key"], self._table, "unknown").type
        if declared == "integer" and isinstance(key, str):
            return int(key) if _WHOLE.match(key) and abs(int(key)) < 2**63 else None
        return str(key) if declared == "string" and key is not None else key

    @cached_property
    def population(self) -> Mapping[Key, Row]:
        """The rows by key: the key's own row, or that of its smallest alias."""
        column = column_of("key", self.spec["key"], self._table).column
        candidates: dict[Key, list[tuple[Key, Row]]] = {}
        for row in self._table.rows:
            given = self._key(row.get(column))
            if given is not None:
                assert isinstance(given, int | str)
                key: Any = self.canonical(given)
                candidates.setdefault(key, []).append((given, {**row, column: key}))
        return {
            key: min(found, key=lambda one: (one[0] != key, one[0]))[1] for key, found in candidates.items()
        }

    def attribute(self, name: str, key: Key) -> values.Typed:
        """An attribute of a key; a location has no value of its own here."""
        column = column_of(name, self.spec.get("attributes", {}).get(name), self._table)
        return values.typed(self.population[key], column, self.zone)

    def degrees(self, name: str, key: Key) -> tuple[float, float] | None:
        """Where a location attribute is: its latitude and longitude."""
        declared = self.spec["attributes"][name]
        row = self.population[key]
        latitude, longitude = row.get(declared["latitude"]), row.get(declared["longitude"])
        if latitude is None or longitude is None:
            return None
        return float(str(latitude)), float(str(longitude))

    def is_location(self, name: str) -> bool:
        """Whether an attribute is a location."""
        declared = self.spec.get("attributes", {}).get(name)
        return isinstance(declared, Mapping) and declared.get("type") == "location"

    def through(self, other: str) -> Spec | None:
        """How a row names a key of another entity, if it does."""
        declared = self.spec.get("through", [])
        ways = declared if isinstance(declared, list) else [declared]
        return next((way for way in ways if way["entity"] == other), None)

    def source(self, name: str) -> Source:
        """An event source, with the events that exist."""
        if name not in self._sources:
            spec = self.spec["events"][name]
            table = self.world.table(spec["model"])
            empty = Source(spec, table, self.zone, ())
            self._sources[name] = Source(spec, table, self.zone, tuple(self._existing(empty)))
        return self._sources[name]

    def _existing(self, source: Source) -> list[Event]:
        """Timed events, once an id (the earliest), before the instant, of keys that are known."""
        spec, table = source.spec, source.table
        key = column_of("key", spec["key"], table).column
        identity = column_of("id", spec["id"], table).column if "id" in spec else None
        name = column_of("name", spec["name"], table).column if "name" in spec else None
        earliest: dict[Cell, Event] = {}
        anonymous: list[Event] = []
        for row in table.rows:
            moment = values.typed(row, source.at, self.zone).value
            if moment is None:
                continue
            assert isinstance(moment, datetime)
            given = row.get(identity) if identity else None
            whose = self.canonical(row.get(key))
            event = Event(whose, moment, given, row.get(name) if name else None, row)
            if given is None:
                anonymous.append(event)
            elif given not in earliest or moment < earliest[given].at:
                earliest[given] = event
        events = [*earliest.values(), *anonymous]
        return [event for event in events if event.at < self.world.as_of and event.key in self.population]
