"""Queries over models that need not be built: their SQL stands in the query, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dbt_muster.plan.stub import Stub
from dbt_muster.render import Renderer

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Site:
    """Where queries run.

    Attributes:
        dialect: the warehouse's type.
        source: the SQL name of what a spec reads: called with `ref` or `source`, then the names.
        query: runs one query and gives its rows.
        as_of: the instant, without a zone, in UTC.
        existing: the SQL names of tables that are there and that no model makes, by their names.
        built: the SQL name of a model's table, where dbt has built it.
    """

    dialect: str
    source: Callable[..., str]
    query: Callable[[str], Rows]
    as_of: datetime
    existing: Mapping[str, str] = field(default_factory=dict)
    built: Callable[[str], str | None] = lambda _: None

    @property
    def erasures(self) -> str | None:
        """The SQL name of the table of erased keys; None where nobody was ever erased."""
        return self.existing.get("muster_sync_erasures")


class Inline:
    """Some models, in the order in which they read each other, ready to be asked."""

    def __init__(self, site: Site, stubs: Iterable[Stub] = ()) -> None:
        self._site = site
        self._stubs = {stub.model: stub for stub in stubs if stub.model}
        self._renderer = Renderer(
            site.dialect,
            variables={"muster_as_of": site.as_of.isoformat()},
            relation=self._relation,
            existing=site.existing,
        )
        self._models = {name: self._renderer.model(stub.text) for name, stub in self._stubs.items()}

    def ask(self, macro: str, *arguments: object) -> Rows:
        """The rows of a macro's query over the models."""
        query = self._renderer.call(macro, *arguments)
        if self._models:
            query = self._renderer.call("muster_with_models", self._models, query)
        return self._site.query(query)

    def names(self, models: Mapping[str, str]) -> dict[str, str]:
        """The SQL names of models, by alias."""
        return {alias: self._renderer.call("muster_identifier", model) for alias, model in models.items()}

    def _relation(self, kind: str, *names: str) -> str:
        if kind == "ref" and names[-1] in self._stubs:
            return self._renderer.call("muster_identifier", names[-1])
        return self._site.source(kind, *names)
