"""What a build reads, and for whom: from the specs and the SQL that they become, without a warehouse."""

from dbt_muster.cost.costs import AudienceCost, Costs, Scan, SourceRead, costs
from dbt_muster.cost.savings import Narrower, Savings

__all__ = ["AudienceCost", "Costs", "Narrower", "Savings", "Scan", "SourceRead", "costs"]
