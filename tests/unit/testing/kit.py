"""Projects small enough to be read in one glance, and their tests run."""

from __future__ import annotations

from pathlib import Path

from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from dbt_muster.testing.run import Outcome, run, select
from tests.unit.specs.corpus import write_project

ENTITIES = """\
entity: customer
model: ref('dim_customers')
key: {column: customer_id, type: integer}
timezone: Europe/London
attributes:
  country: {type: string}
  birthday: {type: date}
  signed_up_at: {type: timestamp, timezone: America/New_York}
  renews_at: {type: timestamptz}
  interests: {type: list}
  score: {type: number}
  nickname: nick
events:
  orders:
    model: ref('fct_orders')
    key: customer_id
    at: ordered_at
    id: order_id
    properties: {status: {type: string}, amount: {type: number}}
  app:
    model: source('product', 'events')
    key: user_id
    at: {column: event_time, type: timestamptz}
    name: event_name
---
entity: account
model: source('crm', 'accounts')
key: id
events:
  logins: {model: ref('logins'), key: account_id, at: at}
"""


def project(root: Path, audience: str, test: str = "", *, entities: str = ENTITIES, **others: str) -> Project:
    """A project with the audience `them`, its test, and other specs by `<kind>s__<name>`.

    Args:
        root: the project's folder.
        audience: the audience's file after its first line.
        test: the test's file after its first line; empty for none.
        entities: the whole of `entities.yml`.
        others: whole files.
    """
    files = {"audience_specs/entities.yml": entities}
    files["audience_specs/audiences/them.yml"] = f"audience: them\n{audience}"
    if test:
        files["audience_specs/tests/them.yml"] = f"test: them\n{test}"
    files |= {f"audience_specs/{name.replace('__', '/')}.yml": text for name, text in others.items()}
    return load(write_project(root, files, good=False))


def outcome(root: Path, audience: str, test: str, *, entities: str = ENTITIES, **others: str) -> Outcome:
    """What comes of the test of `them`."""
    specs = project(root, audience, test, entities=entities, **others)
    (found,) = run(specs, select(specs, ["them"]))
    return found
