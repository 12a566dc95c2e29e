"""Event aggregates, each built once: which table it is in, under which column, and from which scan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbt_muster.plan.canonical import canonical_aggregate, short_hash
from dbt_muster.specs.canonical import canonical_json
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    NoneOf,
    Window,
)

_PLAIN_NAME = re.compile("[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class Scan:
    """The events that a group of aggregates looks at: one read of one source, one `where`, one `group by`."""

    source: str
    event: str | None
    window: Window
    where: Condition | None


@dataclass(frozen=True)
class FeatureTable:
    """A table with one row an entity key that has such events, and a column for each aggregate over them."""

    entity: str
    scan: Scan
    aggregates: tuple[Aggregate, ...]

    @property
    def alias(self) -> str:
        """The name of the table within its entity; the same for the same scan, whoever asks for it."""
        return f"{self.scan.source}__{short_hash(self.scan)}"

    @property
    def model(self) -> str:
        """The name of the dbt model."""
        return f"muster_features__{self.entity}__{self.alias}"


def feature_tables(entity: str, aggregates: Iterable[Aggregate]) -> tuple[FeatureTable, ...]:
    """One table for each distinct scan, with the distinct aggregates over it, all in a stable order.

    docs/performance.md has the measurements behind one narrow `group by` a distinct predicate.
    """
    by_scan: dict[Scan, set[Aggregate]] = {}
    for aggregate in map(canonical_aggregate, aggregates):
        by_scan.setdefault(scan_of(aggregate), set()).add(aggregate)
    tables = (
        FeatureTable(entity, scan, tuple(sorted(found, key=feature_column))) for scan, found in by_scan.items()
    )
    return tuple(sorted(tables, key=lambda table: (table.scan.source, canonical_json(table.scan))))


def scan_of(aggregate: Aggregate) -> Scan:
    """The scan that a canonical aggregate needs."""
    return Scan(aggregate.source, aggregate.event, aggregate.window, aggregate.where)


def feature_column(aggregate: Aggregate) -> str:
    """The column of a canonical aggregate in its table: what it counts, and of what."""
    if aggregate.of is None:
        return aggregate.function if aggregate.function == "count" else f"{aggregate.function}_at"
    name = aggregate.of.name
    return f"{aggregate.function}__{name if _PLAIN_NAME.fullmatch(name) else short_hash(name)}"


def aggregates_in(condition: Condition) -> Iterator[Aggregate]:
    """Every aggregate that a condition compares, in the order in which it is written."""
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from aggregates_in(item)
        case Compare(left, _, right):
            yield from (operand for operand in (left, *right) if isinstance(operand, Aggregate))
        case During(left):
            if isinstance(left, Aggregate):
                yield left
