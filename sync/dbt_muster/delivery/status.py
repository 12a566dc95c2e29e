"""How deliveries stand, read from the ledger: the last run of every audience at every destination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal, NamedTuple

from dbt_muster.delivery.guards import in_words
from dbt_muster.delivery.ledger import BATCHES, RUNS, STATE, moment
from dbt_muster.delivery.processes import is_alive
from dbt_muster.delivery.tables import Connection
from dbt_muster.errors import MusterError
from dbt_muster.render import Renderer

Status = Literal["applied", "failed", "blocked", "interrupted", "running", "never"]

_OPEN = ("running", "planned")
"""How the ledger has a run that has not come to an end."""


class _Run(NamedTuple):
    """A row that `muster_sync_last_runs` gives."""

    audience: str
    destination: str
    run_id: str
    sequence: int
    status: str
    reason: str | None
    host: str
    process: str
    started_at: Any
    heartbeat_at: Any
    finished_at: Any
    members: int | None
    quarantined: int | None
    adds: int | None
    changes: int | None
    removes: int | None
    acknowledged: int | None
    rejected: int | None
    matched: int | None
    error: str | None
    override: str | None


@dataclass(frozen=True)
class PairStatus:
    """How the delivery of one audience to one destination stands.

    Attributes:
        status: how the last run ended, `running`, or `never` where there was none.
        run_id: the last run's.
        at: when the last run ended, or began where it has not ended; naive, in UTC.
        applied_at: when the last one that went through ended.
        members: how many the audience had in the last run.
        quarantined: how many identifiers of them could not be sent.
        planned: rows that the last run had to send; of one that a guard held back, what would have changed.
        sent: rows that it sent, whatever became of them.
        accepted: rows that the destination took.
        rejected: rows that it refused one by one.
        matched: how many people the platform found, where it tells.
        size_before: how many members the audience had in the run before it that went through.
        reason: why it did not go through, or which guard was set aside, and why.
        in_specs: whether the specs still say that this audience is synced there.
    """

    audience: str
    destination: str
    status: Status = "never"
    run_id: str | None = None
    at: datetime | None = None
    applied_at: datetime | None = None
    members: int | None = None
    quarantined: int | None = None
    planned: int | None = None
    sent: int | None = None
    accepted: int | None = None
    rejected: int | None = None
    matched: int | None = None
    size_before: int | None = None
    reason: str | None = None
    in_specs: bool = True

    @property
    def name(self) -> str:
        """How the pair is selected and reported."""
        return f"{self.audience}:{self.destination}"

    @property
    def failed(self) -> bool:
        """Whether the last run went wrong."""
        return self.in_specs and self.status in ("failed", "interrupted")

    def is_stale(self, max_age: timedelta | None, now: datetime) -> bool:
        """Whether nothing has gone through for longer than that."""
        if max_age is None or not self.in_specs:
            return False
        return self.applied_at is None or now - self.applied_at > max_age

    def silence(self, now: datetime) -> str:
        """For how long nothing has gone through, in words."""
        if self.applied_at is None:
            return "nothing has ever gone through"
        return f"nothing has gone through for {in_words(now - self.applied_at)}"

    def to_dict(self) -> dict[str, object]:
        """As JSON shows it; instants in ISO 8601, in UTC."""
        return {
            name: f"{value.isoformat(timespec='seconds')}Z" if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


def read_status(
    connection: Connection, renderer: Renderer, wanted: Iterable[tuple[str, str]], now: datetime
) -> list[PairStatus]:
    """The status of every pair that is synced by the specs or ever was, in the order of their names.

    Args:
        connection: an open warehouse.
        renderer: the macros in its dialect.
        wanted: audience and destination of every pair in the specs.
        now: naive, in UTC.
    """
    pairs = set(wanted)
    found = {pair: _status(runs, pair in pairs, now) for pair, runs in _runs(connection, renderer).items()}
    rows = _rows(connection, renderer, [each.run_id for each in found.values() if each.run_id])
    known = {}
    for pair, status in found.items():
        sent, planned = rows.get(status.run_id or "", (0, status.planned))
        known[pair] = replace(status, sent=sent, planned=planned)
    return [known.get(pair) or PairStatus(*pair) for pair in sorted(pairs | set(known))]


def _runs(connection: Connection, renderer: Renderer) -> dict[tuple[str, str], list[_Run]]:
    try:
        connection.query(renderer.call("muster_sync_probe", connection.relation(STATE)))
    except MusterError:
        return {}  # nothing has ever been synced
    try:
        rows = connection.query(renderer.call("muster_sync_last_runs", connection.relation(RUNS)))
    except MusterError as error:
        raise MusterError(
            f"{error} Where an earlier version of muster made the tables of syncs, the next `muster sync` "
            "adds what they lack."
        ) from None
    runs = [_Run(*row) for row in rows]
    return {pair: list(own) for pair, own in groupby(runs, lambda run: (run.audience, run.destination))}


def _rows(
    connection: Connection, renderer: Renderer, run_ids: Sequence[str]
) -> Mapping[str, tuple[int, int]]:
    """How many rows runs sent, and had to send; those that had none are not there."""
    if not run_ids:
        return {}
    sql = renderer.call("muster_sync_sent_rows", connection.relation(BATCHES), list(run_ids))
    return {
        str(run_id): (int(sent or 0), int(planned or 0)) for run_id, sent, planned in connection.query(sql)
    }


def _status(runs: Sequence[_Run], in_specs: bool, now: datetime) -> PairStatus:
    last = runs[0]
    applied = [run for run in runs if run.status == "applied"]
    before = [run for run in applied if run is not last]
    moves = [count for count in (last.adds, last.changes, last.removes) if count is not None]
    return PairStatus(
        audience=last.audience,
        destination=last.destination,
        status=_ended(last, now),
        run_id=last.run_id,
        at=moment(last.started_at) if last.status in _OPEN else _end(last),
        applied_at=_end(applied[0]) if applied else None,
        members=last.members,
        quarantined=last.quarantined,
        planned=sum(moves) if moves else None,
        accepted=last.acknowledged,
        rejected=last.rejected,
        matched=last.matched,
        size_before=before[0].members if before else None,
        reason=_reason(last),
        in_specs=in_specs,
    )


def _reason(run: _Run) -> str | None:
    if run.error is None and run.reason and run.override and run.status == "applied":
        return f"was sent although {run.reason} (--override: {run.override})"
    return run.error or run.reason


def _end(run: _Run) -> datetime:
    """When a run ended; one that was killed just before it said so has only its last sign of life."""
    return moment(run.heartbeat_at if run.finished_at is None else run.finished_at)


def _ended(run: _Run, now: datetime) -> Status:
    if run.status in _OPEN:
        alive = is_alive(run.host, run.process, moment(run.heartbeat_at), now)
        return "running" if alive else "interrupted"
    known: tuple[Status, ...] = ("applied", "blocked", "interrupted")
    return next((status for status in known if status == run.status), "failed")
