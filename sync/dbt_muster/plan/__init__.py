"""From specs to stubs: names, shared features, order; no SQL."""

from dbt_muster.plan.files import Changes, compile_project, stale
from dbt_muster.plan.planner import Plan, plan

__all__ = ["Changes", "Plan", "compile_project", "plan", "stale"]
