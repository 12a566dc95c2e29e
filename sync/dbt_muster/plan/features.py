"""Event aggregates, each built once: which table it is in, and under which column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbt_muster.plan.canonical import canonical_aggregate, short_hash
from dbt_muster.specs.meaning import (
    EVER,
    Aggregate,
    All,
    AnyOf,
    Compare,
    Condition,
    During,
    NoneOf,
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

    @property
    def alias(self) -> str:
        """What a model that joins the table calls it."""
        parts = ["features", self.source, *([_slug(self.event)] if self.event is not None else [])]
        return _bounded("__".join(parts))

    @property
    def model(self) -> str:
        """The name of the dbt model."""
        return _bounded(f"muster_features__{self.entity}__{self.alias.removeprefix('features__')}")


def feature_tables(entity: str, aggregates: Iterable[Aggregate]) -> tuple[FeatureTable, ...]:
    """A table for each kind of event, with the distinct aggregates over it, all in a stable order."""
    by_kind: dict[tuple[str, str | None], set[Aggregate]] = {}
    for aggregate in map(canonical_aggregate, aggregates):
        by_kind.setdefault((aggregate.source, aggregate.event), set()).add(aggregate)
    kinds = sorted(by_kind, key=lambda kind: (kind[0], kind[1] or ""))
    return tuple(
        FeatureTable(entity, source, event, tuple(sorted(by_kind[source, event], key=feature_column)))
        for source, event in kinds
    )


def feature_column(aggregate: Aggregate) -> str:
    """The column of a canonical aggregate: its function, of what, and a hash where it is filtered."""
    parts = [aggregate.function if aggregate.of or aggregate.function == "count" else f"{aggregate.function}_at"]
    if aggregate.of is not None:
        name = aggregate.of.name
        parts.append(name if _PLAIN_NAME.fullmatch(name) else short_hash(name))
    if aggregate.window != EVER or aggregate.where is not None:
        parts.append(short_hash([aggregate.window, aggregate.where]))
    return "__".join(parts)


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


def _slug(event: str) -> str:
    """An event's name as part of a table's name; a hash tells apart what looks alike."""
    slug = _NOT_PLAIN.sub("_", event.lower()).strip("_")
    return slug if slug == event else f"{slug[:30]}_{short_hash(event)}".lstrip("_")


def _bounded(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 9]}_{short_hash(name)}"
