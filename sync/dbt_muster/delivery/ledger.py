"""The tables that a sync writes, each statement of them a macro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dbt_muster.delivery.plan_counts import PlanCounts, plan_counts
from dbt_muster.delivery.tables import (
    KEPT_AS,
    Connection,
    Tables,
    changing_rows,
    quickly_written,
)
from dbt_muster.errors import MusterError
from dbt_muster.render import Renderer

STATE = "muster_sync_state"
PLAN = "muster_sync_plan_"
RUNS = "muster_sync_runs"
BATCHES = "muster_sync_batches"
REJECTS = "muster_sync_rejects"
AUDIENCES = "muster_sync_audiences"
ERASURES = "muster_sync_erasures"
QUARANTINE = "muster_sync_quarantine"

# The state comes last, because its being there stands for all of them.
TABLES = (RUNS, BATCHES, REJECTS, AUDIENCES, QUARANTINE, STATE)

_ROWS_AN_INSERT = 500


@dataclass(frozen=True)
class OpenRun:
    """A run that has not ended, as the ledger has it."""

    id: str
    sequence: int
    mode: str
    status: str
    host: str
    process: str
    started_at: datetime
    heartbeat_at: datetime


@dataclass(frozen=True)
class Remote:
    """An audience as a platform has it, where audiences are made there, and what its spec says of its end."""

    id: str | None
    name: str | None
    description: str | None
    on_delete: str


@dataclass(frozen=True)
class Previous:
    """The last run that went through, and the identifiers that it sent, as `Pair.match_on` writes them."""

    id: str
    match_on: str | None


def now() -> datetime:
    """The clock of the run's bookkeeping: naive, in UTC. What is delivered never depends on it."""
    return datetime.now(UTC).replace(tzinfo=None)


class Ledger:
    """Reads and writes the sync tables of one pair.

    Args:
        connection: an open warehouse.
        renderer: the macros in that warehouse's dialect.
        request: what is delivered, as `Pair.request` gives it.
        sources: the SQL names of the tables that are read, by the names in `Pair.models`.
    """

    def __init__(
        self, connection: Connection, renderer: Renderer, request: dict[str, Any], sources: dict[str, str]
    ) -> None:
        self._connection = connection
        self._renderer = renderer
        self._request = request
        self._sources = sources
        self._pair = (request["destination"], request["audience"])
        self._tables = {
            "state": connection.relation(STATE),
            "batches": connection.relation(BATCHES),
            "rejects": connection.relation(REJECTS),
            "audiences": connection.relation(AUDIENCES),
            "erasures": connection.relation(ERASURES),
            "quarantine": connection.relation(QUARANTINE),
            **sources,
        }
        self._runs = connection.relation(RUNS)
        self._own = Tables(connection, renderer, TABLES)

    # --- tables and runs ---------------------------------------------------------------------------

    def create_tables(self) -> None:
        """Create the sync tables where they are not there yet, and what an earlier version's lack.

        Raises:
            MusterError: they cannot be created, or their rows cannot be updated and deleted.
        """
        dialect = self._renderer.dialect
        what = (
            "Nothing was sent. A sync updates and deletes rows of its tables (muster_sync_state and others)"
        )
        with changing_rows(dialect, what):
            self._own.make()
            if dialect in KEPT_AS:
                self.delete_run("")  # there is no such run; a table whose rows stay as they are refuses it

    def insert_run(self, values: dict[str, object]) -> None:
        """Record a run."""
        destination, audience = self._pair
        row = {**values, "destination": destination, "audience": audience}
        self._execute("insert", self._runs, RUNS, [row])

    def update_run(self, run_id: str, **values: object) -> None:
        """Change columns of a run."""
        self._execute("update_run", self._runs, run_id, values)

    def delete_run(self, run_id: str) -> None:
        """Take back a run that did nothing."""
        self._execute("delete_run", self._runs, run_id)

    def open_runs(self) -> list[OpenRun]:
        """The pair's runs that have not ended, the oldest first."""
        return [
            OpenRun(row[0], int(row[1]), row[2], row[3], row[5], row[6], moment(row[7]), moment(row[8]))
            for row in self._query("open_runs", self._runs, *self._pair)
        ]

    def is_open(self, run_id: str) -> bool:
        """Whether a run has not been ended by another process."""
        return int(self._query("run_is_open", self._runs, run_id)[0][0]) > 0

    def history(self) -> tuple[int, Previous | None]:
        """The last sequence number given out, and the last run that went through."""
        last, applied = self._query("history", self._runs, *self._pair)[0]
        if applied is None:
            return int(last), None
        run_id, match_on = self._query("run_at", self._runs, *self._pair, int(applied))[0]
        return int(last), Previous(str(run_id), match_on)

    # --- the plan ----------------------------------------------------------------------------------

    def create_plan(self, run_id: str) -> None:
        """Work out what has to be sent, in one statement, into the run's plan table.

        Raises:
            MusterError: the warehouse refuses; a table that dbt has not built yet is named.
        """
        request = {**self._asked(), "holds": self.held() > 0}
        try:
            with quickly_written(self._connection, self._renderer):
                self._execute("create_plan", self._plan(run_id), request, self._tables)
        except MusterError as error:
            raise self._unbuilt(error) or error from None

    def _asked(self) -> dict[str, Any]:
        """The request, and whether any run sent other identifiers: a removal of them may touch others."""
        asked = (self._runs, *self._pair, self._request["match_on"])
        others = int(self._query("matched_otherwise", *asked)[0][0])
        return {**self._request, "matched_otherwise": others > 0}

    def quarantine(self, run_id: str) -> None:
        """Write down, in place of what earlier runs found out, which identifiers cannot be sent."""
        run, tables = self._run(run_id)
        self._execute("quarantine", run, tables)
        self._execute("end_quarantine", run, tables)

    def drop_plan(self, run_id: str) -> None:
        """Drop a run's plan table if it is there."""
        self._execute("drop", self._plan(run_id))

    def plan_counts(self, run_id: str) -> PlanCounts:
        """What a plan table holds."""
        return plan_counts(self._query("plan_counts", self._plan(run_id)))

    def trial_counts(self, *, with_state: bool, anew: bool = False) -> PlanCounts:
        """What a plan would hold, without writing anything.

        Args:
            with_state: whether the sync tables are there; without them nothing is held.
            anew: as if all that is held were unconfirmed.

        Raises:
            MusterError: as `create_plan` does.
        """
        tables = self._tables if with_state else {**self._tables, "state": ""}
        request = {**(self._asked() if with_state else self._request), "anew": anew}
        plan = self._renderer.call("muster_sync_plan", request, tables)
        try:
            return plan_counts(self._query("plan_counts", f"({plan})"))
        except MusterError as error:
            raise self._unbuilt(error) or error from None

    def _unbuilt(self, refusal: MusterError) -> MusterError | None:
        """That a table which dbt builds cannot be read, where that is so."""
        for name, relation in self._sources.items():
            try:
                self._query("probe", relation)
            except MusterError:
                whose = "the conditions of the sync's `where`" if name == "where" else "what is delivered"
                return MusterError(
                    f"The table of {whose} cannot be read: run `dbt run`, which makes {relation}. {refusal}"
                )
        return None

    def has_tables(self) -> bool:
        """Whether a sync has ever created its tables here.

        Raises:
            MusterError: it has, with an earlier version, whose tables only a sync brings up to date.
        """
        if self._own.are_current():
            return True
        try:
            self._query("probe", self._tables["state"])
        except MusterError:
            return False
        raise MusterError(
            "The tables of syncs (muster_sync_state and others) were made by an earlier version of muster. "
            "The next `muster sync` adds what they lack; nothing can be planned before that."
        )

    def membership(self) -> tuple[int, int]:
        """The audience's size, and how many of it the destination may be told about."""
        members, deliverable = self._query("membership_counts", self._request, self._tables)[0]
        return int(members), int(deliverable)

    def held(self) -> int:
        """How many members the destination holds or may hold."""
        return int(self._query("held_count", self._request, self._tables["state"])[0][0])

    # --- batches -----------------------------------------------------------------------------------

    def plan_batches(self, run_id: str) -> None:
        """Record the batches of a plan, and make it quick to read."""
        plan, batches = self._plan(run_id), self._tables["batches"]
        self._execute("plan_batches", batches, plan, run_id, now())
        prepared = self._renderer.call("muster_sync_prepare_plan", plan, batches)
        if prepared.strip():
            self._connection.execute(prepared)

    def read(self, run_id: str, first: int, last: int) -> list[tuple[Any, ...]]:
        """The records of a range of batches, in order, as `batches.Row` has them."""
        return self._query("read_batches", self._plan(run_id), self._request["keyed_by"], first, last)

    def read_identifiers(self, run_id: str, first: int, last: int) -> list[tuple[Any, ...]]:
        """The identifiers in a range of batches, as `batches.Texts` has them; where `has_keys` is not so."""
        return self._query("read_identifiers", self._plan(run_id), self._request, first, last)

    @property
    def has_keys(self) -> bool:
        """Whether the destination is told keys, or different actions in one batch."""
        return self._request["keyed_by"] == "entity_key" or bool(self._request["snapshot"])

    def units(self, run_id: str, batch: int) -> list[tuple[str, str, str]]:
        """The actions, keys and fingerprints of a batch's records, in their order."""
        rows = self._query("read_units", self._plan(run_id), self._request["keyed_by"], batch)
        return [(str(action), str(key), str(fingerprint)) for action, key, fingerprint in rows]

    def mark(self, run_id: str, first: int, last: int, status: str, **values: object) -> None:
        """Record the status of a range of batches."""
        changes = {"status": status, "updated_at": now(), **values}
        self._execute("mark_batches", self._tables["batches"], run_id, first, last, changes)

    def vouch(self, run_id: str, status: str) -> None:
        """Record for all batches in flight what follows from what the destination says of the whole run."""
        self._execute("settle_batches", self._tables["batches"], run_id, status, now())

    def refuse(self, rows: Sequence[dict[str, object]]) -> None:
        """Record rows that the destination refused one by one."""
        destination, audience = self._pair
        for start in range(0, len(rows), _ROWS_AN_INSERT):
            part = [
                {**row, "destination": destination, "audience": audience, "refused_at": now()}
                for row in rows[start : start + _ROWS_AN_INSERT]
            ]
            self._execute("insert", self._tables["rejects"], REJECTS, part)

    def batch_counts(self, run_id: str) -> dict[str, tuple[int, int]]:
        """Batches and their rows by status; under `refused`, the rows refused one by one."""
        rows = self._query("batch_counts", self._tables["batches"], self._tables["rejects"], run_id)
        return {str(status): (int(batches), int(size or 0)) for status, batches, size in rows}

    def refused_before(self, run_id: str) -> tuple[int, datetime | None]:
        """How many of the removals that a run was refused had been before, and since when."""
        rows = self._query("refused_before", self._tables["rejects"], run_id, *self._pair)
        refused, since = rows[0]
        return int(refused), moment(since) if refused else None

    def open_jobs(self, run_id: str) -> list[tuple[int, str]]:
        """The batches that a platform took and is still working on, each with its job."""
        return [
            (int(batch), str(job)) for batch, job in self._query("open_jobs", self._tables["batches"], run_id)
        ]

    # --- the audience at the platform --------------------------------------------------------------

    def remote(self) -> Remote | None:
        """What the platform calls the audience, where that was recorded."""
        rows = self._query("audience", self._tables["audiences"], *self._pair)
        return Remote(*rows[0]) if rows else None

    def record_remote(self, values: dict[str, object], *, new: bool) -> None:
        """Record what the platform calls the audience, and what becomes of it when its spec goes."""
        destination, audience = self._pair
        if not new:
            changes = {**values, "updated_at": now()}
            self._execute("update_audience", self._tables["audiences"], *self._pair, changes)
            return
        moment = now()
        row = {
            "destination": destination,
            "audience": audience,
            "created_at": moment,
            "updated_at": moment,
            **values,
        }
        self._execute("insert", self._tables["audiences"], AUDIENCES, [row])

    def doubt_remote(self) -> None:
        """What the platform called the audience may be nothing to it any more."""
        changes = {"remote_id": None, "updated_at": now()}
        self._execute("update_audience", self._tables["audiences"], *self._pair, changes)

    def forget_state(self) -> None:
        """The platform no longer has the audience: nobody is held there."""
        self._execute("forget_state", self._tables["state"], *self._pair)

    def forget_remote(self) -> None:
        """The audience has ended: nobody is held there, and nothing of it is recorded."""
        self.forget_state()
        self._execute("delete_audience", self._tables["audiences"], *self._pair)

    # --- the state ---------------------------------------------------------------------------------

    def apply(self, run_id: str) -> None:
        """Bring what was acknowledged into the state. Doing it again changes nothing."""
        run, tables = self._run(run_id)
        self._execute("apply_removals", run, tables)
        self._execute("apply_additions", run, tables, now())

    def doubt_all(self) -> None:
        """Count everything held as unconfirmed, so that the next plan sends it again or takes it away."""
        self._execute("doubt_state", self._tables["state"], *self._pair)

    def doubt_touched(self, run_id: str) -> None:
        """Count whom the plan's removals may touch as unconfirmed, until they were sent again or removed."""
        self._execute("doubt_touched", self._tables["state"], self._plan(run_id), self._request)

    def doubt_key(self, key: str) -> None:
        """Count what is held of a key as unconfirmed."""
        self._execute("doubt_key", self._tables["state"], *self._pair, key)

    def doubt(self, run_id: str) -> None:
        """Bring what may have arrived into the state, unconfirmed. Doing it again changes nothing."""
        run, tables = self._run(run_id)
        self._execute("doubt_held", run, tables, now())
        self._execute("doubt_additions", run, tables, now())

    def _run(self, run_id: str) -> tuple[dict[str, object], dict[str, str]]:
        destination, audience = self._pair
        run = {
            "id": run_id,
            "destination": destination,
            "audience": audience,
            "keyed_by": self._request["keyed_by"],
        }
        return run, {**self._tables, "plan": self._plan(run_id)}

    def _plan(self, run_id: str) -> str:
        return self._connection.relation(f"{PLAN}{run_id}")

    def _execute(self, macro: str, *arguments: object) -> None:
        self._connection.execute(self._renderer.call(f"muster_sync_{macro}", *arguments))

    def _query(self, macro: str, *arguments: object) -> list[tuple[Any, ...]]:
        return self._connection.query(self._renderer.call(f"muster_sync_{macro}", *arguments))


def moment(value: object) -> datetime:
    """A timestamp as drivers give it: naive, aware or text."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
