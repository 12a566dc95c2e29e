"""Looking at audiences: what they mean, whom they would hold, and why somebody is in or out."""

from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.describe import Description, describe

__all__ = ["Clock", "Description", "describe"]
