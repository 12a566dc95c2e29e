"""What the warehouse says of one key, of the one that its row names, and of those whose rows name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dbt_muster.plan.aliases import aliases_model
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.nodes import condition_node, location_node
from dbt_muster.plan.through import named_key_node
from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.criteria import Taken, take_apart
from dbt_muster.seeing.inline import Inline, Site
from dbt_muster.specs.meaning import (
    Aggregate,
    Attribute,
    Audience,
    Condition,
    Entity,
    Near,
    Operand,
    Project,
    TraitValue,
)

Read = Operand | Near
"""A value that is read, or a place whose distance is."""

FEW = 3
"""How many of those who name a key are shown, of each kind."""


@dataclass(frozen=True)
class Look:
    """An audience that is looked at.

    Attributes:
        project: what its criteria refer to.
        site: where the tables are.
        clock: the instant.
    """

    project: Project
    audience: Audience
    site: Site
    clock: Clock


@dataclass(frozen=True)
class Sought:
    """A key that is looked for.

    Attributes:
        key: as text.
        holder: whose key it is, where the one that its row names is looked for.
    """

    key: str
    holder: Entity | None = None


@dataclass(frozen=True)
class Found:
    """What is known of one key.

    Attributes:
        sought: the key as text; None where a row names none.
        key: the same, where it is in the population.
        member: whether it is a member of the audience, if that is of its entity.
        held: which conditions hold.
        values: what was read.
    """

    sought: str | None
    key: str | None = None
    member: bool = False
    held: Mapping[Condition, bool] = field(default_factory=dict)
    values: Mapping[Read, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundRelated:
    """What is known of those who name a key.

    Attributes:
        count: how many they are.
        held: for how many of them each condition holds.
        examples: for each condition that is asked of them the smallest keys for which it holds, and does not.
    """

    count: int
    held: Mapping[Condition, int]
    examples: Mapping[Condition, tuple[tuple[str, ...], tuple[str, ...]]]


def find_key(
    look: Look, entity: Entity, conditions: Sequence[Condition], read: Sequence[Read], sought: Sought
) -> Found:
    """Asks about one key, which need not be there.

    Args:
        look: at what.
        entity: whose key it is.
        conditions: what may hold for it.
        read: which of its values are wanted.
        sought: the key, or who names it.

    Raises:
        MusterError: the warehouse refused the query.
    """
    holder = sought.holder
    taken = take_apart(
        look.project,
        look.audience,
        conditions,
        entity=entity.name if holder else None,
        read=[operand for operand in read if isinstance(operand, Aggregate)],
        traits=any(isinstance(operand, TraitValue) for operand in read),
        besides=[entity_model(holder.name), *_aliases(entity).values()] if holder else (),
    )
    inline = Inline(look.site, taken.stubs)
    asked: dict[str, object] = {"key": sought.key}
    if holder:
        asked["link"] = named_key_node(holder, entity)
        asked["relations"] = inline.names({"entity": entity_model(holder.name), **_aliases(entity)})
    rows = inline.ask(
        "muster_criteria_of_key",
        entity.key.column,
        asked,
        inline.names(taken.relations),
        [alias for alias in taken.relations if alias not in ("entity", "traits")],
        [_column(each, taken) for each in read],
    )
    if not rows or rows[0][1] is None:
        return Found(rows[0][0] if rows else None)
    named, key, *found = rows[0]
    member = bool(found.pop(0)) if holder is None else False
    held = dict(zip(taken.aliases, map(bool, found), strict=False))
    return Found(named, key, member, held, dict(zip(read, found[len(held) :], strict=True)))


def find_related(
    look: Look,
    named: Entity,
    key: str,
    entity: Entity,
    conditions: Sequence[Condition],
    asked: Iterable[Condition],
) -> FoundRelated:
    """Asks about those who name a key.

    Args:
        look: at what.
        named: whose key it is.
        key: as text.
        entity: those who name it.
        conditions: what may hold for them.
        asked: those among the conditions for which a few keys are wanted.

    Raises:
        MusterError: the warehouse refused the query.
    """
    taken = take_apart(
        look.project,
        look.audience,
        conditions,
        entity=entity.name,
        besides=[entity_model(named.name), *_aliases(named).values()],
    )
    inline = Inline(look.site, taken.stubs)
    link = named_key_node(entity, named)
    relations = inline.names({"named": entity_model(named.name), **_aliases(named)})
    order = list(taken.aliases)
    places = {condition: order.index(condition) for condition in asked}
    rows = inline.ask(
        "muster_criteria_of_related",
        {"name": entity.key.column, "type": entity.key.type.value},
        {"key": key, "link": link, "relations": relations},
        inline.names(taken.relations),
        list(taken.aliases.values()),
        [place + 1 for place in places.values()],
        FEW,
    )
    counts = [int(count) for count in rows[0][1 : 2 + len(order)]] if rows else [0] * (1 + len(order))
    first = 2 + len(order)
    examples = {
        condition: (_few(rows, first + 2 * index, 1), _few(rows, first + 2 * index, 0))
        for index, condition in enumerate(places)
    }
    return FoundRelated(counts[0], dict(zip(order, counts[1:], strict=True)), examples)


def erased_at(site: Site, entity: str, key: str) -> datetime | None:
    """When a key was erased, in UTC; None where it never was.

    Args:
        site: where the tables are.
        entity: whose key it is.
        key: as text.

    Raises:
        MusterError: the warehouse refused the query.
    """
    if site.erasures is None:
        return None
    ((instant,),) = Inline(site).ask("muster_erasure_of_key", site.erasures, entity, key)
    return None if instant is None else instant.replace(tzinfo=None)


def _few(rows: Iterable[Sequence[Any]], column: int, held: int) -> tuple[str, ...]:
    """The first keys for which a condition holds or does not: beside each stands its place among them."""
    return tuple(row[0] for row in rows if row[column] == held and row[column + 1] <= FEW)


def _aliases(named: Entity) -> dict[str, str]:
    return {"aliases": aliases_model(named.name)} if named.aliases else {}


def _column(read: Read, taken: Taken) -> Mapping[str, Any]:
    """Where a value stands, or from what a distance is worked out."""
    match read:
        case Near(Attribute(name)):
            return condition_node(read, lambda *_: location_node(name))
        case Attribute(name):
            return {"of": "entity", "column": f"attribute__{name}"}
        case TraitValue(name):
            return {"of": "traits", "column": name}
        case Aggregate():
            return {"of": "traits", "column": taken.columns[read]}
    raise TypeError(f"{type(read).__name__} is no value of an entity")
