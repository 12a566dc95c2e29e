"""The sync engine: one pair from lock to ledger.

What makes it safe to kill at any point: a batch is written down as in flight before it is sent and as
acknowledged afterwards; the plan table stays until both are in the state; and whoever comes next settles,
before anything else, what a dead run left. Bringing outcomes into the state can be done any number of times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dbt_muster.delivery.circumstances import Circumstances
from dbt_muster.delivery.guards import PlanSummary, objection
from dbt_muster.delivery.ledger import Connection, Ledger, OpenRun, PlanCounts, now
from dbt_muster.delivery.lock import Lock, LockedError
from dbt_muster.delivery.pairs import Pair
from dbt_muster.delivery.report import PairReport
from dbt_muster.delivery.sending import Sender, describe
from dbt_muster.destinations import Run
from dbt_muster.errors import BlockedError, UsageError
from dbt_muster.render import Renderer

Progress = Callable[[Pair, int, int], None]


def _silent(_pair: Pair, _sent: int, _total: int) -> None:
    return


class Engine:
    """Delivers pairs over one warehouse connection.

    Args:
        connection: an open warehouse.
        renderer: the macros in its dialect.
        relation_of: the SQL name of a dbt model's table.
        progress: called as rows are sent, with how many of how many.
        circumstances: what guards ask besides the plan.
    """

    def __init__(
        self,
        connection: Connection,
        renderer: Renderer,
        relation_of: Callable[[str], str],
        progress: Progress = _silent,
        circumstances: Circumstances = Circumstances(),  # noqa: B008 - it is frozen
    ) -> None:
        self._connection = connection
        self._renderer = renderer
        self._relation_of = relation_of
        self._progress = progress
        self._circumstances = circumstances

    def plan(self, pair: Pair, *, override: str | None = None) -> PairReport:
        """What a sync would do now. Writes nothing anywhere."""
        report = _report(pair)
        try:
            ledger = self._ledger(pair)
            known = ledger.has_tables()
            counts = ledger.trial_counts(with_state=known)
            held = ledger.held() if known else 0
            first = not known or ledger.history()[1] is None
            summary = _summary(ledger, counts, report, held=held, first=first)
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

    def sync(self, pair: Pair, *, override: str | None = None) -> PairReport:
        """Deliver one pair.

        A failure is in the report, not raised, so that other pairs go on.

        Args:
            pair: which audience, to which destination.
            override: why guards are set aside; recorded with the run.

        Raises:
            UsageError: a dbt model is missing.
        """
        report = _report(pair)
        try:
            ledger = self._ledger(pair)
            ledger.create_tables()
            lock = Lock.take(ledger, pair.name, pair.destination.mode, override)
        except UsageError:
            raise
        except Exception as error:
            report.reason = describe(error)
            return report
        report.run_id = lock.run.id
        ask_guards = partial(self._ask_guards, pair)
        _PairSync(pair, ledger, lock, report, self._progress, ask_guards).run(override)
        return report

    def _ask_guards(self, pair: Pair, summary: PlanSummary, report: PairReport) -> None:
        report.guards = self._circumstances.findings(pair, summary, self._connection, self._renderer)

    def _ledger(self, pair: Pair) -> Ledger:
        sources = {name: self._relation_of(model) for name, model in pair.models.items()}
        return Ledger(self._connection, self._renderer, pair.request(), sources)


class _PairSync:
    """One run of one pair, under its lock."""

    def __init__(
        self,
        pair: Pair,
        ledger: Ledger,
        lock: Lock,
        report: PairReport,
        progress: Progress,
        ask_guards: Callable[[PlanSummary, PairReport], None],
    ) -> None:
        self._ask_guards = ask_guards
        self._pair = pair
        self._ledger = ledger
        self._lock = lock
        self._report = report
        self._progress = progress
        self._planned = False

    def run(self, override: str | None) -> None:
        """Settle what is left over, plan, send, settle."""
        try:
            self._settle_dead_runs()
            counts = self._plan(override)
            self._planned = True
            sender = self._send(counts)
        except LockedError as error:
            self._report.reason = str(error)
        except Exception as error:
            self._fail(error)
        else:
            failed = sender.error if sender.refused_batches else None
            self._report.reason = failed
            self._finish("failed" if failed else "applied", delivered=True)

    def _settle_dead_runs(self) -> None:
        for dead in self._lock.dead:
            if dead.status == "planned":
                self._settle(dead, "interrupted", vouched=self._vouched(dead))
            self._end(dead.id, {"status": "interrupted"} if dead.status == "running" else {})
        # An interrupted run may turn out to have gone through, which makes it the one before this.
        if self._lock.dead:
            self._lock.previous = self._ledger.history()[1]

    def _plan(self, override: str | None) -> PlanCounts:
        run_id = self._lock.run.id
        self._ledger.create_plan(run_id)
        counts = self._ledger.plan_counts(run_id)
        first = self._lock.previous is None
        summary = _summary(self._ledger, counts, self._report, held=self._ledger.held(), first=first)
        self._ask_guards(summary, self._report)
        reason = objection(self._report.guards)
        if reason and not override:
            raise BlockedError(
                f"{self._pair.name}: nothing was sent, because {reason}. If this is right, run again with "
                '--override "why".'
            )
        self._ledger.plan_batches(run_id)
        self._ledger.update_run(
            run_id,
            status="planned",
            reason=reason,
            heartbeat_at=now(),
            members=self._report.members,
            adds=counts.adds,
            changes=counts.changes,
            removes=counts.removes,
            unmatchable=counts.unmatchable,
        )
        return counts

    def _send(self, counts: PlanCounts) -> Sender:
        destination = self._pair.destination
        total = counts.rows - (counts.removes if destination.mode == "full" else 0)
        run = replace(self._run_of(self._lock.run), batches=counts.batches)
        sender = Sender(
            self._ledger,
            self._lock,
            destination.capabilities.acknowledges,
            lambda sent: self._progress(self._pair, sent, total),
        )
        try:
            with destination.deliver(run) as delivery:
                sender.send_all(run, delivery, destination.batch_size)
                self._lock.keep()
                delivery.finish()
        finally:
            self._report.sent = sender.sent
        return sender

    def _finish(self, status: str, *, delivered: bool) -> None:
        run = self._lock.run
        try:
            vouched = True if delivered else self._vouched(run)
            final = self._settle(run, status, vouched=vouched if self._acknowledges_run() else None)
            self._end(run.id, {})
        except Exception as error:
            # The run stays open, and the next sync settles it.
            self._report.status = "failed"
            self._report.reason = self._report.reason or describe(error)
            return
        self._report.status = "applied" if final == "applied" else "failed"

    def _fail(self, error: Exception) -> None:
        blocked = isinstance(error, BlockedError)
        self._report.status = "blocked" if blocked else "failed"
        self._report.reason = describe(error)
        if self._planned:
            self._finish("failed", delivered=False)
            return
        try:
            self._end(self._lock.run.id, _unplanned(self._report))
        except Exception as second:
            self._report.reason = f"{self._report.reason} ({describe(second)})"

    def _settle(self, run: OpenRun, status: str, *, vouched: bool | None) -> str:
        """Bring a planned run's outcomes into the state; gives the status that it ends with."""
        ledger = self._ledger
        if vouched is not None:
            ledger.vouch(run.id, "acknowledged" if vouched else "planned")
        counts = ledger.batch_counts(run.id)
        ledger.apply(run.id)
        if "sending" in counts or "unknown" in counts:
            ledger.doubt(run.id)
        refused = counts.pop("refused", (0, 0))[1]
        acknowledged = counts.pop("acknowledged", (0, 0))[1] - refused
        final = status if counts or vouched is False else "applied"
        ledger.update_run(
            run.id, status=final, acknowledged=acknowledged, rejected=refused, error=self._report.reason
        )
        if run.id == self._lock.run.id:
            self._report.acknowledged, self._report.rejected = acknowledged, refused
        return final

    def _end(self, run_id: str, values: dict[str, object]) -> None:
        """The last steps of a run, in the order that lets a kill between them be repaired."""
        if values:
            self._ledger.update_run(run_id, **values)
        self._ledger.drop_plan(run_id)
        self._ledger.update_run(run_id, finished_at=now())

    def _vouched(self, run: OpenRun) -> bool | None:
        return self._pair.destination.settle(self._run_of(run)) if self._acknowledges_run() else None

    def _acknowledges_run(self) -> bool:
        return self._pair.destination.capabilities.acknowledges == "run"

    def _run_of(self, run: OpenRun) -> Run:
        return Run(
            id=run.id,
            audience=self._pair.audience.name,
            entity=self._pair.entity.name,
            sequence=run.sequence,
            mode="full" if run.mode == "full" else "delta",
            started_at=run.started_at,
            identifiers=self._pair.identifiers,
            previous=self._lock.previous,
        )


def _summary(
    ledger: Ledger, counts: PlanCounts, report: PairReport, *, held: int, first: bool
) -> PlanSummary:
    """Put a plan's numbers into the report, and give those that guards look at."""
    members, deliverable = ledger.membership()
    report.members = members
    report.withheld = members - deliverable
    report.unmatchable = counts.unmatchable
    report.adds, report.changes, report.removes = counts.adds, counts.changes, counts.removes
    moves = counts.adds - counts.resent + counts.changes + counts.removes
    return PlanSummary(deliverable - counts.unmatchable, held, moves, first)


def _unplanned(report: PairReport) -> dict[str, object]:
    """What the ledger keeps of a run that ended before anything of it was to be sent."""
    numbers = ("members", "adds", "changes", "removes", "unmatchable")
    return {
        "status": report.status,
        "reason": report.reason,
        **{number: getattr(report, number) for number in numbers if report.status == "blocked"},
    }


def _report(pair: Pair) -> PairReport:
    return PairReport(pair.audience.name, pair.spec.name, mode=pair.destination.mode)
