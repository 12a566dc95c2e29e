"""The statements of a delivery, in the order in which a sync runs them, with values as the ledger gives them.

A story is one audience's delivery to one destination: the tables are made, a run is planned, sent, partly
refused and applied, a second one is left in doubt and settled, and in the end everything is taken back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dbt_muster.delivery import ledger
from dbt_muster.delivery.pairs import Pair
from dbt_muster.plan.aliases import aliases_model, aliases_refs
from dbt_muster.plan.literals import jinja_literal
from dbt_muster.portability.statements import Statement

TABLES = (
    ledger.RUNS,
    ledger.BATCHES,
    ledger.REJECTS,
    ledger.AUDIENCES,
    ledger.QUARANTINE,
    ledger.ERASURES,
    ledger.STATE,
)
"""What a sync keeps in the warehouse, in the order in which it is made."""

_NOW = "@now"
_REF = "@ref:"
_GIVEN = {
    "state": f"{_REF}{ledger.STATE}",
    "batches": f"{_REF}{ledger.BATCHES}",
    "rejects": f"{_REF}{ledger.REJECTS}",
    "audiences": f"{_REF}{ledger.AUDIENCES}",
    "erasures": f"{_REF}{ledger.ERASURES}",
    "quarantine": f"{_REF}{ledger.QUARANTINE}",
}
_SIZES = "muster_audience_sizes"
_EVENT_SOURCES = "muster_event_sources"
_INSTANT = "modules.datetime.datetime(2026, 1, 31, 12, 0, 0)"
_REFERENCE = re.compile(rf'"{_REF}([A-Za-z0-9_]+)"')
_LAST = 1_000_000


@dataclass(frozen=True)
class Step:
    """A call of a macro.

    Attributes:
        macro: its name without `muster_sync_`.
        arguments: what it is given.
        writes: the table that it changes; None where it asks.
        makes: the table that it makes.
        planned: whether it says something else for every destination; else one story is enough.
    """

    macro: str
    arguments: tuple[object, ...]
    writes: str | None = None
    makes: str | None = None
    planned: bool = False


def delivery_statements(pairs: Iterable[Pair]) -> Iterator[Statement]:
    """The statements of a project's deliveries, one story after the other.

    Deliveries that ask for the same in all but the names are one story, told of the first of them; and only
    the first story holds what is the same for every delivery.
    """
    told: set[str] = set()
    for pair in pairs:
        request = pair.request()
        form = json.dumps({**request, "audience": "", "destination": ""}, sort_keys=True, default=str)
        if form not in told:
            yield from _told(pair, request, whole=not told)
            told.add(form)


def _told(pair: Pair, request: dict[str, object], *, whole: bool) -> Iterator[Statement]:
    story = f"sync {pair.audience.name}:{pair.spec.name}"
    relations = {name: f"{_REF}{model}" for name, model in pair.models.items()}
    steps = [*_steps(request, relations), *_looking_back(pair), *_taken_back(pair)]
    for place, step in enumerate(steps):
        yield Statement(
            name=f"{story} ({place}: {step.macro})",
            kind="sync",
            text=_call(step),
            refs=(*pair.models.values(), *aliases_refs(pair.entity), _SIZES, _EVENT_SOURCES),
            story=story,
            place=place,
            writes=step.writes,
            makes=step.makes,
            judged=whole or step.planned,
        )


def _call(step: Step) -> str:
    """The call as Jinja: a literal of each argument, relations by ref and the clock by an instant."""
    arguments = ", ".join(map(jinja_literal, map(_plain, step.arguments)))
    arguments = _REFERENCE.sub(r'ref("\1")', arguments).replace(json.dumps(_NOW), _INSTANT)
    return f"{{{{ muster.muster_sync_{step.macro}({arguments}) }}}}"


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _steps(request: dict[str, Any], relations: dict[str, str]) -> Iterator[Step]:
    given = {**_GIVEN, **relations}
    pair = (request["destination"], request["audience"])
    for table in TABLES:
        yield Step("create_table", (f"{_REF}{table}", table), writes=table, makes=table)
    yield Step("probe", (_GIVEN["state"],))
    yield Step("columns_probe", (_GIVEN["state"], ["entity_key"]))
    yield Step("tables_probe", ({table: f"{_REF}{table}" for table in ledger.TABLES},))
    yield from _remembered(request, pair)
    yield Step("history", (f"{_REF}{ledger.RUNS}", *pair))
    yield Step("open_runs", (f"{_REF}{ledger.RUNS}", *pair))
    yield Step("run_is_open", (f"{_REF}{ledger.RUNS}", "first"))
    yield Step("membership_counts", (request, given), planned=True)
    yield Step("held_count", (request, _GIVEN["state"]), planned=True)
    yield from _first_run(request, given, pair)
    yield from _second_run(request, given)


def _remembered(request: Mapping[str, Any], pair: tuple[str, str]) -> Iterator[Step]:
    """A run, and what destinations hold from before: people with other values, nobody, another audience."""
    names = {"destination": pair[0], "audience": pair[1]}
    run = {
        "run_id": "first",
        **names,
        "sequence": 1,
        "mode": "mirror",
        "status": "sending",
        "started_at": _NOW,
        "heartbeat_at": _NOW,
        "host": "it's",
        "process": "1",
    }
    held = {**names, "identifiers": "{}", "run_id": "earlier", "updated_at": _NOW}
    states = [
        {**held, "entity_key": key, "fingerprint": f"print {key}", "confirmed": confirmed}
        for key, confirmed in (("1", True), ("2", False), ("3", True), ("nobody", True), ("no one", False))
    ]
    states.append({**states[0], "audience": "another one"})
    remote = {
        **names,
        "entity": "people",
        "remote_id": "1",
        "remote_name": "a\\b",
        "on_delete": "keep",
        "created_at": _NOW,
        "updated_at": _NOW,
    }
    for table, rows in ((ledger.RUNS, [run]), (ledger.STATE, states), (ledger.AUDIENCES, [remote])):
        yield Step("insert", (f"{_REF}{table}", table, rows), writes=table)


def _run(request: Mapping[str, Any], run_id: str) -> tuple[dict[str, Any], str]:
    plan = f"{ledger.PLAN}{run_id}"
    return {
        "id": run_id,
        "destination": request["destination"],
        "audience": request["audience"],
        "keyed_by": request["keyed_by"],
    }, plan


def _planned(request: dict[str, Any], given: dict[str, str], run_id: str) -> Iterator[Step]:
    _, plan = _run(request, run_id)
    name = f"{_REF}{plan}"
    yield Step("create_plan", (name, request, given), writes=plan, makes=plan, planned=True)
    yield Step("plan_counts", (name,))
    yield Step("doubt_touched", (given["state"], name, request), writes=ledger.STATE)
    yield Step("plan_batches", (given["batches"], name, run_id, _NOW), writes=ledger.BATCHES)
    yield Step("read_batches", (name, request["keyed_by"], 1, _LAST))
    yield Step("read_identifiers", (name, request, 1, _LAST))
    yield Step("read_units", (name, request["keyed_by"], 1))


def _first_run(request: dict[str, Any], given: dict[str, str], pair: tuple[str, str]) -> Iterator[Step]:
    """Planned, sent, partly refused, and applied."""
    run, plan = _run(request, "first")
    tables = {**given, "plan": f"{_REF}{plan}"}
    yield from _planned(request, given, "first")
    yield Step("quarantine", (run, tables), writes=ledger.QUARANTINE)
    yield Step("end_quarantine", (run, tables), writes=ledger.QUARANTINE)
    for status, more in (("sending", {"attempts": 1}), ("acknowledged", {"job": "j", "error": None})):
        changes = {"status": status, "updated_at": _NOW, **more}
        marked = (given["batches"], "first", 1, _LAST, changes)
        yield Step("mark_batches", marked, writes=ledger.BATCHES)
    yield Step("open_jobs", (given["batches"], "first"))
    refused = {
        "run_id": "first",
        "destination": pair[0],
        "audience": pair[1],
        "batch": 1,
        "action": "add",
        "entity_key": "4",
        "fingerprint": "none of these",
        "reason": "it's no address",
        "refused_at": _NOW,
    }
    arguments = (given["rejects"], ledger.REJECTS, [refused])
    yield Step("insert", arguments, writes=ledger.REJECTS)
    yield Step("batch_counts", (given["batches"], given["rejects"], "first"))
    yield Step("refused_before", (given["rejects"], "first", *pair))
    yield Step("apply_removals", (run, tables), writes=ledger.STATE, planned=True)
    yield Step("apply_additions", (run, tables, _NOW), writes=ledger.STATE)
    done = {"status": "applied", "finished_at": _NOW, "members": 3, "acknowledged": 2, "rejected": 1}
    yield Step("update_run", (f"{_REF}{ledger.RUNS}", "first", done), writes=ledger.RUNS)
    yield Step("run_at", (f"{_REF}{ledger.RUNS}", *pair, 1))
    yield Step("matched_otherwise", (f"{_REF}{ledger.RUNS}", *pair, "email"))


def _second_run(request: dict[str, Any], given: dict[str, str]) -> Iterator[Step]:
    """Sent, with an outcome that nobody knows, and settled later."""
    run, plan = _run(request, "second")
    tables = {**given, "plan": f"{_REF}{plan}"}
    pair = (request["destination"], request["audience"])
    yield Step("doubt_key", (given["state"], *pair, "1"), writes=ledger.STATE)
    yield Step("doubt_state", (given["state"], *pair), writes=ledger.STATE)
    yield from _planned({**request, "matched_otherwise": True}, given, "second")
    yield Step("doubt_touched", (given["state"], tables["plan"], request), writes=ledger.STATE)
    changes = {"status": "unknown", "updated_at": _NOW}
    yield Step("mark_batches", (given["batches"], "second", 1, _LAST, changes), writes=ledger.BATCHES)
    yield Step("doubt_held", (run, tables, _NOW), writes=ledger.STATE, planned=True)
    yield Step("doubt_additions", (run, tables, _NOW), writes=ledger.STATE)
    arguments = (given["batches"], "second", "acknowledged", _NOW)
    yield Step("settle_batches", arguments, writes=ledger.BATCHES)


def _looking_back(pair: Pair) -> Iterator[Step]:
    names = (pair.spec.name, pair.audience.name)
    yield Step("last_runs", (f"{_REF}{ledger.RUNS}",))
    yield Step("sent_rows", (_GIVEN["batches"], ["first", "second"]))
    yield Step("audience", (_GIVEN["audiences"], *names))
    yield Step("recorded_audiences", (_GIVEN["audiences"],))
    yield Step("holders", (_GIVEN["state"], f"{_REF}{ledger.RUNS}", "1"))
    yield Step("refusals_of", (_GIVEN["rejects"], "first", "1"))
    sources = [{"entity": pair.entity.name, "source": name} for name in pair.entity.events]
    relations = {"sizes": f"{_REF}{_SIZES}", "event_sources": f"{_REF}{_EVENT_SOURCES}"}
    yield Step("freshness", (pair.audience.name, sources, relations))


def _taken_back(pair: Pair) -> Iterator[Step]:
    """A person is erased, and then the audience."""
    names = (pair.spec.name, pair.audience.name)
    erased = {"entity": "people", "key_hash": "h", "erased_at": _NOW}
    yield Step("insert", (_GIVEN["erasures"], ledger.ERASURES, [erased]), writes=ledger.ERASURES)
    yield Step("note_erasure", (_GIVEN["erasures"], "people", "h", "{}"), writes=ledger.ERASURES)
    yield Step("find_erasure", (_GIVEN["erasures"], "people", "h"))
    yield Step("count_erasures", (_GIVEN["erasures"], "people"))
    if pair.entity.aliases is not None:
        yield Step("keys_of", (f"{_REF}{aliases_model(pair.entity.name)}", "1"))
    among = {"destination": [pair.spec.name]}
    yield Step("count_keys", (_GIVEN["state"], "entity_key", ["1", "it's"], among))
    yield Step("delete_keys", (_GIVEN["state"], "entity_key", ["1"], among), writes=ledger.STATE)
    changes = {"remote_name": "other", "updated_at": _NOW}
    yield Step("update_audience", (_GIVEN["audiences"], *names, changes), writes=ledger.AUDIENCES)
    yield Step("forget_state", (_GIVEN["state"], *names), writes=ledger.STATE)
    yield Step("delete_audience", (_GIVEN["audiences"], *names), writes=ledger.AUDIENCES)
    yield Step("delete_run", (f"{_REF}{ledger.RUNS}", "first"), writes=ledger.RUNS)
    plan = f"{ledger.PLAN}first"  # it lacks a column of another table
    yield Step("add_column", (f"{_REF}{plan}", ledger.REJECTS, "for_good"), writes=plan)
    yield Step("drop", (f"{_REF}{plan}",), writes=plan)
