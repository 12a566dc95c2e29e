"""`muster status` as a person calls it: what it prints, and its exit codes."""

from __future__ import annotations

import json

import duckdb
import pytest

from dbt_muster.delivery.processes import this_host
from tests.end_to_end.commands import Run
from tests.end_to_end.shop import Shop


def test_before_the_first_sync_everything_is_never_and_nothing_is_written(run: Run, shop: Shop) -> None:
    result = run("status")
    assert result.exit_code == 0
    assert [line.split()[:3] for line in result.output.splitlines()[1:]] == [
        ["fans", "crm", "never"],
        ["fans", "exports", "never"],
    ]
    with duckdb.connect(str(shop.warehouse)) as connection:
        assert connection.execute("select count(*) from duckdb_tables()").fetchone() == (2,)
    assert run("status", "--max-age", "24h").exit_code == 1


def test_it_needs_no_secret_of_a_destination(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("sync").exit_code == 0
    monkeypatch.delenv("CRM_URL")
    assert run("status", "--max-age", "24h").exit_code == 0


def test_the_numbers_are_those_of_the_sync(run: Run) -> None:
    pairs = json.loads(run("sync", "--output", "json").stdout)["pairs"]
    synced = {pair["destination"]: pair for pair in pairs}
    report = json.loads(run("status", "--output", "json").stdout)
    assert report["exit_code"] == 0
    for pair in report["pairs"]:
        same = synced[pair["destination"]]
        assert (pair["members"], pair["planned"], pair["sent"]) == (
            same["members"],
            same["adds"],
            same["sent"],
        )
        assert pair["quarantined"] == sum(same["quarantined"].values())
        assert (pair["accepted"], pair["rejected"]) == (same["accepted"], same["rejected"])


def test_a_failure_is_told_with_its_reason_and_exit_code_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", "http://127.0.0.1:9/")
    run("sync")
    result = run("status")
    assert result.exit_code == 1
    assert "fans:crm: " in result.output
    assert "no connection" in result.output


def test_a_run_that_died_is_said_to_be_settled_by_the_next_sync(run: Run, shop: Shop) -> None:
    assert run("sync").exit_code == 0
    with duckdb.connect(str(shop.warehouse)) as connection:
        connection.execute(
            "update muster_sync_runs set status = 'planned', finished_at = null, host = ?, process = '0:0' "
            "where destination = 'crm'",
            [this_host()],
        )
    result = run("status")
    assert result.exit_code == 1
    assert "fans:crm: the run died, and the next sync settles it" in result.output
    assert "fans:exports: " not in result.output


def test_a_disabled_audience_is_not_said_to_be_gone_from_the_specs(run: Run, shop: Shop) -> None:
    assert run("sync").exit_code == 0
    path = shop.folder / "audience_specs/audiences/fans.yml"
    text = path.read_text()
    path.write_text(text.replace("entity: customer", "entity: customer\nenabled: false"))
    assert "fans:crm: the audience is disabled in the specs" in run("status").output
    path.write_text(text.replace("  - {to: crm}\n", ""))
    assert "fans:crm: no longer in the specs" in run("status").output


def test_something_stale_is_told_and_a_block_ends_with_three(run: Run, shop: Shop) -> None:
    assert run("sync").exit_code == 0
    stale = run("status", "--max-age", "0s")
    assert stale.exit_code == 1
    assert "fans:crm: stale: nothing has gone through for less than a minute" in stale.output
    path = shop.folder / "audience_specs/destinations.yml"
    path.write_text(path.read_text() + "guard: {smallest_audience: 100000}\n")
    assert run("sync").exit_code == 3
    assert run("status").exit_code == 3
