"""The criteria of an audience one by one: each is a model of its own, with the keys that it holds for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from dbt_muster.plan.names import entity_model
from dbt_muster.plan.stub import Stub
from dbt_muster.plan.stubs import traits_model
from dbt_muster.specs.meaning import Aggregate, Audience, Condition, Entity, Project, Trait
from dbt_muster.testing.needed import models, needed
from dbt_muster.words import Node

_PREFIX = "muster_"
"""No audience of a person has a name that begins so."""


@dataclass(frozen=True)
class Taken:
    """An audience taken apart.

    Attributes:
        entity: what it is made of.
        aliases: for each condition of its criteria, the alias of its model.
        columns: for each aggregate that is to be read, its column in the model of the alias `traits`.
        relations: by alias, the models to be joined: the entity's first.
        stubs: every model that these are made from, each after what it reads.
    """

    entity: Entity
    aliases: Mapping[Condition, str]
    columns: Mapping[Aggregate, str]
    relations: Mapping[str, str]
    stubs: tuple[Stub, ...]


def take_apart(
    project: Project,
    audience: Audience,
    tree: Node,
    *,
    besides: Iterable[Condition] = (),
    read: Iterable[Aggregate] = (),
    traits: bool = False,
) -> Taken:
    """The models of an audience's criteria, and of the audience itself.

    Args:
        project: what the criteria refer to.
        audience: whose criteria.
        tree: its criteria, as a tree.
        besides: other conditions that are wanted for each key.
        read: aggregates whose values are wanted for each key.
        traits: whether the values of calculated attributes are wanted.
    """
    part = _without_standing(needed(project, audience))
    entity = part.entities[audience.entity]
    conditions = dict.fromkeys([*(node.condition for node in tree.walk()), *besides])
    aliases = {condition: f"criterion_{index}" for index, condition in enumerate(conditions)}
    alone = {
        f"{_PREFIX}{alias}": _alone(part.audiences[audience.name], f"{_PREFIX}{alias}", condition)
        for condition, alias in aliases.items()
    }
    known = part.traits.get(entity.name, {})
    names = (name for name in map("muster_value_{}".format, count()) if name not in known)
    columns = dict(zip(dict.fromkeys(read), names, strict=False))
    calculated = {
        name: Trait(name, entity.name, "", aggregate, audience.position)
        for aggregate, name in columns.items()
    }
    relations = {"entity": entity_model(entity.name), "audience": audience.name}
    relations |= {alias: f"{_PREFIX}{alias}" for alias in aliases.values()}
    if columns or traits:
        relations["traits"] = traits_model(entity.name)
    traits_of = part.traits | {entity.name: known | calculated}
    whole = replace(part, traits=traits_of, audiences=part.audiences | alone)
    return Taken(entity, aliases, columns, relations, models(whole, relations.values()))


def _alone(audience: Audience, name: str, condition: Condition) -> Audience:
    """One condition as an audience: what comes after the criteria is no part of it."""
    return replace(audience, name=name, criteria=condition, split=None, limit=None)


def standing_note(project: Project, audience: Audience) -> str | None:
    """That earlier evaluations are not looked at, where they have a say in who is a member."""
    part = needed(project, audience)
    names = [each.name for each in part.audiences.values() if each.stay or each.expire]
    if not names:
        return None
    return f"`stay` and `expire` of {', '.join(names)} go by earlier evaluations: this is who qualifies now."


def _without_standing(part: Project) -> Project:
    """The part of a project with nobody who stays or expires, which only the built tables know."""
    audiences = {name: replace(each, stay=None, expire=None) for name, each in part.audiences.items()}
    return replace(part, audiences=audiences)
