"""What an audience needs to be built: other audiences, calculated attributes, entities, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dbt_muster.plan import plan
from dbt_muster.plan.stub import Stub
from dbt_muster.specs.meaning import Audience, Project
from dbt_muster.specs.resolve.digests import Uses


def needed(project: Project, audience: Audience) -> Project:
    """The part of a project that an audience is made of; what is switched off there is on here.

    Args:
        project: what the audience's criteria refer to.
        audience: need not be one of the project's own.
    """
    audiences: dict[str, Audience] = {}
    traits: dict[str, set[str]] = {}
    waiting = [audience]
    while waiting:
        each = waiting.pop()
        if each.name in audiences:
            continue
        audiences[each.name] = each
        for entity, uses in uses_of(each):
            uses.follow(project.traits.get(entity, {}))
            traits.setdefault(entity, set()).update(uses.traits)
            waiting += [project.audiences[name] for name in uses.audiences]
    return Project(
        root=project.root,
        entities={name: project.entities[name] for name in sorted(traits)},
        traits={
            name: {each: project.traits[name][each] for each in sorted(traits[name])}
            for name in sorted(traits)
        },
        audiences={name: replace(audiences[name], enabled=True) for name in sorted(audiences)},
    )


def uses_of(audience: Audience) -> tuple[tuple[str, Uses], ...]:
    """What an audience itself refers to, of each entity."""
    uses = Uses()
    uses.walk((audience.criteria, audience.limit))
    return tuple(uses.by_entity(audience.entity))


def models(project: Project, wanted: Iterable[str]) -> tuple[Stub, ...]:
    """The models of a project that some models are made from, and these, each after what it reads."""
    stubs = [stub for stub in plan(project).stubs if stub.model]
    reached = set(wanted)
    for stub in reversed(stubs):
        if stub.model in reached:
            reached.update(stub.refs)
    return tuple(stub for stub in stubs if stub.model in reached)
