"""Conditions about other entities: what their models are called, and which ones a project needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dbt_muster.plan.canonical import canonical_condition, short_hash
from dbt_muster.plan.features import bounded_name
from dbt_muster.specs.meaning import (
    All,
    AnyOf,
    Audience,
    Compare,
    Condition,
    NoneOf,
    Related,
    Sync,
    Through,
)

Link = Through | Related
"""Conditions about another entity, and which way the entity at hand is linked with it."""


_WHERE = "muster_where__"


def is_named(audience: Audience) -> bool:
    """Whether somebody has written the audience, rather than conditions within another one."""
    return not audience.name.startswith(_WHERE)


def where_model(link: Link) -> str:
    """The model of those of the other entity for whom the conditions hold."""
    return bounded_name(f"{_WHERE}{link.entity}__{_hash(link.where)}")


def sync_where_model(audience: Audience, sync: Sync) -> str | None:
    """The model of those who may be sent where a sync goes, where it says who."""
    return None if sync.where is None else bounded_name(f"{_WHERE}{audience.entity}__{_hash(sync.where)}")


def sync_wheres(audiences: Iterable[Audience]) -> list[Audience]:
    """The conditions of syncs, each distinct one as an audience without a name of its own."""
    found: dict[str, Audience] = {}
    for audience in audiences:
        for sync in audience.syncs:
            name = sync_where_model(audience, sync)
            if name is not None and sync.where is not None:
                found.setdefault(name, Audience.bare(name, audience.entity, sync.where, audience.position))
    return [found[name] for name in sorted(found)]


def link_alias(link: Link) -> str:
    """What a model that joins the link calls it."""
    kind = "through" if isinstance(link, Through) else "related"
    return bounded_name(f"{kind}__{link.entity}__{_hash(link.where)}")


def link_model(link: Link) -> str:
    """The model of what the conditions come to for the entity at hand, one row a key."""
    kind = "through" if isinstance(link, Through) else "related"
    return bounded_name(f"muster_{kind}__{link.owner}__{link.entity}__{_hash(link.where)}")


def links_in(condition: Condition) -> Iterator[Link]:
    """Every link of a condition, without those of the conditions about other entities."""
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from links_in(item)
        case Through():
            yield condition
        case Compare(Related() as related):
            yield related


def linked(audiences: Iterable[Audience]) -> tuple[list[Link], list[Audience]]:
    """Each distinct link of audiences, and the conditions of each as an audience without a name of its own.

    Such an audience is of the other entity, and may use everything that audiences may: other links too.
    """
    links: dict[str, Link] = {}
    wheres: dict[str, Audience] = {}
    waiting = list(audiences)
    while waiting:
        audience = waiting.pop()
        for link in links_in(audience.criteria):
            links.setdefault(link_model(link), link)
            name = where_model(link)
            if name not in wheres:
                wheres[name] = Audience.bare(name, link.entity, link.where, audience.position)
                waiting.append(wheres[name])
    return [links[name] for name in sorted(links)], [wheres[name] for name in sorted(wheres)]


def _hash(where: Condition) -> str:
    return short_hash(canonical_condition(where))


def sync_where_entries(wheres: Iterable[Audience], links: Iterable[Link]) -> Iterator[dict[str, str]]:
    """The property entries of the models of what syncs ask, but for those that links ask too."""
    known = {where_model(link) for link in links}
    for where in wheres:
        if where.name not in known:
            description = f"Each {where.entity} for whom conditions hold that a `sync:` names."
            yield {"name": where.name, "description": description}


def link_entries(links: Iterable[Link]) -> Iterator[dict[str, str]]:
    """The property entries of the models of links."""
    wheres = {where_model(link): link.entity for link in links}
    for name, entity in wheres.items():
        yield {
            "name": name,
            "description": f"Each {entity} for which conditions hold that an audience names.",
        }
    for link in links:
        if isinstance(link, Through):
            description = f"Each {link.owner} of a {link.entity} in {where_model(link)}."
        else:
            description = f"How many of each {link.owner} are in {where_model(link)}."
        yield {"name": link_model(link), "description": description}
