"""The models over all audiences: their union and list, and who of them is withheld from delivery."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.plan.features import bounded_name
from dbt_muster.plan.nodes import Node
from dbt_muster.plan.stub import AUDIENCES, SHARED, Stub, model_stub, ref, relations
from dbt_muster.specs.meaning import Audience, Entity, Group, Project, Rules


def suppressed_model(entity: str) -> str:
    """The model that holds the keys that groups suppress."""
    return bounded_name(f"muster_suppressed__{entity}")


def group_stubs(project: Project, entity: Entity) -> Iterator[Stub]:
    """The tables of an entity's groups: who is suppressed, and each priority list's keys."""
    rules = project.rules(entity.name)
    if rules.suppress:
        planned: Node = {"audiences": list(rules.suppress), "key": entity.key.column}
        given = relations([(name, ref(name)) for name in rules.suppress])
        call = f"muster_suppressed_model(suppressed, {given})"
        model = suppressed_model(entity.name)
        yield model_stub(SHARED, model, {"suppressed": planned}, call, refs=rules.suppress)
    for group in rules.priorities:
        yield _priority_stub(group, entity)


def _priority_stub(group: Group, entity: Entity) -> Stub:
    planned: Node = {"group": group.name, "key": entity.key.column, "audiences": list(group.priority)}
    call = f"muster_priority_model(group, {relations([(name, ref(name)) for name in group.priority])})"
    spec = group.position.file.as_posix()
    return model_stub(AUDIENCES, group.name, {"group": planned}, call, spec=spec, refs=group.priority)


def has_variant(audience: Audience, rules: Rules) -> bool:
    """Whether an audience's table has a column `variant`."""
    return audience.split is not None or rules.holdout is not None


def memberships_stub(audiences: list[Audience], project: Project) -> Stub:
    """The union of every audience's members, with the reason why one is withheld."""
    planned: list[Node] = []
    tables: list[str] = []
    for audience in audiences:
        rules = project.rules(audience.entity)
        node: Node = {
            "audience": audience.name,
            "entity": audience.entity,
            "key": project.entities[audience.entity].key.column,
            "variant": has_variant(audience, rules),
        }
        if rules.suppress:
            node["suppressed"] = suppressed_model(audience.entity)
            tables.append(node["suppressed"])
        if lists := rules.lists_of(audience.name):
            node["priorities"] = list(lists)
            tables += lists
        planned.append(node)
    refs = tuple(dict.fromkeys([*(audience.name for audience in audiences), *tables]))
    call = f"muster_memberships_model(audiences, {relations([(name, ref(name)) for name in refs])})"
    config = {"materialized": "view"}
    return model_stub(SHARED, "muster_memberships", {"audiences": planned}, call, config=config, refs=refs)


def audiences_stub(audiences: list[Audience]) -> Stub:
    """The list of the audiences that are built."""
    planned = [
        {"audience": item.name, "entity": item.entity, "owner": item.owner, "digest": item.digest}
        for item in audiences
    ]
    return model_stub(
        SHARED,
        "muster_audiences",
        {"audiences": planned},
        "muster_audiences_model(audiences)",
        config={"materialized": "table"},
    )
