"""A small shop to write specs about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dbt_muster.plan import Plan, plan
from dbt_muster.plan.stub import Stub
from dbt_muster.specs import load

ENTITY = {
    "entity": "customer",
    "model": "ref('customers')",
    "key": {"column": "customer_id", "type": "integer"},
    "attributes": {"country": {"type": "string"}},
    "events": {
        "orders": {
            "model": "ref('orders')",
            "key": "customer_id",
            "at": "ordered_at",
            "properties": {"amount": {"type": "number"}, "status": {"type": "string"}},
        },
        "app": {"model": "source('product', 'events')", "key": "user_id", "at": "at", "name": "event_name"},
    },
}

Criteria = list[dict[str, Any]]


def write_shop(root: Path, **audiences: Criteria) -> None:
    """Write the entity and an audience for each name."""
    folder = root / "audience_specs"
    (folder / "audiences").mkdir(parents=True, exist_ok=True)
    (folder / "entities.yml").write_text(json.dumps(ENTITY))
    for path in (folder / "audiences").glob("*.yml"):
        path.unlink()
    for name, criteria in audiences.items():
        spec = {"audience": name, "entity": "customer", "criteria": criteria}
        (folder / "audiences" / f"{name}.yml").write_text(json.dumps(spec))


def planned(root: Path, **audiences: Criteria) -> Plan:
    """The plan of a shop with these audiences."""
    write_shop(root, **audiences)
    return plan(load(root))


def features(result: Plan) -> list[Stub]:
    """The feature tables of a plan."""
    return [stub for stub in result.stubs if (stub.model or "").startswith("muster_features__")]
