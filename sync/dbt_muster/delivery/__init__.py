"""The sync engine: plan, batches, retries, ledger, recovery."""

from dbt_muster.delivery.engine import Engine
from dbt_muster.delivery.pairs import Pair, select_pairs
from dbt_muster.delivery.report import PairReport, exit_code

__all__ = ["Engine", "Pair", "PairReport", "exit_code", "select_pairs"]
