"""What validated specs mean: the typed, resolved form that every later room reads.

Reading (`reader`), validating (`models`) and resolving (`resolve`) end in a `Project` made of
these classes. Everything here is a value: frozen, comparable, and free of file syntax. Names are known to
exist, types are known to fit, and points in time are parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal as OneOf


class Type(StrEnum):
    """The type of a value, as a spec declares it or as an aggregate yields it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"  # without a zone in the warehouse; UTC unless its source names a zone
    TIMESTAMPTZ = "timestamptz"  # an instant in the warehouse
    LIST = "list"  # of strings
    UNKNOWN = "unknown"  # not declared: the warehouse types it


@dataclass(frozen=True)
class Position:
    """Where something stands in a spec file; line and column count from 1."""

    file: Path  # relative to the project's root
    line: int
    column: int


# --- points in time and windows -----------------------------------------------------------------

Unit = OneOf["minute", "hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True)
class Shift:
    """`as_of` moved by `count` units: negative is ago, positive is ahead, zero is `as_of` itself.

    Minutes to weeks are exact lengths; months, quarters and years are calendar steps in UTC.
    """

    count: int
    unit: Unit


@dataclass(frozen=True)
class LocalMidnight:
    """Local midnight `count` units before the local day of `as_of` (`within: N calendar days`)."""

    count: int
    unit: OneOf["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True)
class Boundary:
    """The local start of the `unit` that contains `as_of`, moved by `shift` units.

    `start of month` has shift 0, `start of last month` -1, `end of month` 1, `end of last month` 0.
    """

    unit: OneOf["day", "week", "month", "quarter", "year"]
    shift: int


@dataclass(frozen=True)
class Instant:
    """An absolute instant, from a literal that names its offset."""

    utc: datetime  # naive, in UTC


@dataclass(frozen=True)
class LocalTime:
    """A literal without an offset, in the entity's time zone; a bare date is its midnight."""

    local: datetime  # naive


Point = Shift | LocalMidnight | Boundary | Instant | LocalTime
AS_OF = Shift(0, "day")


@dataclass(frozen=True)
class Window:
    """Half-open: `start <= t < end`. None is an open end. Events are cut off at `as_of` besides."""

    start: Point | None = None
    end: Point | None = None


EVER = Window()


# --- operands -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column of a source table, and how to read it."""

    column: str
    type: Type = Type.UNKNOWN
    timezone: str | None = None  # for TIMESTAMP: the zone its values are written in; None is UTC
    # for STRING etc. out of a JSON column: the keys below the column (`properties.plan` has column
    # `properties` and path ("plan",))
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attribute:
    """An attribute of the entity at hand, by its spec name."""

    name: str
    type: Type


@dataclass(frozen=True)
class TraitValue:
    """A calculated attribute of the entity at hand."""

    name: str
    type: Type


@dataclass(frozen=True)
class Property:
    """A property of the event at hand; only inside an event's `where`."""

    name: str
    type: Type


@dataclass(frozen=True)
class Value:
    """A literal, already of the type that it is compared as.

    `value` is str for STRING, int for INTEGER, Decimal or int for NUMBER, bool for BOOLEAN.
    Literal dates and times are Points, never Values.
    """

    value: object
    type: Type


AggregateFunction = OneOf["count", "distinct", "sum", "average", "min", "max", "first", "last"]


@dataclass(frozen=True)
class Aggregate:
    """One number (or value) over an entity's events; over no events count, distinct and sum are 0."""

    source: str  # the name under `events:` of the entity
    event: str | None  # the value in the source's name column; None where every row is one kind
    function: AggregateFunction
    of: Property | None  # None for count; None for first and last means the event's own time
    window: Window
    where: Condition | None
    type: Type


Operand = Attribute | TraitValue | Property | Value | Aggregate


# --- conditions: always true or false -------------------------------------------------------------

Comparison = OneOf[
    "is",  # equality; one right side
    "in",  # any of the right sides
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "between",  # two right sides, both included (numbers only: times become "during")
    "contains",
    "starts_with",
    "ends_with",
    "matches",  # a regular expression found anywhere in the text
    "includes",  # a list holds the value; one right side
    "includes_any",
    "includes_all",
    "is_set",  # no right side
]


@dataclass(frozen=True)
class Compare:
    """`left <operator> right`; a missing value makes it false, and `negated` is the exact complement.

    `is_not`, `not_in`, `not_contains`, `is_set: false` … arrive here as the positive comparison, negated.
    """

    left: Operand
    operator: Comparison
    right: tuple[Operand, ...] = ()
    negated: bool = False
    ignore_case: bool = False


@dataclass(frozen=True)
class During:
    """`left` is a time inside the window: within, within_next, before, after, on, between, negated or not."""

    left: Operand
    window: Window
    negated: bool = False


@dataclass(frozen=True)
class MemberOf:
    """Membership of another audience of the same entity, at the same `as_of`."""

    audience: str


@dataclass(frozen=True)
class All:
    """Every one of the conditions holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one of the conditions holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True)
class NoneOf:
    """The complement of AnyOf."""

    items: tuple[Condition, ...]


Condition = Compare | During | MemberOf | All | AnyOf | NoneOf


# --- what the spec files declare ------------------------------------------------------------------


@dataclass(frozen=True)
class Relation:
    """`ref('model')`, `ref('package', 'model')` or `source('source', 'table')`."""

    kind: OneOf["ref", "source"]
    names: tuple[str, ...]


@dataclass(frozen=True)
class EventSource:
    """A table of events under an entity's `events:`."""

    name: str
    relation: Relation
    key: Column
    at: Column
    id: Column | None
    event_name: Column | None  # the column that names each row's kind; None: one kind a table
    properties: dict[str, Column]


@dataclass(frozen=True)
class Identifier:
    """Something that a destination may match on."""

    name: str  # email, phone, external_id, …
    column: Column
    default_country: str | None = None  # for phone: ISO 3166-1 alpha-2


@dataclass(frozen=True)
class Entity:
    """Who or what audiences are made of."""

    name: str
    relation: Relation
    key: Column
    timezone: str  # an IANA name; UTC by default
    attributes: dict[str, Column]
    attributes_declared: bool  # False: every column is an attribute, and `attributes` holds those in use
    identifiers: dict[str, Identifier]
    consent: dict[str, Column]  # purpose to a boolean column
    events: dict[str, EventSource]
    position: Position


@dataclass(frozen=True)
class Trait:
    """A calculated attribute of an entity."""

    name: str
    entity: str
    description: str
    aggregate: Aggregate
    position: Position


@dataclass(frozen=True)
class Sync:
    """One entry of an audience's `sync:` list."""

    destination: str
    match_on: tuple[str, ...]  # identifier names; empty: whatever the destination takes
    options: dict[str, object]  # what the destination's own type reads and validates
    position: Position
    positions: dict[str, Position] = field(default_factory=dict, compare=False)
    """The place of every option's value, by its key; nested keys are joined by dots."""


@dataclass(frozen=True)
class Criterion:
    """One item of an audience's criteria, as it is written: the items of all groups make the whole."""

    group: OneOf["all", "any", "none"]
    condition: Condition  # what the item says itself; under `none` it must not hold
    path: tuple[str | int, ...]  # where the item stands in the audience's document
    position: Position


@dataclass(frozen=True)
class Audience:
    """Everybody of one entity for whom the criteria hold."""

    name: str
    description: str
    entity: str
    owner: str | None
    tags: tuple[str, ...]
    meta: dict[str, object]
    enabled: bool
    materialized: str  # table, view or incremental-free materialisation of the user's own
    schema: str | None
    criteria: Condition
    syncs: tuple[Sync, ...]
    position: Position
    digest: str  # sha256 hex of what the spec means (not of its layout or comments)
    written: tuple[Criterion, ...] = field(default=(), compare=False)  # the criteria item by item


@dataclass(frozen=True)
class Destination:
    """A destination as written: values are not rendered yet, so no secret is ever held here."""

    name: str
    type: str
    consent: str | None
    guard: dict[str, object]
    settings: dict[str, object]
    position: Position
    positions: dict[str, Position] = field(default_factory=dict, compare=False)
    """The place of every setting's value, by its key; nested keys are joined by dots."""


Cell = str | int | Decimal | bool | Point | tuple[str, ...] | None
"""A value of a given row: a time is a Point, a list a tuple of texts."""


@dataclass(frozen=True)
class GivenRows:
    """Rows that a test gives of one table. A column that a row does not give is null there."""

    columns: dict[str, Type]  # every column given; UNKNOWN only where no row has a value for it
    rows: tuple[dict[str, Cell], ...]


NO_ROWS = GivenRows({}, ())


@dataclass(frozen=True)
class Case:
    """A test of an audience: rows in, members out. Every table that is not given is empty."""

    name: str
    audience: str
    description: str
    as_of: Instant | LocalTime
    entity_rows: GivenRows
    event_rows: dict[str, GivenRows]  # by event source
    expect: tuple[str | int, ...]  # keys, in the order written
    position: Position


@dataclass(frozen=True)
class Project:
    """Everything under audience_specs/, resolved; dictionaries are in name order."""

    root: Path
    entities: dict[str, Entity] = field(default_factory=dict)
    traits: dict[str, dict[str, Trait]] = field(default_factory=dict)  # entity, then trait
    audiences: dict[str, Audience] = field(default_factory=dict)
    destinations: dict[str, Destination] = field(default_factory=dict)
    tests: dict[str, Case] = field(default_factory=dict)  # by the test's own name
