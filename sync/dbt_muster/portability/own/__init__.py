"""People's own models: read, typed, moved to other warehouses, and proved on made-up rows."""

from dbt_muster.portability.own.judging import Judged, judge
from dbt_muster.portability.own.models import OwnModel, own_models

__all__ = ["Judged", "OwnModel", "judge", "own_models"]
