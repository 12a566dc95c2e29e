"""Every statement of a sync is SQL in every dialect, as a strict parser of that dialect reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlglot

from dbt_muster.delivery.phones import country_numbers
from dbt_muster.render import DIALECTS, Renderer
from tests.oracle.identifiers import RULES

NOW = datetime(2026, 11, 23, 12, 30, 1, 250)
HOSTILE = 'it\'s \\ "x" -- {{ y }};'


def identifiers() -> list[dict[str, Any]]:
    """Each rule once, one that is hashed already, and some of which a member may have several."""
    gb = country_numbers("GB")
    found: list[dict[str, Any]] = [
        {"name": rule, "rule": rule, "country": gb if rule == "phone" else None, "hash": rule != "text"}
        for rule in RULES
    ]
    found += [{"name": f"many.{most}", "rule": "email", "many": most, "hash": most > 1} for most in (1, 10)]
    found += [{"name": "hashed", "rule": "email", "hashed": True, "hash": True}]
    others = {"country": None, "hashed": False, "many": None}
    return [{**others, "source": "it's", "place": place, **one} for place, one in enumerate(found, 1)]


def request(keyed_by: str, *, snapshot: bool, add_only: bool) -> dict[str, Any]:
    return {
        "destination": "crm",
        "audience": "fans",
        "key": "customer id",
        "keyed_by": keyed_by,
        "consent": "ads",
        "variants": ["email", HOSTILE],
        "where": "sent_where",
        "holdout": True,
        "suppressed": "suppressed",
        "priorities": ["group one", "group two"],
        "identifiers": identifiers(),
        "needs_identifier": True,
        "batch_size": 1000,
        "snapshot": snapshot,
        "forgets": add_only,
        "removes_later": add_only,
        "add_only": add_only,
    }


def statements(renderer: Renderer) -> Iterator[str]:
    names = ("audience", "entity", "state", "batches", "rejects", "plan", "identifiers", "quarantine")
    tables = {name: f"shop.{name}s" for name in names}
    tables |= {
        name: f"shop.{name.replace(' ', '_')}"
        for name in ("suppressed", "sent_where", "group one", "group two")
    }
    for keyed_by in ("entity_key", "fingerprint"):
        for snapshot, add_only in ((False, False), (False, True), (True, False)):
            asked = request(keyed_by, snapshot=snapshot, add_only=add_only)
            yield renderer.call("muster_sync_create_plan", "shop.plan", asked, tables)
            unheld = {**tables, "state": ""}
            yield renderer.call(
                "muster_sync_plan_counts", f"({renderer.call('muster_sync_plan', asked, unheld)})"
            )
            yield renderer.call("muster_sync_membership_counts", asked, tables)
            yield renderer.call("muster_sync_held_count", asked, "shop.state")
        plain = request(keyed_by, snapshot=False, add_only=False)
        resting = {**plain, "nobody": True, "only_key": HOSTILE}
        for asked in ({**plain, "matched_otherwise": True}, resting):
            yield renderer.call("muster_sync_create_plan", "shop.plan", asked, tables)
        run = {"id": "r1", "destination": "crm", "audience": "fans", "keyed_by": keyed_by}
        yield renderer.call("muster_sync_apply_removals", run, tables)
        for macro in ("quarantine", "end_quarantine"):
            yield renderer.call(f"muster_sync_{macro}", run, tables)
        for macro in ("apply_additions", "doubt_held", "doubt_additions"):
            yield renderer.call(f"muster_sync_{macro}", run, tables, NOW)
    for name in ("state", "runs", "batches", "rejects", "audiences", "quarantine"):
        table = f"muster_sync_{name}"
        yield renderer.call("muster_sync_create_table", f"shop.{table}", table)
    row = {"run_id": "r1", "sequence": 3, "reason": HOSTILE, "started_at": NOW}
    yield renderer.call("muster_sync_insert", "shop.runs", "muster_sync_runs", [row, row])
    yield renderer.call(
        "muster_sync_update_run", "shop.runs", "r1", {"status": "applied", "finished_at": NOW}
    )
    yield renderer.call("muster_sync_delete_run", "shop.runs", "r1")
    for macro in ("open_runs", "history"):
        yield renderer.call(f"muster_sync_{macro}", "shop.runs", "crm", "fans")
    yield renderer.call("muster_sync_run_at", "shop.runs", "crm", "fans", 3)
    yield renderer.call("muster_sync_matched_otherwise", "shop.runs", "crm", "fans", "email,phone")
    yield renderer.call("muster_sync_run_is_open", "shop.runs", "r1")
    yield renderer.call("muster_sync_plan_batches", "shop.batches", "shop.plan", "r1", NOW)
    for unit in ("entity_key", "fingerprint"):
        yield renderer.call("muster_sync_read_batches", "shop.plan", unit, 1, 20)
        yield renderer.call("muster_sync_read_units", "shop.plan", unit, 1)
    for asked in (
        request("fingerprint", snapshot=False, add_only=False),
        request("entity_key", snapshot=True, add_only=False),
    ):
        yield renderer.call("muster_sync_read_identifiers", "shop.plan", asked, 1, 20)
    changes = {"status": "failed", "error": HOSTILE, "attempts": 2, "updated_at": NOW}
    yield renderer.call("muster_sync_mark_batches", "shop.batches", "r1", 1, 20, changes)
    yield renderer.call("muster_sync_settle_batches", "shop.batches", "r1", "acknowledged", NOW)
    yield renderer.call("muster_sync_open_jobs", "shop.batches", "r1")
    yield renderer.call("muster_sync_audience", "shop.audiences", "crm", "fans")
    yield renderer.call(
        "muster_sync_update_audience", "shop.audiences", "crm", "fans", {"remote_name": HOSTILE}
    )
    yield renderer.call("muster_sync_delete_audience", "shop.audiences", "crm", "fans")
    asked = request("fingerprint", snapshot=False, add_only=False)
    yield renderer.call("muster_sync_doubt_touched", "shop.state", "shop.plan", asked)
    yield renderer.call("muster_sync_forget_state", "shop.state", "crm", "fans")
    yield renderer.call("muster_sync_doubt_state", "shop.state", "crm", "fans")
    yield renderer.call("muster_sync_batch_counts", "shop.batches", "shop.rejects", "r1")
    yield renderer.call("muster_sync_refused_before", "shop.rejects", "r1", "crm", HOSTILE)
    sources = [{"entity": "customer", "source": HOSTILE}]
    newest = {"sizes": "shop.sizes", "event_sources": "shop.event_sources"}
    yield renderer.call("muster_sync_freshness", "fans", sources, newest)
    yield renderer.call("muster_sync_last_runs", "shop.runs")
    yield renderer.call("muster_sync_refusals_of", "shop.rejects", "r1", HOSTILE)
    yield renderer.call("muster_sync_sent_rows", "shop.batches", ["r1", HOSTILE])
    kept = {"state": "shop.state", "audiences": "shop.audiences"}
    for part in ("audiences", "people", "memberships"):
        yield renderer.call("muster_export_view", "shop.v", part, HOSTILE, ["email", "phone"], kept)
        yield renderer.call("muster_export_probe", "shop.v", part, ["email", "phone"])
    yield renderer.call("muster_export_drop", "shop.v")
    yield renderer.call("muster_sync_probe", "shop.state")
    yield renderer.call("muster_sync_drop", "shop.plan")


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_every_statement_of_a_sync_is_one_statement_of_the_dialect(dialect: str) -> None:
    for sql in statements(Renderer(dialect)):
        parsed = sqlglot.parse(sql, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
        assert len(parsed) == 1, sql
        assert not isinstance(parsed[0], sqlglot.exp.Command), sql
