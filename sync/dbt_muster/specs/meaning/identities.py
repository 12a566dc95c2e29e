"""Identities: which identifiers belong to one person."""

from __future__ import annotations

from dataclasses import dataclass

from dbt_muster.specs.meaning.conditions import Column
from dbt_muster.specs.meaning.declarations import Relation
from dbt_muster.specs.meaning.values import Position


@dataclass(frozen=True)
class IdentifierKind:
    """A kind of identifier, and which of its values count."""

    name: str
    include: tuple[str, ...]  # portable patterns; one must be found in a value, where there is any
    exclude: tuple[str, ...]  # portable patterns; none may be found in a value
    ignore_case: bool


@dataclass(frozen=True)
class Link:
    """A table of which each row says that two identifiers belong together."""

    relation: Relation
    ends: tuple[tuple[str, str], tuple[str, str]]  # the kind of identifier, and its column
    at: Column | None  # rows at or after `as_of` do not count


@dataclass(frozen=True)
class Identity:
    """Which identifiers belong to one person.

    Attributes:
        identifiers: in order of preference: the canonical key is one of the first kind that a person has.
        largest_cluster: the most identifiers that are taken to be one person's.
    """

    name: str
    description: str
    identifiers: tuple[IdentifierKind, ...]
    links: tuple[Link, ...]
    largest_cluster: int
    position: Position
