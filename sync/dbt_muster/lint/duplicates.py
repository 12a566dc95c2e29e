"""Audiences that have the same members as another one, whatever the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from dbt_muster.lint.findings import Finding
from dbt_muster.plan.canonical import canonical_aggregate, canonical_condition
from dbt_muster.specs.canonical import canonical_json
from dbt_muster.specs.meaning import Aggregate, Audience

# What a person may change about an audience without changing who is in it.
_NOT_MEMBERS = frozenset(
    {
        *("name", "description", "owner", "tags", "meta", "enabled", "materialized", "schema", "syncs"),
        *("position", "digest", "split", "written", "accepts", "criteria"),
    }
)


def duplicates(audiences: Iterable[Audience]) -> Iterator[Finding]:
    """A finding for each audience whose criteria another one before it has already."""
    first: dict[str, Audience] = {}
    for audience in audiences:
        if not audience.enabled:
            continue
        other = first.setdefault(_meaning(audience), audience)
        if other is not audience:
            file = other.position.file.as_posix()
            message = f"`{other.name}` ({file}) has the same criteria, and so the same members"
            yield Finding("duplicate_audience", audience.name, audience.position, message)


def _meaning(audience: Audience) -> str:
    """All that decides who is a member, as one text."""
    rest = [getattr(audience, field.name) for field in fields(audience) if field.name not in _NOT_MEMBERS]
    criteria: Any = _canonical(audience.criteria)
    return canonical_json([canonical_condition(criteria), *rest])


def _canonical(value: object) -> object:
    """A part of a condition with every aggregate in it in canonical form."""
    match value:
        case Aggregate():
            return canonical_aggregate(value)
        case tuple():
            return tuple(_canonical(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: _canonical(item) for name, item in kept.items()})
    return value
