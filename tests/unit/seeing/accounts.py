"""Customers and their accounts: audiences of the ones that ask the others."""

from __future__ import annotations

import re
from pathlib import Path

from dbt_muster.specs.meaning import Project
from tests.unit.seeing.test_docs import PAGE
from tests.unit.testing.kit import project

_ENTITIES = """\
entity: customer
model: ref('customers')
key: {column: customer_id, type: integer}
through: {entity: account, key: account_id}
attributes: {}
events:
  logins: {model: ref('logins'), key: customer_id, at: {column: seen_at, type: timestamp}}
---
entity: account
model: ref('accounts')
key: {column: account_id, type: string}
attributes: {plan: {type: string}, seats: {type: integer}}
"""
_TWICE = """\
entity: customer
criteria:
  - through: account
    where: [{attribute: plan, is: team}, {through: customer, match: all, where: [{event: logins}]}]
  - any:
      - {through: account, where: [{attribute: seats, at_least: 3}]}
      - through: account
        where: [{through: customer, count: {between: [2, 3]}, where: [{event: logins}, {audience: recent}]}]
"""
_RECENT = """\
audience: recent
entity: customer
criteria: [{event: logins, within: 30 days, count: {more_than: 0}}]
"""
_BUSY = """\
audience: busy
entity: account
criteria: [{through: customer, match: all, where: [{event: logins}]}]
"""
_WEEKLY = """\
audience: weekly
entity: customer
criteria: [{event: logins, periods: {of: 4, each: 1 week, at_least: 2}}]
"""
(_OF_THE_PAGE,) = re.findall(r"<!-- explained -->\n```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def accounts(root: Path) -> Project:
    """The project, in a folder: `them`, `recent`, `busy`, `weekly`, and the audience of docs/seeing.md."""
    others = {"recent": _RECENT, "busy": _BUSY, "weekly": _WEEKLY, "ready_for_more": _OF_THE_PAGE}
    files = {f"audiences__{name}": text for name, text in others.items()}
    return project(root, _TWICE, entities=_ENTITIES, **files)
