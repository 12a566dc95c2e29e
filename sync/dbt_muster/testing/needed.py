"""What an audience needs to be built: other audiences, calculated attributes, one entity, and no more."""

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
    uses = Uses()
    uses.walk((audience.criteria, audience.limit))
    audiences = {audience.name: audience}
    while missing := uses.audiences - audiences.keys():
        for name in missing:
            audiences[name] = project.audiences[name]
            uses.walk((audiences[name].criteria, audiences[name].limit))
    traits = project.traits.get(audience.entity, {})
    uses.follow(traits)
    return Project(
        root=project.root,
        entities={audience.entity: project.entities[audience.entity]},
        traits={audience.entity: {name: traits[name] for name in sorted(uses.traits)}},
        audiences={name: replace(audiences[name], enabled=True) for name in sorted(audiences)},
    )


def models(project: Project, wanted: Iterable[str]) -> tuple[Stub, ...]:
    """The models of a project that some models are made from, and these, each after what it reads."""
    stubs = [stub for stub in plan(project).stubs if stub.model]
    reached = set(wanted)
    for stub in reversed(stubs):
        if stub.model in reached:
            reached.update(stub.refs)
    return tuple(stub for stub in stubs if stub.model in reached)
