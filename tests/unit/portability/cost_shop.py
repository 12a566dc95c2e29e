"""A shop whose costs can be worked out by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dbt_muster.cost import Costs, costs
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from tests.unit.specs.corpus import write_project

AS_OF = datetime(2026, 3, 1)

ENTITIES = """\
entity: customer
model: ref('customers')
key: {column: customer_id, type: integer}
attributes:
  country: {type: string}
  age: {type: integer}
events:
  orders:
    model: source('shop', 'orders')
    key: customer_id
    at: {column: ordered_at, type: timestamp}
    properties: {amount: {type: number}, status: {type: string}}
  visits:
    model: ref('visits')
    key: visitor
    at: {column: seen_at, type: timestamp}
    id: visit_id
    properties: {page: {type: string}, referrer: {type: string}}
"""

SPENT = "trait: spent\nentity: customer\nsum: {of: amount, event: orders}\n"
"""Built whether an audience uses it or not."""

RECENT = "{event: orders, within: 30 days}"
FRESH = "{event: orders, within: 20 days}"
BIG = "{trait: spent, at_least: 5}"
PAYING = "{event: orders, within: 60 days, count: {at_least: 2}, where: [{property: status, is: paid}]}"
READING = "{event: visits, count: {at_least: 3}, where: [{property: page, is: blog}]}"


def shop(root: Path, *, entities: str = ENTITIES, trait: str | None = SPENT, **audiences: str) -> Project:
    """A project with an audience for each name; its criteria are one condition or several."""
    files = {"audience_specs/entities.yml": entities}
    if trait is not None:
        files["audience_specs/traits/spent.yml"] = trait
    for name, condition in audiences.items():
        text = f"audience: {name}\nentity: customer\ncriteria:\n  - {condition}\n"
        files[f"audience_specs/audiences/{name}.yml"] = text
    return load(write_project(root, files, good=False))


def shop_costs(root: Path, *, trait: str | None = SPENT, **audiences: str) -> Costs:
    """What the audiences of a shop cost."""
    return costs(shop(root, trait=trait, **audiences), AS_OF)
