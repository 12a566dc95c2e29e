"""The sync engine: plan, batches, retries, ledger, recovery."""

from dbt_muster.delivery.circumstances import Circumstances, needed_models
from dbt_muster.delivery.engine import Engine
from dbt_muster.delivery.pairs import Pair, connected, select_pairs
from dbt_muster.delivery.report import PairReport, exit_code

__all__ = [
    "Circumstances",
    "Engine",
    "Pair",
    "PairReport",
    "connected",
    "exit_code",
    "needed_models",
    "select_pairs",
]
