"""The sync engine: plans and delivers pairs over one warehouse connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from dbt_muster.delivery.at_platform import AtPlatform
from dbt_muster.delivery.circumstances import Circumstances
from dbt_muster.delivery.endings import Endings
from dbt_muster.delivery.erasures import Eraser, Receipt, Table, erased_count
from dbt_muster.delivery.exports import show_exports
from dbt_muster.delivery.freshness import Freshness
from dbt_muster.delivery.guards import PlanSummary, objection
from dbt_muster.delivery.ledger import Ledger
from dbt_muster.delivery.lock import Lock
from dbt_muster.delivery.order import Order
from dbt_muster.delivery.pair_sync import PairSync, plan_summary, why_everything
from dbt_muster.delivery.pairs import Pair, connected, select_pairs
from dbt_muster.delivery.report import PairReport
from dbt_muster.delivery.sending import describe
from dbt_muster.delivery.tables import Connection
from dbt_muster.delivery.watching import Watch
from dbt_muster.errors import UsageError
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Entity, Project


class Engine:
    """Delivers pairs over one warehouse connection.

    Args:
        connection: an open warehouse.
        renderer: the macros in its dialect.
        relation_of: the SQL name of a dbt model's table.
        circumstances: what guards ask besides the plan.
        watch: who is told of every step, and how long all of it may take.
    """

    def __init__(
        self,
        connection: Connection,
        renderer: Renderer,
        relation_of: Callable[[str], str],
        circumstances: Circumstances = Circumstances(),  # noqa: B008 - it is frozen
        watch: Watch | None = None,
    ) -> None:
        self._connection = connection
        self._renderer = renderer
        self._relation_of = relation_of
        self._circumstances = circumstances
        self._freshness = Freshness(circumstances, connection, renderer)
        self._watch = watch or Watch()

    def plan(self, pair: Pair, *, override: str | None = None, anew: bool = False) -> PairReport:
        """What a sync would do now; the arguments are those of `sync`. Writes nothing anywhere."""
        report = _report(pair)
        try:
            self._circumstances.check_division(pair)
            ledger = self._ledger(pair)
            known = ledger.has_tables()
            counts = ledger.trial_counts(with_state=known, anew=anew)
            held = ledger.held() if known else 0
            previous = ledger.history()[1] if known else None
            report.resync = why_everything(pair, previous, held, anew=anew)
            if pair.destination.capabilities.creates:
                report.creates = known is False or AtPlatform(pair, ledger, self._connection).is_to_be_made
            summary = plan_summary(ledger, counts, report, held=held, first=previous is None)
            self._ask_guards(pair, summary, report)
            open_runs = ledger.open_runs() if known else []
        except UsageError:
            raise
        except Exception as error:
            report.reason = describe(error)
            return report
        report.reason = objection(report.guards)
        report.status = "blocked" if report.reason and not override else "planned"
        if open_runs and not report.reason:
            report.reason = "an unfinished run will be settled first, so the numbers may change"
        return report

    def sync(
        self, pair: Pair, *, override: str | None = None, anew: bool = False, only: str | None = None
    ) -> PairReport:
        """Deliver one pair.

        A failure is in the report, not raised, so that other pairs go on.

        Args:
            pair: which audience, to which destination.
            override: why guards are set aside; recorded with the run.
            anew: send everything again, whatever the destination has acknowledged.
            only: the key of somebody who is erased: nothing else is sent, and guards are not asked.

        Raises:
            UsageError: a dbt model is missing.
        """
        report = _report(pair)
        watch = self._watch.of(pair.audience.name, pair.spec.name)
        try:
            next_one = "the next sync with --anew" if anew else "the next sync"
            watch.deadline.check(f"this was not begun, and {next_one} does it.")
            if only is None:
                self._circumstances.check_division(pair)
            ledger = self._ledger(pair, only=only)
            ledger.create_tables()
            self._show(pair)
            lock = Lock.take(ledger, pair.destination.mode, override, watch)
            at_platform = AtPlatform(pair, ledger, self._connection)
        except UsageError:
            raise
        except Exception as error:
            report.reason = describe(error)
            watch.tell("finished", **report.outcome())
            return report
        report.run_id = watch.run_id = lock.run.id
        watch.tell("started", mode=lock.run.mode, sequence=lock.run.sequence)
        ask_guards = partial(self._ask_guards, pair)
        pair_sync = PairSync(pair, ledger, lock, report, at_platform, watch, ask_guards)
        with connected([pair]):
            pair_sync.run(Order(override, anew, only))
        watch.tell("finished", **report.outcome())
        return report

    def _ask_guards(self, pair: Pair, summary: PlanSummary, report: PairReport) -> None:
        if pair.ending == "keep":
            report.guards = self._circumstances.findings(pair, summary, self._freshness.newest(pair))

    def _show(self, pair: Pair) -> None:
        """Of an audience that ends it is not known what others are synced with: views stay as they are."""
        if pair.destination.capabilities.in_warehouse and pair.ending == "keep":
            show_exports(
                self._connection,
                self._renderer,
                pair.spec.name,
                pair.destination.settings.prefix,
                pair.exported,
            )

    def endings(self, project: Project, *, root: Path, beside: Sequence[Pair] = ()) -> list[Pair]:
        """The audiences that were synced, are no longer, and are to be emptied or deleted where they are.

        Args:
            project: the resolved specs.
            root: the folder that relative paths of destinations start from.
            beside: what is synced too; it and the endings share their destinations.

        Raises:
            UsageError: the destination of one cannot be used as it is written.
        """
        return self._endings(beside).pairs(project, root=root)

    def _endings(self, beside: Sequence[Pair]) -> Endings:
        opened = {pair.spec.name: pair.destination for pair in beside}
        return Endings(self._connection, self._renderer, opened)

    def erase(self, project: Project, entity: Entity, key: str, eraser: Eraser, *, root: Path) -> Receipt:
        """Erase somebody: out of every destination and of muster's own tables, and never back again.

        Args:
            project: the resolved specs.
            entity: whose key it is.
            key: the key, as text.
            eraser: of the entity's keys.
            root: the folder that relative paths of destinations start from.

        Raises:
            MusterError: a destination cannot be used as it is written, or the warehouse said no.
        """
        pairs = [pair for pair in select_pairs(project, root=root) if pair.entity.name == entity.name]
        pairs += self._endings(pairs).resting(project, root=root, entity=entity.name)
        with connected(pairs):
            return eraser.erase(key, pairs, self._remove)

    def eraser(self, entity: Entity, tables: Sequence[Table], aliases: Table | None = None) -> Eraser:
        """What erases keys of an entity from the warehouse.

        Args:
            entity: whose keys.
            tables: what dbt has built that may have rows of it.
            aliases: the table of its aliases, where it has some.
        """
        return Eraser(self._connection, self._renderer, entity.name, entity.key.column, tables, aliases)

    def _remove(self, key: str, pair: Pair) -> PairReport:
        if pair.ending == "hold" and pair.destination.mode == "full":
            report = _report(pair)
            report.reason = "it is replaced as a whole and not synced at present; enable it and erase again"
            return report
        return self.sync(pair, only=key)

    def _ledger(self, pair: Pair, *, only: str | None = None) -> Ledger:
        sources = {name: self._relation_of(model) for name, model in pair.models.items()}
        erased = erased_count(self._connection, self._renderer, pair.entity.name) > 0
        request = {**pair.request(), "erased": erased, "only_key": only}
        return Ledger(self._connection, self._renderer, request, sources)


def _report(pair: Pair) -> PairReport:
    return PairReport(pair.audience.name, pair.spec.name, mode=pair.destination.mode, ending=pair.ending)
