"""What guards ask besides the plan: what an audience is built on, and what failed of it in dbt's last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dbt_muster.delivery.guards import Finding, Newest, PlanSummary, guard_findings
from dbt_muster.delivery.ledger import now
from dbt_muster.delivery.pairs import Pair
from dbt_muster.errors import MusterError
from dbt_muster.plan.audiences import division_hash
from dbt_muster.plan.sources import EVENT_SOURCES
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

    def findings(self, pair: Pair, plan: PlanSummary, newest: Sequence[Newest]) -> list[Finding]:
        """What a pair's guards say of its plan and of these circumstances.

        Args:
            pair: the audience and its destination.
            plan: the numbers of what would be sent.
            newest: how new the audience and its event sources are, where a guard asks.
        """
        whole = replace(plan, newest=tuple(newest), failed=self.failed(pair), at=now())
        return guard_findings(pair.spec.guard, whole)

    def check_division(self, pair: Pair) -> None:
        """Make sure that a pair's table knows variants and who is held out as the specs have them now.

        Raises:
            MusterError: dbt has not read the specs since they divide members otherwise, so that it is unknown
                who must not be sent.
        """
        if self.upstream is None or pair.ending != "keep":
            return
        written = self.upstream.manifest.written.get(pair.audience.name, {})
        built, wanted = written.get("division"), division_hash(pair.audience, pair.rules)
        # A model of an earlier version says nothing of it; its digest still tells of the split.
        if built != wanted and (built or written.get("digest", pair.audience.digest) != pair.audience.digest):
            raise MusterError(
                "nothing was sent, because the specs have changed who is in which variant or held out since "
                "dbt last read them. Run `dbt run` first."
            )

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


def needed_models(pair: Pair) -> tuple[str, ...]:
    """The models that a pair's guards read, for the check that dbt knows them before anything is opened."""
    return () if pair.spec.guard.freshness is None else (SIZES, EVENT_SOURCES)
