"""Event aggregates, each built once: which table it is in, and under which column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from dbt_muster.plan.bands import band
from dbt_muster.plan.canonical import canonical_aggregate, canonical_point, short_hash
from dbt_muster.plan.existence import is_recency
from dbt_muster.plan.outside import looks_outside
from dbt_muster.specs.canonical import canonical_json
from dbt_muster.specs.meaning import (
    EVER,
    Aggregate,
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    NoneOf,
    Periods,
    Point,
    Window,
)

_PLAIN_NAME = re.compile("[a-z][a-z0-9_]{0,40}")
_NOT_PLAIN = re.compile("[^a-z0-9]+")

# PostgreSQL cuts a name at 63 bytes, and dbt refuses a longer one there.
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Use:
    """An aggregate that something compares, and the start of the only window that it asks about, if any."""

    aggregate: Aggregate
    start: Point | None = None


@dataclass(frozen=True)
class Place:
    """Which table an aggregate is in: a kind of event, and a part of what is asked of it."""

    source: str
    event: str | None  # the kind, where the source has several; None is any
    part: str  # a band of windows; or a column, for an aggregate that does best on its own


@dataclass(frozen=True)
class FeatureTable:
    """A table with one row an entity key that has such events, and a column for each aggregate over them.

    Attributes:
        entity: whose events they are.
        place: the kind of event, and the part of what is asked of it.
        aggregates: canonical, in the order of their columns.
        starts: for a time of the last event that is only asked about windows, where those windows start.
            Nothing before the earliest of them can matter, so a build need not read it.
    """

    entity: str
    place: Place
    aggregates: tuple[Aggregate, ...]
    starts: dict[Aggregate, tuple[Point, ...]] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        """What a model that joins the table calls it."""
        event = [] if self.place.event is None else [_slug(self.place.event)]
        return bounded_name("__".join(["features", self.place.source, *event, self.place.part]))

    @property
    def model(self) -> str:
        """The name of the dbt model."""
        return bounded_name(f"muster_features__{self.entity}__{self.alias.removeprefix('features__')}")


def feature_tables(entity: str, uses: Iterable[Use]) -> tuple[FeatureTable, ...]:
    """A table for each place, with the distinct aggregates that are in it, all in a stable order."""
    starts: dict[Place, dict[Aggregate, set[Point | None]]] = {}
    for use in uses:
        aggregate = canonical_aggregate(use.aggregate)
        start = None if use.start is None else canonical_point(use.start)
        starts.setdefault(place_of(use), {}).setdefault(aggregate, set()).add(start)
    places = sorted(starts, key=lambda place: (place.source, place.event or "", place.part))
    return tuple(_table(entity, place, starts[place]) for place in places)


def place_of(use: Use) -> Place:
    """The table that an aggregate is in.

    Aggregates that a GROUP BY adds up side by side share a table with the others of their band. Distinct
    counts and values that go by order do not: each costs as much as many others, and is cheapest over its
    own rows. Nor does what compares events with the entity: its table reads the entity's, and the tables of
    the traits that it needs, and those would read it back if they were one.
    """
    aggregate = canonical_aggregate(use.aggregate)
    alone = (
        aggregate.function in ("distinct", "most_frequent", "unique_list")
        or (aggregate.function in ("first", "last") and aggregate.of is not None)
        or looks_outside(aggregate)
    )
    start = aggregate.window.start if use.start is None else use.start
    return Place(aggregate.source, aggregate.event, feature_column(aggregate) if alone else band(start))


def use_in(aggregate: Aggregate, window: Window | None) -> Use:
    """The use of an aggregate by a condition; the window is that of a condition on a time."""
    return Use(aggregate, window.start if window is not None and is_recency(aggregate) else None)


@cache
def feature_column(aggregate: Aggregate) -> str:
    """The column of a canonical aggregate: its function, of what, and a hash where it is filtered."""
    parts = [
        aggregate.function if aggregate.of or aggregate.function == "count" else f"{aggregate.function}_at"
    ]
    if aggregate.of is not None:
        name = aggregate.of.name
        parts.append(name if _PLAIN_NAME.fullmatch(name) else short_hash(name))
    if aggregate.limit is not None:
        parts.append(str(aggregate.limit))
    if aggregate.window != EVER or aggregate.where is not None:
        parts.append(short_hash([aggregate.window, aggregate.where]))
    return "__".join(parts)


def uses_in(condition: Condition) -> Iterator[Use]:
    """Every aggregate that a condition compares, in the order in which it is written."""
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from uses_in(item)
        case Compare(left, _, right):
            if isinstance(left, Periods):
                yield from uses_in(All(left.holding))
            yield from (Use(operand) for operand in (left, *right) if isinstance(operand, Aggregate))
        case During(Aggregate() as left, window):
            yield use_in(left, window)


def _table(entity: str, place: Place, starts: dict[Aggregate, set[Point | None]]) -> FeatureTable:
    bounded = {
        aggregate: tuple(sorted((point for point in points if point), key=canonical_json))
        for aggregate, points in starts.items()
        if None not in points
    }
    return FeatureTable(entity, place, tuple(sorted(starts, key=feature_column)), bounded)


def _slug(event: str) -> str:
    """An event's name as part of a table's name; a hash tells apart what looks alike."""
    slug = _NOT_PLAIN.sub("_", event.lower()).strip("_")
    return slug if slug == event else f"{slug[:30]}_{short_hash(event)}".lstrip("_")


def bounded_name(name: str) -> str:
    """A name that every warehouse takes whole: what is too long ends in a hash of it."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 9]}_{short_hash(name)}"
