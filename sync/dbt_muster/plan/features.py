"""Event aggregates, each built once: which table it is in, and under which column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dbt_muster.plan.canonical import canonical_aggregate, canonical_point, short_hash
from dbt_muster.plan.existence import horizon
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
    Point,
)

_PLAIN_NAME = re.compile("[a-z][a-z0-9_]{0,40}")
_NOT_PLAIN = re.compile("[^a-z0-9]+")

# PostgreSQL cuts a name at 63 bytes; dbt adds a suffix of its own while it builds a table.
_LONGEST_NAME = 50


@dataclass(frozen=True)
class FeatureTable:
    """A table with one row an entity key that has such events, and a column for each aggregate over them.

    One table a kind of event: a build reads each kind once, however many audiences ask about it.
    docs/performance.md has the measurements behind that.
    """

    entity: str
    source: str
    event: str | None  # the kind, where the source has several; None is any
    aggregates: tuple[Aggregate, ...]
    # For a time of the last event ever that is only asked about windows: where those windows start. Nothing
    # before the earliest of them can matter, so a build need not read it.
    starts: dict[Aggregate, tuple[Point, ...]] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        """What a model that joins the table calls it."""
        parts = ["features", self.source, *([_slug(self.event)] if self.event is not None else [])]
        return _bounded("__".join(parts))

    @property
    def model(self) -> str:
        """The name of the dbt model."""
        return _bounded(f"muster_features__{self.entity}__{self.alias.removeprefix('features__')}")


@dataclass(frozen=True)
class Use:
    """An aggregate that something compares, and the start of the only window that it asks about, if any."""

    aggregate: Aggregate
    start: Point | None = None


def feature_tables(entity: str, uses: Iterable[Use]) -> tuple[FeatureTable, ...]:
    """A table for each kind of event, with the distinct aggregates over it, all in a stable order."""
    starts: dict[Aggregate, set[Point | None]] = {}
    for use in uses:
        start = None if use.start is None else canonical_point(use.start)
        starts.setdefault(canonical_aggregate(use.aggregate), set()).add(start)
    by_kind: dict[tuple[str, str | None], list[Aggregate]] = {}
    for aggregate in sorted(starts, key=feature_column):
        by_kind.setdefault((aggregate.source, aggregate.event), []).append(aggregate)
    kinds = sorted(by_kind, key=lambda kind: (kind[0], kind[1] or ""))
    return tuple(_table(entity, by_kind[kind], starts) for kind in kinds)


def _table(
    entity: str, aggregates: list[Aggregate], starts: dict[Aggregate, set[Point | None]]
) -> FeatureTable:
    bounded = {
        aggregate: tuple(sorted((point for point in starts[aggregate] if point), key=canonical_json))
        for aggregate in aggregates
        if None not in starts[aggregate]
    }
    return FeatureTable(entity, aggregates[0].source, aggregates[0].event, tuple(aggregates), bounded)


def feature_column(aggregate: Aggregate) -> str:
    """The column of a canonical aggregate: its function, of what, and a hash where it is filtered."""
    parts = [
        aggregate.function if aggregate.of or aggregate.function == "count" else f"{aggregate.function}_at"
    ]
    if aggregate.of is not None:
        name = aggregate.of.name
        parts.append(name if _PLAIN_NAME.fullmatch(name) else short_hash(name))
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
            yield from (Use(operand) for operand in (left, *right) if isinstance(operand, Aggregate))
        case During(Aggregate() as left, window):
            yield Use(left, window.start if horizon(condition) else None)


def _slug(event: str) -> str:
    """An event's name as part of a table's name; a hash tells apart what looks alike."""
    slug = _NOT_PLAIN.sub("_", event.lower()).strip("_")
    return slug if slug == event else f"{slug[:30]}_{short_hash(event)}".lstrip("_")


def _bounded(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 9]}_{short_hash(name)}"
