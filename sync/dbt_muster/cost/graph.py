"""From an audience down to the source tables, through every model between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlglot

from dbt_muster.cost.lineage import Columns, Lineage
from dbt_muster.plan.stub import Stub
from dbt_muster.render import Renderer

_DIALECT = "duckdb"
"""What is read does not depend on the dialect, so one stands for all."""


@dataclass(frozen=True)
class Needs:
    """What somebody needs.

    Attributes:
        models: the columns of each model that muster writes.
        scans: the columns of each table that muster only reads, by the model that reads it.
    """

    models: Columns
    scans: dict[tuple[str, str], set[str]]


class Graph:
    """The models of a plan, rendered and read.

    Args:
        stubs: the plan's, each after those that it reads.
        as_of: the instant, as dbt's variable has it.
    """

    def __init__(self, stubs: Iterable[Stub], as_of: str) -> None:
        self.renderer = Renderer(_DIALECT, variables={"muster_as_of": as_of}, relation=self._relation)
        self.models = {
            stub.model: Lineage(sqlglot.parse_one(self.renderer.model(stub.text), dialect=_DIALECT))
            for stub in stubs
            if stub.model is not None
        }

    def needs(self, *models: str) -> Needs:
        """Everything that some models need, whole as they are, themselves among it."""
        wanted: Columns = {name: set(self.models[name].outputs) for name in models}
        scans: dict[tuple[str, str], set[str]] = {}
        for model in reversed(self.models):
            if model not in wanted:
                continue
            for table, columns in self.models[model].needs(wanted[model]).items():
                if table in self.models:
                    wanted.setdefault(table, set()).update(columns)
                else:
                    scans.setdefault((model, table), set()).update(columns)
        return Needs(wanted, scans)

    def _relation(self, _kind: str, *names: str) -> str:
        return self.renderer.call("muster_identifier", ".".join(names))
