"""One run of one pair, from what an earlier run left to the ledger's last row.

What makes it safe to kill at any point: a batch is written down as in flight before it is sent and as
acknowledged afterwards; the plan table stays until both are in the state; and whoever comes next settles,
before anything else, what a dead run left. Bringing outcomes into the state can be done any number of times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dbt_muster.delivery.at_platform import AtPlatform, Standing
from dbt_muster.delivery.guards import PlanSummary, objection
from dbt_muster.delivery.jobs import finish_jobs
from dbt_muster.delivery.ledger import Ledger, OpenRun, Previous, now
from dbt_muster.delivery.lock import Lock, LockedError
from dbt_muster.delivery.order import Order
from dbt_muster.delivery.pairs import Pair
from dbt_muster.delivery.plan_counts import PlanCounts
from dbt_muster.delivery.report import PairReport
from dbt_muster.delivery.sending import Sender, describe
from dbt_muster.delivery.watching import PairWatch
from dbt_muster.destinations import AudienceGoneError, Delivery, Run
from dbt_muster.errors import BlockedError

# Why everything is sent where the audience was not where it had been.
_RESYNC: dict[Standing, str] = {
    "lost": "the platform lost the audience",
    "found again": "the platform did not know the audience for a time",
}

AskGuards = Callable[[PlanSummary, PairReport], None]


class PairSync:
    """One run of one pair, under its lock.

    Args:
        pair: which audience, to which destination.
        ledger: the pair's tables.
        lock: the right to deliver it.
        report: where the outcome goes.
        at_platform: the audience where the destination keeps it.
        watch: told of every step, and asked whether there is time for the next.
        ask_guards: puts into the report what guards say of a plan's numbers.
    """

    def __init__(
        self,
        pair: Pair,
        ledger: Ledger,
        lock: Lock,
        report: PairReport,
        at_platform: AtPlatform,
        watch: PairWatch,
        ask_guards: AskGuards,
    ) -> None:
        self._pair = pair
        self._ledger = ledger
        self._lock = lock
        self._report = report
        self._at_platform = at_platform
        self._watch = watch
        self._ask_guards = ask_guards
        self._planned = False
        self._trouble: str | None = None

    def run(self, order: Order) -> None:
        """Settle what is left over, plan, send, settle."""
        try:
            self._settle_dead_runs()
            if order.anew:
                self._ledger.doubt_all()
            if order.only is not None:
                self._ledger.doubt_key(order.only)
            counts = self._plan(order)
            self._planned = True
            sender = self._send(counts)
        except LockedError as error:
            self._report.reason = str(error)
        except AudienceGoneError as error:
            self._fail(error)
            self._at_platform.doubt()
        except Exception as error:
            self._fail(error)
        else:
            failed = sender.error if sender.refused_batches else self._trouble
            self._report.reason = failed
            self._finish("failed" if failed else "applied", delivered=self._trouble is None)

    def _settle_dead_runs(self) -> None:
        for dead in self._lock.dead:
            if dead.status == "planned":
                self._finish_jobs(dead)
                self._settle(dead, "interrupted", vouched=self._vouched(dead))
            self._end(dead.id, {"status": "interrupted"} if dead.status == "running" else {})
            self._watch.tell("settled", settled_run_id=dead.id)
        # An interrupted run may turn out to have gone through, which makes it the one before this.
        if self._lock.dead:
            self._lock.previous = self._ledger.history()[1]

    # --- planning ----------------------------------------------------------------------------------

    def _plan(self, order: Order) -> PlanCounts:
        run_id = self._lock.run.id
        counts = self._create_plan()
        first = self._lock.previous is None
        held = self._ledger.held()
        summary = plan_summary(self._ledger, counts, self._report, held=held, first=first)
        if order.only is None:
            self._ask_guards(summary, self._report)
        reason = objection(self._report.guards)
        if reason and not order.override:
            raise BlockedError(
                f'nothing was sent, because {reason}. If this is right, run again with --override "why".'
            )
        self._report.resync = why_everything(self._pair, self._lock.previous, held, anew=order.anew)
        standing = self._at_platform.ensure()
        if standing != "there":
            self._report.resync = _RESYNC[standing]
            self._ledger.drop_plan(run_id)
            counts = self._create_plan()
            plan_summary(self._ledger, counts, self._report, held=held, first=first)
        if counts.resent or (counts.removes and self._knows_identifiers_alone()):
            self._ledger.doubt_touched(run_id)
        self._ledger.plan_batches(run_id)
        self._ledger.update_run(
            run_id,
            status="planned",
            reason=reason,
            resync=self._report.resync,
            match_on=self._pair.match_on,
            heartbeat_at=now(),
            **self._report.recorded(),
        )
        return counts

    def _create_plan(self) -> PlanCounts:
        self._ledger.create_plan(self._lock.run.id)
        self._ledger.quarantine(self._lock.run.id)
        return self._ledger.plan_counts(self._lock.run.id)

    # --- sending -----------------------------------------------------------------------------------

    def _send(self, counts: PlanCounts) -> Sender:
        destination = self._pair.destination
        rows = self._report.planned
        self._watch.tell("planned", batches=counts.batches, rows=rows, **self._report.plan_numbers())
        # What earlier runs left at the platform is through by now, and so older than what this one sends.
        run = replace(self._run_of(self._lock.run), batches=counts.batches, started_at=now())
        sender = Sender(self._ledger, self._lock, destination, self._watch)
        if destination.capabilities.in_warehouse:
            sender.keep_all(run, rows)
            self._report.sent = sender.sent
            return sender
        if destination.capabilities.creates and run.remote is None:
            return sender  # it ends, and is not there
        try:
            with destination.deliver(run) as delivery:
                sender.send_all(run, delivery, range(1, counts.at_once + 1))
                if counts.at_once < counts.batches:
                    # A removal that is worked on after them would take away what these add.
                    self._through(run, delivery)
                    sender.send_all(run, delivery, range(counts.at_once + 1, counts.batches + 1))
                self._lock.keep()
                delivery.finish()
                self._through(run, delivery)
        finally:
            self._report.sent = sender.sent
        return sender

    def _finish_jobs(self, dead: OpenRun) -> None:
        """See what became of the jobs that an interrupted run left at the platform."""
        if self._ledger.open_jobs(dead.id):
            run = self._run_of(dead)
            with self._pair.destination.deliver(run) as delivery:
                self._through(run, delivery)

    def _through(self, run: Run, delivery: Delivery) -> None:
        found = finish_jobs(self._ledger, self._lock, run, delivery, self._watch.deadline)
        if run.id == self._lock.run.id:
            self._trouble = self._trouble or found

    # --- settling ----------------------------------------------------------------------------------

    def _finish(self, status: str, *, delivered: bool) -> None:
        run = self._lock.run
        try:
            if self._ledger.open_jobs(run.id):
                # The plan is needed to settle them, so the run stays open until they are through.
                self._report.status = "failed"
                self._lock.release()
                return
            vouched = True if delivered else self._vouched(run)
            final = self._settle(run, status, vouched=vouched if self._acknowledges(run) else None)
            if final == "applied":
                self._report.reason = self._at_platform.after(self._report)
            self._end(run.id, {"matched": self._report.matched})
        except Exception as error:
            # The run stays open, and the next sync settles it.
            self._report.status = "failed"
            self._report.reason = self._report.reason or describe(error)
            return
        self._report.status = "applied" if final == "applied" and not self._report.reason else "failed"

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
            ledger.vouch(run.id, "acknowledged" if vouched else self._undone)
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
            self._report.accepted, self._report.rejected = acknowledged, refused
            if refused and self._report.removes:
                self._report.refused_before, since = ledger.refused_before(run.id)
                self._report.refused_since = f"{since.isoformat(timespec='seconds')}Z" if since else None
        return final

    def _end(self, run_id: str, values: dict[str, object]) -> None:
        """The last steps of a run, in the order that lets a kill between them be repaired."""
        if values:
            self._ledger.update_run(run_id, **values)
        self._ledger.drop_plan(run_id)
        self._ledger.update_run(run_id, finished_at=now())

    def _vouched(self, run: OpenRun) -> bool | None:
        return self._pair.destination.settle(self._run_of(run)) if self._acknowledges(run) else None

    @property
    def _undone(self) -> str:
        """What is in flight of a run that does not count: a platform may have it, whatever comes after it."""
        return "planned" if self._pair.destination.capabilities.acknowledges == "run" else "unknown"

    def _knows_identifiers_alone(self) -> bool:
        """Whether a removal may take from somebody else what they are held by."""
        destination = self._pair.destination
        return destination.capabilities.keyed_by == "fingerprint" and destination.mode != "full"

    def _acknowledges(self, run: OpenRun) -> bool:
        """Whether a run counts as a whole or not at all."""
        return run.mode == "full" or self._pair.destination.capabilities.acknowledges == "run"

    def _run_of(self, run: OpenRun) -> Run:
        return Run(
            id=run.id,
            audience=self._pair.audience.name,
            entity=self._pair.entity.name,
            sequence=run.sequence,
            mode="full" if run.mode == "full" else "delta",
            started_at=run.started_at,
            identifiers=self._pair.identifiers,
            previous=self._lock.previous.id if self._lock.previous else None,
            remote=self._at_platform.id,
            options=self._pair.options,
            consent=self._pair.spec.consent,
        )


def why_everything(pair: Pair, previous: Previous | None, held: int, *, anew: bool) -> str | None:
    """Why a run sends everything rather than what changed, where it does.

    Args:
        pair: which audience, to which destination.
        previous: the last run that went through.
        held: members that the destination holds; of one that holds nobody, nothing is sent again.
        anew: whether it was asked for.
    """
    if pair.ending != "keep":
        return None
    if pair.destination.mode == "full":
        return "mode: full"
    if previous is None:
        return "first run"
    if anew:
        return "asked for"
    return "match keys changed" if held and previous.match_on != pair.match_on else None


def plan_summary(
    ledger: Ledger, counts: PlanCounts, report: PairReport, *, held: int, first: bool
) -> PlanSummary:
    """Put a plan's numbers into the report, and give those that guards look at."""
    members, deliverable = ledger.membership()
    report.members = members
    report.withheld = members - deliverable
    report.unmatchable = counts.unmatchable
    report.quarantined = counts.quarantined
    report.adds, report.changes, report.removes = counts.adds, counts.changes, counts.removes
    report.resent = counts.resent
    report.planned = counts.rows - (counts.removes if report.mode == "full" else 0)
    moves = counts.adds - counts.resent + counts.changes + counts.removes
    return PlanSummary(deliverable - counts.unmatchable, held, moves, first)


def _unplanned(report: PairReport) -> dict[str, object]:
    """What the ledger keeps of a run that ended before anything of it was to be sent."""
    values: dict[str, object] = {"status": report.status, "reason": report.reason}
    if report.status == "blocked":
        values |= report.recorded()
    return values
