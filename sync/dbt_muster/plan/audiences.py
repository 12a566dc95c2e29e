"""The models of one audience: its members, and where it has a memory, what is known of each key."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.plan.canonical import short_hash
from dbt_muster.plan.features import bounded_name
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.nodes import Node, condition_node
from dbt_muster.plan.operands import EntityOperands
from dbt_muster.plan.stub import AUDIENCES, SHARED, Stub, model_stub, ref, relations
from dbt_muster.specs.meaning import Audience, Entity, Rules, Shift


def standing_model(audience: str) -> str:
    """The model that remembers the evaluations of an audience with `stay` or `expire`."""
    return bounded_name(f"muster_standing__{audience}")


def has_standing(audience: Audience) -> bool:
    """Whether membership depends on the evaluations before."""
    return audience.stay is not None or audience.expire is not None


def audience_stubs(
    entity: Entity, audience: Audience, operands: EntityOperands, rules: Rules
) -> Iterator[Stub]:
    """The table of an audience's members, and before it the table of their states, where there are any."""
    qualified = _qualified(entity, audience, operands)
    models = {"entity": entity_model(entity.name)} | operands.models
    planned: Node = {"audience": audience.name, "entity": entity.name, "key": entity.key.column}
    if has_standing(audience):
        yield _standing_stub(audience, planned | qualified, models)
        planned["standing"] = True
        models = {"entity": models["entity"], "standing": standing_model(audience.name)}
    else:
        planned |= qualified
    planned |= division_node(audience, rules)
    yield model_stub(
        AUDIENCES,
        audience.name,
        {"audience": planned},
        f"muster_audience_model(audience, {_joined(models)})",
        spec=audience.position.file.as_posix(),
        config=_config(audience, rules),
        refs=tuple(models.values()),
    )


def division_node(audience: Audience, rules: Rules) -> Node:
    """How members are divided: the audience's split, and who is held out of every audience."""
    node: Node = {}
    if audience.split is not None:
        variants = [list(variant) for variant in audience.split.variants]
        node["split"] = {"salt": audience.split.salt, "variants": variants}
    if rules.holdout is not None:
        node["holdout"] = {"salt": rules.holdout.salt, "slots": rules.holdout.slots}
    return node


def division_hash(audience: Audience, rules: Rules) -> str | None:
    """Stands in the audience's model for how members are divided, so that syncs see it; None where not."""
    node = division_node(audience, rules)
    return short_hash(node) if node else None


def _qualified(entity: Entity, audience: Audience, operands: EntityOperands) -> Node:
    """Who qualifies: the criteria, and the limit."""
    criteria = condition_node(audience.criteria, operands, entity.key.column)
    planned: Node = {"timezone": entity.timezone, "criteria": criteria}
    if audience.limit is not None:
        planned["limit"] = {
            "top": audience.limit.top,
            "by": operands(audience.limit.by, None),
            "ascending": audience.limit.ascending,
            "key_type": entity.key.type.value,
        }
    return planned


def _standing_stub(audience: Audience, planned: Node, models: dict[str, str]) -> Stub:
    for name, length in (("stay", audience.stay), ("expire", audience.expire)):
        if length is not None:
            planned[name] = _length(length)
    # What it remembers is nowhere else, so a full refresh must leave it alone.
    config = {
        "materialized": "incremental",
        "incremental_strategy": "append",
        "on_schema_change": "fail",
        "full_refresh": False,
    }
    return model_stub(
        SHARED,
        standing_model(audience.name),
        {"audience": planned},
        f"muster_standing_model(audience, {_joined(models)})",
        spec=audience.position.file.as_posix(),
        config=config,
        refs=tuple(models.values()),
    )


def _length(length: Shift) -> list[int | str]:
    return [length.count, length.unit]


def _config(audience: Audience, rules: Rules) -> Node:
    division = division_hash(audience, rules)
    return {
        "materialized": audience.materialized,
        **({"schema": audience.schema} if audience.schema else {}),
        "tags": list(audience.tags),
        "meta": {
            **audience.meta,
            **({"owner": audience.owner} if audience.owner else {}),
            "muster": {
                "spec": audience.position.file.as_posix(),
                "digest": audience.digest,
                **({"division": division} if division else {}),
            },
        },
    }


def _joined(models: dict[str, str]) -> str:
    return relations([(alias, ref(model)) for alias, model in models.items()])
