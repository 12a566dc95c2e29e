"""Erasing somebody: out of every destination, out of muster's own tables, and never back again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from dbt_muster.delivery.ledger import AUDIENCES, ERASURES, REJECTS, RUNS, STATE, TABLES, now
from dbt_muster.delivery.pairs import Pair
from dbt_muster.delivery.report import PairReport
from dbt_muster.delivery.tables import KEPT_AS, Connection, Tables, changing_rows
from dbt_muster.errors import MusterError
from dbt_muster.render import Renderer

# What keys are called in tables that have those of every entity.
_KEYED = "entity_key"
QUARANTINE = "muster_sync_quarantine"


@dataclass(frozen=True)
class Table:
    """A table that may have rows of the entity.

    Attributes:
        name: its name.
        relation: how SQL names it.
        column: the column of its keys, where that is not called as the entity's.
    """

    name: str
    relation: str
    column: str | None = None


@dataclass
class Receipt:
    """What an erasure did. It names nobody: the key is there as a hash.

    Attributes:
        keys: how many keys the person has: the canonical one, and its aliases. All of them are erased.
        destinations: where the key was held, each with what came of its removal.
        tables: how many rows were deleted, by table.
        absent: tables that were not looked into, because dbt has not built them.
        kept: tables that still have rows, because the warehouse does not delete from them, each with why.
        complete: whether nothing is left anywhere that muster can reach.
        earlier: receipts of the same key's erasures before this one, as JSON shows them, without those that
            found nothing.
    """

    entity: str
    key_hash: str
    erased_at: datetime
    keys: int = 1
    destinations: list[dict[str, str | None]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    earlier: list[dict[str, Any]] = field(default_factory=list)

    @property
    def found(self) -> bool:
        """Whether the key was anywhere."""
        return bool(self.destinations) or any(self.tables.values())

    def to_dict(self) -> dict[str, Any]:
        """As JSON shows it."""
        return asdict(self) | {"erased_at": f"{self.erased_at:%Y-%m-%dT%H:%M:%SZ}"}


class Eraser:
    """Erases keys of one entity.

    Args:
        connection: an open warehouse.
        renderer: the macros in its dialect.
        entity: the entity's name.
        key: the column of its keys.
        tables: what dbt has built that may have rows of it.
        aliases: the table of the entity's aliases, where it has some.
    """

    def __init__(
        self,
        connection: Connection,
        renderer: Renderer,
        entity: str,
        key: str,
        tables: Sequence[Table],
        aliases: Table | None = None,
    ) -> None:
        self._connection = connection
        self._renderer = renderer
        self._entity = entity
        self._key = key
        self._tables = tables
        self._aliases = aliases
        self._erasures = connection.relation(ERASURES)

    def erase(self, key: str, pairs: Iterable[Pair], remove: Callable[[str, Pair], PairReport]) -> Receipt:
        """Erase a key, whether canonical or an alias, and with it every other key of the person.

        Doing it again does what was left undone. That it is erased is written down before anything else, so
        that no sync or build brings it back that runs meanwhile, or after a crash in the midst of it.

        Args:
            key: the key, as text.
            pairs: everything that is, or was, synced somewhere, of this entity.
            remove: delivers the removal of one key alone.
        """
        absent: list[str] = []
        keys = self._keys(key, absent)
        receipt = self._begin(keys, absent)
        if is_there(self._connection, self._renderer, self._connection.relation(STATE)):
            Tables(self._connection, self._renderer, TABLES).make()
        by_name = {(pair.spec.name, pair.audience.name): pair for pair in pairs}
        outcomes: dict[tuple[str, str], dict[str, str | None]] = {}
        for each in keys:
            for name in self._holders(each):
                pair = by_name.get(name)
                outcome = self._outcome(each, name, remove(each, pair) if pair else None)
                if outcomes.setdefault(name, outcome)["status"] == "removed":
                    outcomes[name] = outcome
        receipt.destinations = list(outcomes.values())
        for table, column, among in self._keyed_tables(receipt.absent):
            found = self._count(table, column, keys, among)
            receipt.tables[table.name] = receipt.tables.get(table.name, 0) + found
            if found and (refusal := self._refusal(table, column, keys, among)):
                receipt.kept[table.name] = refusal
        # What a destination may still hold stays in the state, because its removal must name it.
        receipt.complete = not receipt.kept and not any(map(self._holders, keys))
        for each in keys:
            hashed = key_hash(self._entity, each)
            self._execute("note_erasure", self._erasures, self._entity, hashed, _as_json(receipt))
        return receipt

    def preview(self, key: str) -> Receipt:
        """What `erase` would do now; writes nothing anywhere."""
        absent: list[str] = []
        keys = self._keys(key, absent)
        receipt = self._new_receipt(keys, absent)
        for destination, audience in sorted({name for each in keys for name in self._holders(each)}):
            receipt.destinations.append({"destination": destination, "audience": audience, "status": "held"})
        for table, column, among in self._keyed_tables(receipt.absent):
            found = self._count(table, column, keys, among)
            receipt.tables[table.name] = receipt.tables.get(table.name, 0) + found
        return receipt

    def _keys(self, key: str, absent: list[str]) -> list[str]:
        """Every key of the person: the canonical one first.

        Args:
            key: any of them.
            absent: gets the name of the table of aliases where that is not there.
        """
        if self._aliases is None:
            return [key]
        if not is_there(self._connection, self._renderer, self._aliases.relation):
            absent.append(self._aliases.name)
            return [key]
        rows = [(str(row[0]), str(row[1])) for row in self._query("keys_of", self._aliases.relation, key)]
        canonical = next((canonical for canonical, alias in rows if alias == key), key)
        return [canonical, *(alias for meant, alias in rows if meant == canonical)]

    def _begin(self, keys: Sequence[str], absent: list[str]) -> Receipt:
        what = f"Nobody was erased. That somebody is, is written down in {ERASURES}"
        with changing_rows(self._renderer.dialect, what):
            self._execute("create_table", self._erasures, ERASURES)
        receipt = self._new_receipt(keys, absent)
        for hashed in (key_hash(self._entity, each) for each in keys):
            if not self._query("find_erasure", self._erasures, self._entity, hashed):
                row = {"entity": self._entity, "key_hash": hashed, "erased_at": receipt.erased_at}
                self._execute("insert", self._erasures, ERASURES, [row])
        return receipt

    def _new_receipt(self, keys: Sequence[str], absent: list[str]) -> Receipt:
        hashed = key_hash(self._entity, keys[0])
        receipt = Receipt(self._entity, hashed, now(), len(keys), absent=absent)
        rows = []
        if is_there(self._connection, self._renderer, self._erasures):
            rows = self._query("find_erasure", self._erasures, self._entity, hashed)
        for last in (json.loads(text) for _, text in rows if text):
            receipt.earlier = last.pop("earlier", [])
            if last["destinations"] or any(last["tables"].values()):
                receipt.earlier.append(last)
        return receipt

    def _holders(self, key: str) -> list[tuple[str, str]]:
        """Where the key is held or may be, of the audiences of this entity.

        What a run that has not ended sent is not in the state yet, so it may have sent the key.
        """
        state = self._connection.relation(STATE)
        if not is_there(self._connection, self._renderer, state):
            return []
        own = set(self._own_audiences())
        held = self._query("holders", state, self._connection.relation(RUNS), key)
        return sorted({(str(row[0]), str(row[1])) for row in held} & own)

    def _outcome(self, key: str, name: tuple[str, str], report: PairReport | None) -> dict[str, str | None]:
        """What came of a key's removal: a run may go through and the destination refuse this one record."""
        status, reason = (
            "failed",
            "the destination is no longer declared" if report is None else report.reason,
        )
        if report is not None and report.status == "applied":
            is_held = name in self._holders(key)
            status, reason = ("refused", self._why_refused(report, key)) if is_held else ("removed", reason)
        return {"destination": name[0], "audience": name[1], "status": status, "reason": reason}

    def _why_refused(self, report: PairReport, key: str) -> str:
        """Read before the key's rows go; a receipt names nobody, whatever a platform's words do."""
        rejects = self._connection.relation(REJECTS)
        rows = self._query("refusals_of", rejects, report.run_id, key)
        said = next((str(row[0]) for row in rows if row[0] and key not in str(row[0])), None)
        return said or "the destination refused to take the person out"

    def _own_audiences(self) -> list[tuple[str, str]]:
        rows = self._query("recorded_audiences", self._connection.relation(AUDIENCES))
        return [(str(row[0]), str(row[1])) for row in rows if row[2] == self._entity]

    def _keyed_tables(self, absent: list[str]) -> Iterator[tuple[Table, str, Mapping[str, list[str]]]]:
        """Each table that may have rows of a key, the column to look in, and what else rows must have.

        Args:
            absent: gets the names of tables that are not there.
        """
        for table in self._tables:
            if not is_there(self._connection, self._renderer, table.relation):
                absent.append(table.name)
            elif self._has(table, _KEYED, "entity"):
                yield table, _KEYED, {"entity": [self._entity]}
            else:
                names = [name for name in (table.column, self._key, _KEYED) if name is not None]
                yield from ((table, name, {}) for name in names if self._has(table, name))
        audiences = sorted({audience for _, audience in self._own_audiences()}) if self._has_synced() else []
        for name in (REJECTS, QUARANTINE):
            if audiences and is_there(self._connection, self._renderer, self._connection.relation(name)):
                yield Table(name, self._connection.relation(name)), _KEYED, {"audience": audiences}

    def _has(self, table: Table, *columns: str) -> bool:
        """Whether a table has columns: the warehouse alone knows how it writes their names."""
        try:
            self._query("columns_probe", table.relation, list(columns))
        except MusterError:
            return False
        return True

    def _has_synced(self) -> bool:
        return is_there(self._connection, self._renderer, self._connection.relation(AUDIENCES))

    def _refusal(
        self, table: Table, column: str, keys: Sequence[str], among: Mapping[str, list[str]]
    ) -> str | None:
        """Delete the rows of keys; gives why the warehouse did not, which keeps no other table's."""
        try:
            self._execute("delete_keys", table.relation, column, list(keys), among)
        except MusterError as error:
            needed = KEPT_AS.get(self._renderer.dialect)
            why = f"rows are deleted only from {needed}. " if needed else ""
            said = str(error)
            return why + ("The warehouse refused." if any(key in said for key in keys) else said)
        return None

    def _count(self, table: Table, column: str, keys: Sequence[str], among: Mapping[str, list[str]]) -> int:
        return int(self._query("count_keys", table.relation, column, list(keys), among)[0][0])

    def _execute(self, macro: str, *arguments: object) -> None:
        self._connection.execute(self._renderer.call(f"muster_sync_{macro}", *arguments))

    def _query(self, macro: str, *arguments: object) -> list[tuple[Any, ...]]:
        return self._connection.query(self._renderer.call(f"muster_sync_{macro}", *arguments))


def key_hash(entity: str, key: str) -> str:
    """What is kept of an erased key: the same as the macro `muster_erased_hash` makes of it."""
    return hashlib.sha256(f"{entity}:{key}".encode()).hexdigest()


def erased_count(connection: Connection, renderer: Renderer, entity: str) -> int:
    """How many keys of an entity were erased."""
    erasures = erasures_table(connection, renderer)
    if erasures is None:
        return 0
    return int(connection.query(renderer.call("muster_sync_count_erasures", erasures, entity))[0][0])


def erasures_table(connection: Connection, renderer: Renderer) -> str | None:
    """The SQL name of `muster_sync_erasures`; None where nobody was ever erased, since erasing makes it."""
    erasures = connection.relation(ERASURES)
    return erasures if is_there(connection, renderer, erasures) else None


def is_there(connection: Connection, renderer: Renderer, relation: str) -> bool:
    """Whether the warehouse has a table."""
    try:
        connection.query(renderer.call("muster_sync_probe", relation))
    except MusterError:
        return False
    return True


def _as_json(receipt: Receipt) -> str:
    return json.dumps(receipt.to_dict())
