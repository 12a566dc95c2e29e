"""What guards ask besides the plan: how new an audience's sources are, and what failed in dbt's last run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dbt_muster.delivery.guards import Finding, Newest, PlanSummary, guard_findings
from dbt_muster.delivery.ledger import Connection, moment, now
from dbt_muster.delivery.pairs import Pair
from dbt_muster.plan.sources import EVENT_SOURCES
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Entity
from dbt_muster.warehouse import Upstream

SIZES = "muster_audience_sizes"
"""The model that knows when each audience was evaluated."""


@dataclass(frozen=True)
class Circumstances:
    """What is known about how the audiences' tables came about.

    Attributes:
        upstream: dbt's last run; None where nothing is known of it.
        entities: by name, all of the project's, since an audience may read events of others than its own.
    """

    upstream: Upstream | None = None
    entities: Mapping[str, Entity] = field(default_factory=dict)

    def findings(
        self, pair: Pair, plan: PlanSummary, connection: Connection, renderer: Renderer
    ) -> list[Finding]:
        """What a pair's guards say of its plan and of these circumstances.

        Args:
            pair: the audience and its destination.
            plan: the numbers of what would be sent.
            connection: an open warehouse.
            renderer: the macros in its dialect.
        """
        newest = self.newest(pair, connection, renderer)
        whole = replace(plan, newest=newest, failed=self.failed(pair), at=now())
        return guard_findings(pair.spec.guard, whole)

    def failed(self, pair: Pair) -> tuple[str, ...]:
        """What failed of what a pair's tables are built on, in words."""
        if self.upstream is None or pair.spec.guard.failed_tests == "ignore":
            return ()
        return self.upstream.failed(pair.models.values())

    def sources(self, pair: Pair) -> list[tuple[str, str]]:
        """The entity and the name of each event source that the audience is built on."""
        if self.upstream is None:
            return []
        return [
            (entity.name, source.name)
            for entity in self.entities.values()
            for source in entity.events.values()
            if self.upstream.reads([pair.audience.name], source.relation.kind, source.relation.names)
        ]

    def newest(self, pair: Pair, connection: Connection, renderer: Renderer) -> tuple[Newest, ...]:
        """How new the audience and its event sources are; nothing where no guard asks.

        Args:
            pair: the audience and its destination.
            connection: an open warehouse.
            renderer: the macros in its dialect.

        Raises:
            UsageError: dbt does not know the tables that tell.
            WarehouseError: they are not there.
        """
        if pair.spec.guard.freshness is None or self.upstream is None:
            return ()
        relation = self.upstream.manifest.relation
        sources = [{"entity": entity, "source": source} for entity, source in self.sources(pair)]
        relations = {"sizes": relation(SIZES), "event_sources": relation(EVENT_SOURCES)}
        sql = renderer.call("muster_sync_freshness", pair.audience.name, sources, relations)
        return tuple(
            Newest(_what(pair, entity, source), None if at is None else moment(at))
            for entity, source, at in connection.query(sql)
        )


def needed_models(pair: Pair) -> tuple[str, ...]:
    """The models that a pair's guards read, for the check that dbt knows them before anything is opened."""
    return () if pair.spec.guard.freshness is None else (SIZES, EVENT_SOURCES)


def _what(pair: Pair, entity: str, source: str) -> str:
    if not source:
        return "the audience's last evaluation"
    of = "" if entity == pair.entity.name else f" of {entity}"
    return f"the event source {source}{of}"
