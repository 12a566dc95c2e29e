"""Who is a member, by semantics.md alone: slow, plain, and written without a look at the SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle import points, values
from tests.oracle.world import Cell, Column, Key, Row, Spec, Table, World, Written, column_of

AGGREGATES = ("count", "distinct", "sum", "average", "min", "max", "first", "last")


def members(world: World, audience: Spec) -> frozenset[Key]:
    """The keys of an audience's members.

    Args:
        world: the data, and the specs that this one may refer to.
        audience: the spec as it is written; only its `criteria` matter.
    """
    return Evaluation(world).members(audience)


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
    events: tuple[Event, ...]

    def property(self, name: str) -> Column:
        """How a property is read."""
        return column_of(name, self.spec.get("properties", {}).get(name), self.table)


@dataclass(frozen=True)
class Subject:
    """Whom, and perhaps which event of theirs, a condition is about."""

    key: Key
    source: Source | None = None
    event: Event | None = None


class Evaluation:
    """One evaluation of any number of specs over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.zone = ZoneInfo(world.timezone)
        self.clock = points.Clock(world.as_of, self.zone)
        self._sources: dict[str, Source] = {}
        self._traits: dict[tuple[str, Key], values.Typed] = {}
        self._members: dict[str, frozenset[Key]] = {}

    @cached_property
    def population(self) -> dict[Key, Row]:
        """The entity's rows by key: the distinct keys that are there."""
        column = column_of("key", self.world.entity["key"], self._table).column
        rows = [row for row in self._table.rows if row.get(column) is not None]
        return {row[column]: row for row in reversed(rows)}  # type: ignore[misc]  # keys are int or str

    @property
    def _table(self) -> Table:
        return self.world.table(self.world.entity["model"])

    def members(self, audience: Spec) -> frozenset[Key]:
        """The members of a spec."""
        criteria = audience["criteria"]
        return frozenset(key for key in self.population if self.holds(criteria, Subject(key)))

    def members_of(self, name: str) -> frozenset[Key]:
        """The members of an audience of the world."""
        if name not in self._members:
            self._members[name] = self.members(self.world.audiences[name])
        return self._members[name]

    def holds(self, condition: Written, subject: Subject) -> bool:
        """Whether a condition holds: a list is `all`; groups in one mapping must hold together."""
        if isinstance(condition, list):
            return all(self.holds(item, subject) for item in condition)
        assert isinstance(condition, Mapping)
        if condition.keys() <= {"all", "any", "none"}:
            return self._group(condition, subject)
        if "audience" in condition:
            return subject.key in self.members_of(condition["audience"])
        if "event" in condition:
            return self._event(condition, subject)
        for kind in ("attribute", "trait", "property"):
            if kind in condition:
                comparisons = {name: right for name, right in condition.items() if name != kind}
                return self._compare(self._operand(condition, subject), comparisons, subject)
        raise ValueError(f"not a condition: {condition}")

    def _group(self, group: Spec, subject: Subject) -> bool:
        every = all(self.holds(item, subject) for item in group.get("all", []))
        some = "any" not in group or any(self.holds(item, subject) for item in group["any"])
        none = not any(self.holds(item, subject) for item in group.get("none", []))
        return every and some and none

    def _compare(self, left: values.Typed, comparisons: Spec, subject: Subject) -> bool:
        return values.compare(
            left, comparisons, lambda operand: self._operand(operand, subject).value, self.clock
        )

    def _operand(self, operand: Spec, subject: Subject) -> values.Typed:
        if "attribute" in operand:
            return self._attribute(operand["attribute"], subject.key)
        if "trait" in operand:
            return self._trait(operand["trait"], subject.key)
        assert subject.source is not None
        assert subject.event is not None
        return self._property(operand["property"], subject.source, subject.event)

    def _attribute(self, name: str, key: Key) -> values.Typed:
        column = column_of(name, self.world.entity.get("attributes", {}).get(name), self._table)
        cell = self.population[key].get(column.column)
        return values.Typed(values.read(cell, column, self.zone), column.type)

    def _property(self, name: str, source: Source, event: Event) -> values.Typed:
        column = source.property(name)
        cell = event.row.get(column.column)
        return values.Typed(values.read(cell, column, self.zone), column.type)

    def _trait(self, name: str, key: Key) -> values.Typed:
        if (name, key) not in self._traits:
            spec = self.world.traits[name]
            function = next(function for function in AGGREGATES if function in spec)
            matching = self._matching(spec[function], Subject(key))
            value = self._aggregate(function, spec[function], *matching)
            self._traits[name, key] = value
        return self._traits[name, key]

    # --- events ---------------------------------------------------------------------------------

    def source(self, name: str) -> Source:
        """An event source, with the events that exist."""
        if name not in self._sources:
            spec = self.world.entity["events"][name]
            table = self.world.table(spec["model"])
            self._sources[name] = Source(spec, table, tuple(self._existing(spec, table)))
        return self._sources[name]

    def _existing(self, spec: Spec, table: Table) -> list[Event]:
        """Timed events, once an id (the earliest), before the instant, of keys that are known."""
        key = column_of("key", spec["key"], table).column
        at = _at(spec, table)
        identity = column_of("id", spec["id"], table).column if "id" in spec else None
        name = column_of("name", spec["name"], table).column if "name" in spec else None
        earliest: dict[Cell, Event] = {}
        anonymous: list[Event] = []
        for row in table.rows:
            moment = values.read(row.get(at.column), at, self.zone)
            if moment is None:
                continue
            assert isinstance(moment, datetime)
            given = row.get(identity) if identity else None
            event = Event(row.get(key), moment, given, row.get(name) if name else None, row)
            if given is None:
                anonymous.append(event)
            elif given not in earliest or moment < earliest[given].at:
                earliest[given] = event
        events = [*earliest.values(), *anonymous]
        return [event for event in events if event.at < self.world.as_of and event.key in self.population]

    def _event(self, condition: Spec, subject: Subject) -> bool:
        source, events = self._matching(condition, subject)
        functions = [function for function in AGGREGATES if function in condition]
        for function in functions:
            left = self._aggregate(function, condition[function], source, events)
            comparisons = {name: right for name, right in condition[function].items() if name != "of"}
            if not self._compare(left, comparisons, subject):
                return False
        return bool(functions) or len(events) > 0

    def _matching(self, spec: Spec, subject: Subject) -> tuple[Source, list[Event]]:
        """The subject's events of a spec's kind, in its window, for which its `where` holds."""
        source_name, _, kind = spec["event"].partition(".")
        source = self.source(source_name)
        edges = points.window(spec, self.clock)
        where = spec.get("where", [])
        return source, [
            event
            for event in source.events
            if event.key == subject.key
            and (not kind or event.name == kind)
            and points.inside(event.at, edges)
            and self.holds(where, Subject(subject.key, source, event))
        ]

    def _aggregate(self, function: str, spec: Spec, source: Source, events: list[Event]) -> values.Typed:
        if function == "count":
            return values.Typed(Fraction(len(events)), "integer")
        column = source.property(spec["of"]) if "of" in spec else None
        found: list[tuple[Event, Any]] = []
        for event in events:
            value = self._property(spec["of"], source, event).value if column else event.at
            if value is not None:
                found.append((event, value))
        kind = column.type if column else _at(source.spec, source.table).type
        return _reduce(function, kind, found)


def _reduce(function: str, kind: str, found: list[tuple[Event, Any]]) -> values.Typed:
    """One value from the events whose value is there."""
    everything = [value for _, value in found]
    if function == "distinct":
        return values.Typed(Fraction(len(set(everything))), "integer")
    if function == "sum":
        return values.Typed(sum(everything, Fraction(0)), "number")
    if not found:
        return values.Typed(None, "number" if function == "average" else kind)
    if function == "average":
        return values.Typed(sum(everything, Fraction(0)) / len(everything), "number")
    if function in {"min", "max"}:
        return values.Typed((min if function == "min" else max)(everything), kind)
    moments = [event.at for event, _ in found]
    moment = min(moments) if function == "first" else max(moments)
    tied = [(event, value) for event, value in found if event.at == moment]
    return values.Typed(min(tied, key=lambda one: (one[0].tie, one[1]))[1], kind)


def _at(source: Spec, table: Table) -> Column:
    """A source's column of times, which are timestamps where it does not say otherwise."""
    return column_of("at", source["at"], table, default_type="timestamp")
