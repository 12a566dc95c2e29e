"""What the spec files declare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from dbt_muster.specs.meaning.alerts import Alert
from dbt_muster.specs.meaning.calculations import Calculation
from dbt_muster.specs.meaning.conditions import Attribute, Column, Condition, TraitValue
from dbt_muster.specs.meaning.guards import Guard
from dbt_muster.specs.meaning.times import Point, Shift
from dbt_muster.specs.meaning.values import Position, Type, WrittenSql


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
    loaded_at: Column | None = None  # when the row arrived
    history: Point | None = None  # how far back its rows go; None is for ever


@dataclass(frozen=True)
class ValueTable:
    """A table with a row for each value that an entity has of an identifier."""

    relation: Relation
    key: Column  # the entity's


@dataclass(frozen=True)
class Identifier:
    """Something that a destination may match on."""

    name: str  # email, phone, external_id, …
    column: Column
    default_country: str | None = None  # for phone: ISO 3166-1 alpha-2
    hashed: bool = False  # the column holds SHA-256 in hex
    most: int | None = None  # where there may be several values: how many are sent; None is one
    table: ValueTable | None = None  # where the values stand, if not in the entity's table
    position: Position | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Aliases:
    """A table of keys that mean another key of the entity, in one step."""

    relation: Relation
    alias: Column
    canonical: Column


@dataclass(frozen=True)
class Way:
    """Another entity, a key of which stands in each row."""

    entity: str
    key: Column


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
    aliases: Aliases | None = None
    through: tuple[Way, ...] = ()
    positions: dict[str, Position] = field(default_factory=dict, compare=False)
    """The place of every attribute that is declared, by its name."""

    @property
    def own_identifiers(self) -> dict[str, Identifier]:
        """The identifiers of which the values stand in the entity's own table."""
        return {name: each for name, each in self.identifiers.items() if each.table is None}

    def way_to(self, other: str) -> Way | None:
        """How rows name another entity, if they do."""
        return next((way for way in self.through if way.entity == other), None)


@dataclass(frozen=True)
class Trait:
    """A calculated attribute of an entity."""

    name: str
    entity: str
    description: str
    value: Calculation
    position: Position
    sql: WrittenSql | None = field(default=None, compare=False)  # of an `expression`

    @property
    def type(self) -> Type:
        """The type of the value."""
        return self.value.type


@dataclass(frozen=True)
class Limit:
    """The `top` members by a value; who has none is never chosen, and ties go by key ascending."""

    top: int
    by: Attribute | TraitValue
    ascending: bool = False


@dataclass(frozen=True)
class Split:
    """Shares of an audience's members by hash, so that a key is in one variant for ever.

    `slot = the first 8 hex digits of md5(salt ':' key), read as an integer, mod 10000`; the variants take
    consecutive ranges of slots in their order.
    """

    salt: str
    variants: tuple[tuple[str, int], ...]  # name and number of slots, SLOTS in all


SLOTS = 10_000
CONTROL = "control"
"""The variant that is held out of every delivery."""


@dataclass(frozen=True)
class Sync:
    """One entry of an audience's `sync:` list."""

    destination: str
    match_on: tuple[str, ...]  # identifier names; empty: whatever the destination takes
    options: dict[str, object]  # what the destination's own type reads and validates
    position: Position
    variants: tuple[str, ...] = ()  # of the audience's split; empty: all but the control
    where: Condition | None = None  # what a member must meet to be sent there
    positions: dict[str, Position] = field(default_factory=dict, compare=False)
    """The place of every option's value, by its key; nested keys are joined by dots.

    `to`, and `match_on.` with each identifier, are among them.
    """


@dataclass(frozen=True)
class Criterion:
    """One item of an audience's criteria, as it is written: the items of all groups make the whole."""

    group: OneOf["all", "any", "none"]
    condition: Condition  # what the item says itself; under `none` it must not hold
    path: tuple[str | int, ...]  # where the item stands in the audience's document
    position: Position
    inside: tuple[tuple[Condition, Position], ...] = ()  # each condition of the item, and where it stands
    sql: tuple[WrittenSql, ...] = ()  # every `sql` of the item


@dataclass(frozen=True)
class Accept:
    """A finding of `muster check` that is meant to be so."""

    finding: str
    because: str
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
    split: Split | None = None
    stay: Shift | None = None  # how long a member stays after it last qualified
    expire: Shift | None = None  # how long after its entry a membership ends
    limit: Limit | None = None  # of those for whom the criteria hold, before the split
    written: tuple[Criterion, ...] = field(default=(), compare=False)  # the criteria item by item
    accepts: tuple[Accept, ...] = field(default=(), compare=False)

    @classmethod
    def bare(
        cls,
        name: str,
        entity: str,
        criteria: Condition,
        position: Position,
        *,
        enabled: bool = True,
        syncs: tuple[Sync, ...] = (),
    ) -> Audience:
        """An audience of which no spec says more: one that a condition asks for, or that has ended."""
        return cls(
            name=name,
            description="",
            entity=entity,
            owner=None,
            tags=(),
            meta={},
            enabled=enabled,
            materialized="table",
            schema=None,
            criteria=criteria,
            syncs=syncs,
            position=position,
            digest="",
        )


@dataclass(frozen=True)
class Destination:
    """A destination as written: values are not rendered yet, so no secret is ever held here."""

    name: str
    type: str
    consent: str | None
    guard: Guard
    settings: dict[str, object]
    position: Position
    alerts: tuple[Alert, ...] = ()
    positions: dict[str, Position] = field(default_factory=dict, compare=False)
    """The place of every setting's value, by its key; nested keys are joined by dots."""
