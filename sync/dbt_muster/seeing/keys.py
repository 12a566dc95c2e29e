"""What the warehouse says of one key, of the one that its row names, and of those whose rows name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dbt_muster.plan.aliases import aliases_model, aliases_stub
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
class Found:
    """What is known of one key that is in the population.

    Attributes:
        key: as text.
        member: whether it is a member of the audience that is looked at, if that is of its entity.
        held: which conditions hold.
        values: what was read.
        named: by entity, the key that its row names, as it is written there and as it stands in that entity's
            population; None where there is none.
    """

    key: str
    member: bool
    held: Mapping[Condition, bool]
    values: Mapping[Read, Any]
    named: Mapping[str, tuple[str | None, str | None]]


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
    look: Look,
    entity: Entity,
    key: str,
    conditions: Sequence[Condition],
    read: Sequence[Read],
    others: Iterable[str],
    *,
    whole: bool,
) -> Found | None:
    """Asks about one key; None where it is not in the population.

    Args:
        look: at what.
        entity: whose key it is.
        key: as text.
        conditions: what may hold for it.
        read: which of its values are wanted.
        others: the entities of which it is wanted whom its row names.
        whole: whether it is wanted if the key is a member of the audience itself.

    Raises:
        MusterError: the warehouse refused the query.
    """
    named = {name: look.project.entities[name] for name in others}
    taken = take_apart(
        look.project,
        look.audience,
        conditions,
        entity=None if whole else entity.name,
        read=[operand for operand in read if isinstance(operand, Aggregate)],
        traits=any(isinstance(operand, TraitValue) for operand in read),
        besides=[model for other in named.values() for model in _of_named(other).values()],
    )
    inline = Inline(look.site, taken.stubs)
    columns = [_column(each, taken) for each in read]
    for other in named.values():
        link = named_key_node(entity, other)
        there = inline.names({"entity": entity_model(entity.name), **_of_named(other)})
        written = {alias: relation for alias, relation in there.items() if alias != "named"}
        columns += [{"link": link, "relations": written}, {"link": link, "relations": there}]
    rows = inline.ask(
        "muster_criteria_of_key",
        entity.key.column,
        key,
        inline.names(taken.relations),
        [alias for alias in taken.relations if alias not in ("entity", "traits")],
        columns,
    )
    if not rows:
        return None
    own, *found = rows[0]
    member = bool(found.pop(0)) if whole else False
    held = {condition: bool(found.pop(0)) for condition in taken.aliases}
    values = {each: found.pop(0) for each in read}
    return Found(own, member, held, values, {name: (found.pop(0), found.pop(0)) for name in named})


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
        besides=_of_named(named).values(),
    )
    inline = Inline(look.site, taken.stubs)
    order = list(taken.aliases)
    places = {condition: order.index(condition) for condition in asked}
    rows = inline.ask(
        "muster_criteria_of_related",
        {"name": entity.key.column, "type": entity.key.type.value},
        named_key_node(entity, named) | {"relations": inline.names(_of_named(named))},
        key,
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


def canonical_key(site: Site, entity: Entity, key: str) -> str | None:
    """The key that an alias means, as text; None for a key that is no alias.

    Args:
        site: where the tables are.
        entity: whose key it is.
        key: as text.

    Raises:
        MusterError: the warehouse refused the query.
    """
    if entity.aliases is None:
        return None
    inline = Inline(site, [aliases_stub(entity)])
    relation = inline.names({"aliases": aliases_model(entity.name)})["aliases"]
    rows = inline.ask("muster_key_of_alias", relation, key)
    return rows[0][0] if rows else None


def _few(rows: Iterable[Sequence[Any]], column: int, held: int) -> tuple[str, ...]:
    """The first keys for which a condition holds or does not: beside each stands its place among them."""
    return tuple(row[0] for row in rows if row[column] == held and row[column + 1] <= FEW)


def _of_named(named: Entity) -> dict[str, str]:
    """The models by which rows name an entity: its own, and that of its aliases."""
    aliases = {"aliases": aliases_model(named.name)} if named.aliases else {}
    return {"named": entity_model(named.name), **aliases}


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
