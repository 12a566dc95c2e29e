"""`muster sync` as a person calls it: what it prints, where it leaves traces, its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from dbt_muster.cli.main import group
from dbt_muster.errors import MusterError
from dbt_muster.specs import load
from tests.destinations.replay import replay
from tests.end_to_end.commands import Run
from tests.end_to_end.crm import Crm
from tests.end_to_end.shop import Shop

Sync = Callable[..., Result]


@pytest.fixture
def sync(run: Run) -> Sync:
    return partial(run, "sync")


def pairs(result: Result) -> dict[str, Any]:
    return {pair["destination"]: pair for pair in json.loads(result.stdout)["pairs"]}


def test_a_sync_delivers_to_every_destination_and_says_how_much(sync: Sync, shop: Shop, crm: Crm) -> None:
    result = sync("--output", "json")
    assert result.exit_code == 0, result.output
    sent = pairs(result)
    assert sent["crm"]["accepted"] == sent["crm"]["adds"] == len(shop.members)
    assert sent["exports"]["withheld"] > 0
    assert sent["exports"]["unmatchable"] > 0
    assert crm.held == shop.expected_at_crm()
    assert replay(shop.folder / "exports", "fans") == shop.expected_at_exports()


def test_a_model_that_dbt_does_not_know_is_told_with_the_sync_that_needs_it(sync: Sync, shop: Shop) -> None:
    path = shop.folder / "audience_specs/audiences/fans.yml"
    path.write_text(path.read_text().replace("to: crm", "to: crm, where: [{attribute: country, is: GB}]"))
    assert "fans:crm: dbt knows no model 'muster_where__customer__" in str(sync().exception)


def test_a_spec_that_dbt_has_not_read_since_it_changed_is_said_and_its_table_delivered(
    sync: Sync, shop: Shop, crm: Crm
) -> None:
    manifest = shop.folder / "target/manifest.json"
    content = json.loads(manifest.read_text())
    digest = load(shop.folder).audiences["fans"].digest
    content["nodes"]["model.shop.fans"]["config"] = {"meta": {"muster": {"digest": digest}}}
    manifest.write_text(json.dumps(content))
    assert "spec has changed" not in sync("--dry-run").stderr
    path = shop.folder / "audience_specs/audiences/fans.yml"
    path.write_text(path.read_text().replace("is: GB", "is: IE"))
    for arguments in (["--dry-run"], []):
        result = sync(*arguments)
        assert result.exit_code == 0
        assert result.stderr.count("fans: its spec has changed since dbt last read it") == 1
    assert crm.held == shop.expected_at_crm()


def test_mistakes_that_keep_an_erasure_from_beginning_are_json_where_that_was_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_URL")
    result = run("erase", "customer", "1", "--output", "json")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert "CRM_URL is not set" in problem["message"]


def test_the_text_is_a_table_of_the_same_numbers(sync: Sync, shop: Shop) -> None:
    header, *lines = sync().output.splitlines()
    table, said = lines[:2], lines[2:]
    assert said == ["full resync (first run): fans:exports, fans:crm"]
    rows = [dict(zip(header.split(), line.split(), strict=True)) for line in table]
    assert {(row["audience"], row["status"]) for row in rows} == {("fans", "applied")}
    for row in rows:
        number = {name: int(row[name]) for name in ("members", "withheld", "unmatchable", "adds")}
        assert number["members"] == len(shop.members)
        assert number["adds"] == number["members"] - number["withheld"] - number["unmatchable"]
    withheld = {row["destination"]: int(row["withheld"]) for row in rows}
    assert withheld["crm"] == 0
    assert withheld["exports"] > 0


def test_a_dry_run_shows_the_same_plan_and_leaves_no_trace(sync: Sync, shop: Shop, crm: Crm) -> None:
    planned = pairs(sync("--dry-run", "--output", "json"))
    assert crm.batches == 0
    assert not (shop.folder / "exports").exists()
    with duckdb.connect(str(shop.warehouse)) as connection:
        assert connection.execute("select count(*) from duckdb_tables()").fetchone() == (2,)
    done = pairs(sync("--output", "json"))
    for destination, plan in planned.items():
        assert plan["status"] == "planned"
        for number in ("members", "adds", "changes", "removes", "unmatchable", "withheld"):
            assert plan[number] == done[destination][number]


def test_only_what_is_selected_is_delivered(sync: Sync, shop: Shop, crm: Crm) -> None:
    assert sync("--select", "fans:exports").exit_code == 0
    assert crm.batches == 0
    assert sync("--select", "tag:loyal", "--select", "fans:crm").exit_code == 0
    assert crm.held == shop.expected_at_crm()


def test_a_guard_ends_with_three_and_an_override_goes_through(sync: Sync, shop: Shop, crm: Crm) -> None:
    path = shop.folder / "audience_specs/destinations.yml"
    path.write_text(path.read_text() + "guard: {largest_change: 10%}\n")
    sync()
    before = dict(crm.held)
    shop.members = set(list(shop.members)[:5])
    shop.write()
    result = sync()
    assert result.exit_code == 3
    assert "and largest_change is 10%" in result.output
    assert crm.held == before
    assert sync("--dry-run", "--select", "fans:crm").exit_code == 3
    assert sync("--override", "the shop closes").exit_code == 0
    assert crm.held == shop.expected_at_crm()


def test_an_override_without_a_reason_is_refused(sync: Sync) -> None:
    assert sync("--override", " ").exit_code == 2


def test_one_destination_that_is_down_does_not_stop_the_others(
    sync: Sync, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", "http://127.0.0.1:9/")
    result = sync("--output", "json")
    assert result.exit_code == 1
    assert pairs(result)["exports"]["status"] == "applied"
    assert pairs(result)["crm"]["status"] == "failed"
    assert "no connection" in pairs(result)["crm"]["reason"]
    assert replay(shop.folder / "exports", "fans") == shop.expected_at_exports()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--select", "fnas"), "Did you mean 'fans'"), (("--target", "prod"), "it has: dev")],
)
def test_a_mistake_in_the_call_ends_with_two_before_anything_is_done(
    sync: Sync, crm: Crm, arguments: tuple[str, ...], words: str
) -> None:
    result = sync(*arguments)
    assert isinstance(result.exception, MusterError)
    assert result.exception.exit_code == 2
    assert words in str(result.exception)
    assert crm.batches == 0


def test_without_a_dbt_run_the_sync_says_what_to_do(sync: Sync, shop: Shop) -> None:
    (shop.folder / "target/manifest.json").unlink()
    assert "run `dbt run` first" in str(sync().exception)


def test_nothing_that_is_printed_or_written_down_names_a_person(sync: Sync, shop: Shop) -> None:
    printed = sync().output + sync("--output", "json").output
    assert "example.com" not in printed
    with duckdb.connect(str(shop.warehouse)) as connection:
        for table in ("muster_sync_runs", "muster_sync_batches"):
            assert "example.com" not in str(connection.execute(f"select * from {table}").fetchall())


def test_the_event_log_tells_of_every_pair_from_its_start_to_its_end(
    sync: Sync, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = shop.folder / "sync.jsonl"
    monkeypatch.setenv("MUSTER_LOG_FILE", str(log))
    report = pairs(sync("--output", "json"))
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["event"] for event in (events[0], events[-1])] == ["sync_started", "sync_finished"]
    for destination, pair in report.items():
        own = [event for event in events if event.get("destination") == destination]
        assert own[0]["event"] == "started"
        assert own[-1]["event"] == "finished"
        assert {event["run_id"] for event in own} == {pair["run_id"]}
        assert sum(event["rows"] for event in own if event["event"] == "batch") == pair["sent"]
        assert own[-1]["accepted"] == pair["accepted"]


def test_an_event_log_that_cannot_be_opened_stops_before_anything_is_sent(
    sync: Sync, shop: Shop, crm: Crm
) -> None:
    result = sync("--log-file", str(shop.folder / "no/such/folder/sync.jsonl"))
    assert isinstance(result.exception, MusterError)
    assert result.exception.exit_code == 2
    assert crm.batches == 0


@pytest.mark.parametrize("arguments", [("--wait", "soon"), ("--deadline", "10")])
def test_a_length_of_time_that_is_none_is_a_mistake_in_the_call(
    sync: Sync, crm: Crm, arguments: tuple[str, ...]
) -> None:
    result = sync(*arguments)
    assert result.exit_code == 2
    assert "is not a length of time, such as 90s" in result.output
    assert crm.batches == 0


def test_a_deadline_that_is_over_is_told_plainly_and_ends_with_one(sync: Sync, crm: Crm) -> None:
    result = sync("--deadline", "0s")
    assert result.exit_code == 1
    assert "fans:crm: the deadline of 0 seconds was reached: this was not begun" in result.output
    assert crm.batches == 0
    assert sync().exit_code == 0


def test_help_shows_examples_and_exit_codes() -> None:
    text = CliRunner().invoke(group, ["sync", "--help"]).output
    assert "muster sync --dry-run" in text
    assert "Exit codes" in text
