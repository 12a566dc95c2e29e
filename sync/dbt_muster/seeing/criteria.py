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
    conditions: Iterable[Condition],
    *,
    entity: str | None = None,
    read: Iterable[Aggregate] = (),
    traits: bool = False,
    besides: Iterable[str] = (),
) -> Taken:
    """The models of criteria one by one, and of the audience itself where they are about its own entity.

    Args:
        project: what the criteria refer to.
        audience: whose criteria.
        conditions: what is wanted for each key: its criteria, and conditions within them.
        entity: what the conditions are about, where that is an entity that the audience goes through.
        read: aggregates whose values are wanted for each key.
        traits: whether the values of calculated attributes are wanted.
        besides: other models that are read.
    """
    part = _without_standing(needed(project, audience))
    about = part.entities[entity or audience.entity]
    aliases = {condition: f"criterion_{index}" for index, condition in enumerate(dict.fromkeys(conditions))}
    alone = {
        f"{_PREFIX}{alias}": Audience.bare(f"{_PREFIX}{alias}", about.name, condition, audience.position)
        for condition, alias in aliases.items()
    }
    known = part.traits.get(about.name, {})
    names = (name for name in map("muster_value_{}".format, count()) if name not in known)
    columns = dict(zip(dict.fromkeys(read), names, strict=False))
    calculated = {
        name: Trait(name, about.name, "", aggregate, audience.position) for aggregate, name in columns.items()
    }
    relations = {"entity": entity_model(about.name)}
    relations |= {} if entity else {"audience": audience.name}
    relations |= {alias: f"{_PREFIX}{alias}" for alias in aliases.values()}
    if columns or traits:
        relations["traits"] = traits_model(about.name)
    traits_of = part.traits | {about.name: known | calculated}
    whole = replace(part, traits=traits_of, audiences=part.audiences | alone)
    return Taken(about, aliases, columns, relations, models(whole, [*relations.values(), *besides]))


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
