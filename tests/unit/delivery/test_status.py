"""`muster status`: the last run of every pair, as the ledger has it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dbt_muster.delivery.ledger import now
from dbt_muster.delivery.status import PairStatus, read_status
from dbt_muster.destinations import Batch, BatchResult, Refusal, StoppedError
from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.specs.meaning import Guard
from tests.unit.delivery.kit import Person, Scene, other_audience
from tests.unit.delivery.test_interruptions import die

HOUR = timedelta(hours=1)
FANS = ("fans", "platform")


def scene(**changes: Any) -> Scene:
    made = Scene(**changes)
    made.set({key: Person(f"p{key}@example.com") for key in range(8)})
    return made


def statuses(made: Scene, *wanted: tuple[str, str]) -> list[PairStatus]:
    return read_status(made.warehouse, made.renderer, wanted or (FANS,), now())


def test_what_was_never_synced_is_never_and_stale_as_soon_as_an_age_is_asked_for() -> None:
    (status,) = statuses(scene())
    assert (status.status, status.at, status.run_id) == ("never", None, None)
    assert status.is_stale(HOUR, now())
    assert not status.is_stale(None, now())
    assert not status.failed


def test_the_last_run_has_its_four_numbers() -> None:
    made = scene()

    def answer(batch: Batch) -> BatchResult:
        return BatchResult([Refusal(0, "too young")]) if batch.number == 1 else BatchResult()

    made.platform.answer = answer
    report = made.sync()
    (status,) = statuses(made)
    assert (status.status, status.run_id) == ("applied", report.run_id)
    assert (status.members, status.planned, status.sent, status.accepted, status.rejected) == (8, 8, 8, 7, 1)
    assert not status.is_stale(HOUR, now())
    assert status.is_stale(HOUR, now() + 2 * HOUR)


def test_of_a_run_that_stopped_only_what_was_tried_counts_as_sent() -> None:
    made = scene()

    def answer(batch: Batch) -> BatchResult:
        if batch.number == 2:
            raise StoppedError("the login is wrong")
        return BatchResult()

    made.platform.answer = answer
    made.sync()
    (status,) = statuses(made)
    assert status.failed
    assert (status.planned, status.sent, status.accepted) == (8, 6, 3)
    assert status.reason == "the login is wrong"
    assert status.applied_at is None


def test_a_failure_after_a_success_keeps_when_it_last_went_through() -> None:
    made = scene()
    made.sync()
    made.warehouse.set_members({1})
    made.platform.answer = lambda _: (_ for _ in ()).throw(StoppedError("no"))
    made.sync()
    (status,) = statuses(made)
    assert (status.status, status.members) == ("failed", 1)
    assert status.applied_at is not None
    assert status.size_before == 8


def test_a_run_that_went_through_in_spite_of_a_guard_says_so_and_why() -> None:
    made = scene(guard=Guard(smallest_audience=100))
    made.sync(override="a new market")
    (status,) = statuses(made)
    assert status.status == "applied"
    assert status.reason == (
        "was sent although the audience has 8 members that can be delivered, and smallest_audience is 100 "
        "(--override: a new market)"
    )


def test_what_a_run_of_mode_full_had_to_send_is_everybody() -> None:
    made = scene()
    made.sync()
    made.platform.settings = DestinationSettings(mode="full")
    made.warehouse.set_members({1, 2, 3})
    report = made.sync()
    (status,) = statuses(made)
    assert (report.planned, report.sent, report.removes) == (3, 3, 5)
    assert (status.planned, status.sent) == (3, 3)


def test_a_blocked_run_says_which_guard_and_what_was_planned() -> None:
    made = scene(guard=Guard(smallest_audience=100))
    made.sync()
    (status,) = statuses(made)
    assert (status.status, status.planned, status.sent) == ("blocked", 8, 0)
    assert "smallest_audience is 100" in str(status.reason)
    assert not status.failed


def test_a_run_that_died_is_interrupted_and_failed() -> None:
    made = scene()
    assert die(made, 40) is not None
    (status,) = statuses(made)
    assert (status.status, status.failed) == ("interrupted", True)


def test_a_run_elsewhere_that_lives_is_running_and_has_not_failed() -> None:
    made = scene()
    made.sync()
    made.warehouse.connection.execute(
        "update muster_sync_runs set status = 'planned', finished_at = null, "
        "host = 'elsewhere', heartbeat_at = ?",
        [now()],
    )
    (status,) = statuses(made)
    assert (status.status, status.failed) == ("running", False)


def test_pairs_are_those_of_the_specs_and_those_of_the_ledger_in_the_order_of_their_names() -> None:
    made = scene()
    made.sync()
    made.warehouse.connection.execute("create table gone as from fans")
    made.sync(pair=other_audience(made.pair(), "gone"))
    found = statuses(made, FANS, ("fans", "another"))
    assert [(each.name, each.status, each.in_specs) for each in found] == [
        ("fans:another", "never", True),
        ("fans:platform", "applied", True),
        ("gone:platform", "applied", False),
    ]
    assert not replace(found[-1], status="failed").failed
    assert not found[-1].is_stale(timedelta(0), now() + HOUR)


@pytest.mark.parametrize("runs", [2, 4])
def test_the_size_before_is_that_of_the_run_before_the_last_that_went_through(runs: int) -> None:
    made = scene()
    for size in range(1, runs + 1):
        made.warehouse.set_members(set(range(size)))
        made.sync()
    (status,) = statuses(made)
    assert (status.members, status.size_before) == (runs, runs - 1)


def test_as_json_instants_are_in_utc_and_no_member_is_named() -> None:
    made = scene()
    made.sync()
    text = json.dumps([each.to_dict() for each in statuses(made)])
    assert json.loads(text)[0]["applied_at"].endswith("Z")
    assert "example.com" not in text
