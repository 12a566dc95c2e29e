"""Events of a sync, its deadline, and the event log."""

from __future__ import annotations

import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, get_args

import click
import pytest

from dbt_muster.cli.lengths import length as read_length
from dbt_muster.delivery import jobs
from dbt_muster.delivery.event_log import EventLog
from dbt_muster.delivery.watching import Deadline, DeadlineError, Event, EventName, Watch
from dbt_muster.destinations import Batch, BatchResult, Capabilities, Refusal, RefusedError
from dbt_muster.errors import UsageError
from dbt_muster.specs.meaning import Guard
from tests.unit.delivery.kit import KeyedPlatform, Person, Scene


class Clock:
    """Stands still but for what it is moved by."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def watched(**changes: object) -> tuple[Scene, list[Event]]:
    events: list[Event] = []
    scene = Scene(watch=Watch(events.append), **changes)  # type: ignore[arg-type]
    scene.set({key: Person(f"p{key}@example.com") for key in range(8)})
    return scene, events


def timed_out_after(batches: int) -> tuple[Scene, Clock]:
    """A scene whose hour is over once so many batches have been sent; eight people make three batches."""
    clock = Clock()
    scene = Scene(watch=Watch(deadline=Deadline(timedelta(hours=1), clock)))
    scene.set({key: Person(f"p{key}@example.com") for key in range(8)})

    def answer(batch: Batch) -> BatchResult:
        if batch.number == batches:
            clock.seconds += 3600.0
        return BatchResult()

    scene.platform.answer = answer
    return scene, clock


def test_every_step_is_told_in_its_order_with_counts_alone() -> None:
    scene, events = watched()
    run_id = scene.sync().run_id
    assert [event.name for event in events] == ["started", "planned", "batch", "batch", "batch", "finished"]
    assert {event.run_id for event in events} == {run_id}
    planned, last = events[1], events[-1]
    assert (planned.values["adds"], planned.values["batches"], planned.values["rows"]) == (8, 3, 8)
    assert [event.values["sent"] for event in events[2:5]] == [3, 6, 8]
    assert (last.values["status"], last.values["accepted"]) == ("applied", 8)
    assert "example.com" not in json.dumps([event.to_dict() for event in events])


def test_where_there_is_nothing_to_send_no_batches_are_told() -> None:
    scene, events = watched(match_on=("email",))
    scene.set({1: Person("p1@example.com"), 2: Person("no address")})
    scene.sync()
    events.clear()
    scene.sync()
    (planned,) = [event for event in events if event.name == "planned"]
    assert (planned.values["batches"], planned.values["rows"], planned.values["unmatchable"]) == (0, 0, 1)


def test_batches_that_go_wrong_are_told_with_their_status_and_what_was_rejected() -> None:
    scene, events = watched()

    def answer(batch: Batch) -> BatchResult:
        if batch.number == 1:
            raise RefusedError("no")
        if batch.number == 2:
            return BatchResult([Refusal(0, "too young")], attempts=4)
        raise RuntimeError(batch.records[0].identifiers["email"])

    scene.platform.answer = answer
    scene.sync()
    told = [event.values for event in events if event.name == "batch"]
    assert [(batch["status"], batch["rejected"], batch["error"]) for batch in told] == [
        ("failed", 0, "no"),
        ("acknowledged", 1, None),
        ("unknown", 0, "RuntimeError"),
    ]
    assert told[1]["attempts"] == 4
    assert "example.com" not in json.dumps([event.to_dict() for event in events])


def test_a_run_that_a_guard_blocks_tells_of_its_end_and_of_no_batch() -> None:
    scene, events = watched(guard=Guard(smallest_audience=100))
    scene.sync()
    assert [event.name for event in events] == ["started", "finished"]
    assert events[-1].values["status"] == "blocked"


def test_a_dead_run_that_is_settled_is_told_of() -> None:
    from tests.unit.delivery.test_interruptions import die

    scene, events = watched()
    assert die(scene, 40) is not None
    events.clear()
    scene.sync()
    assert "settled" in [event.name for event in events]


@pytest.mark.parametrize("batches", [1, 2])
def test_when_the_deadline_is_reached_the_rest_is_sent_by_the_next_sync(batches: int) -> None:
    scene, clock = timed_out_after(batches)
    report = scene.sync()
    assert report.status == "failed"
    assert f"the deadline of 1 hour was reached: {batches} of 3 batches were sent" in str(report.reason)
    assert len(scene.platform.batches) == batches
    assert report.accepted == batches * 3
    assert scene.warehouse.rows("select count(*) from muster_sync_runs where finished_at is null") == [(0,)]
    clock.seconds = -7200.0
    again = scene.sync()
    assert (again.status, again.adds, again.resent) == ("applied", 8 - batches * 3, 0)
    asked = scene.sync(anew=True)
    assert (asked.adds, asked.resent) == (8, 8)
    assert len(scene.platform.held) == 8


class TwoAtOnce(KeyedPlatform):
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="entity_key", batch_size=3, concurrency=2, creates=False
    )


def test_calls_that_are_under_way_when_the_deadline_is_reached_are_waited_for() -> None:
    clock = Clock()
    scene = Scene(platform=TwoAtOnce(), watch=Watch(deadline=Deadline(timedelta(hours=1), clock)))
    scene.set({key: Person(f"p{key}@example.com") for key in range(30)})

    def answer(batch: Batch) -> BatchResult:
        clock.seconds = 3600.0
        return BatchResult()

    scene.platform.answer = answer
    report = scene.sync()
    sent = len(scene.platform.batches)
    assert 1 <= sent <= 2
    assert f"{sent} of 10 batches were sent" in str(report.reason)
    assert report.accepted == sent * 3
    scene.platform.answer = lambda _: BatchResult()
    clock.seconds = 0.0
    assert scene.sync().status == "applied"
    assert len(scene.platform.held) == 30


def test_a_job_that_outlasts_the_deadline_is_left_to_the_next_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    class Waiting:
        def open_jobs(self, _run_id: str) -> list[tuple[int, str]]:
            return [(1, "job-1"), (2, "job-2")]

        def keep(self) -> None:
            return

    monkeypatch.setattr(jobs, "_is_through", lambda *_: False)
    waiting: Any = Waiting()
    run: Any = SimpleNamespace(id="r1")
    with pytest.raises(DeadlineError, match="still working on 2 batches that it took"):
        jobs.finish_jobs(waiting, waiting, run, waiting, Deadline(timedelta(0)))


def test_a_deadline_that_passes_with_the_last_batch_fails_nothing() -> None:
    scene, _ = timed_out_after(3)
    assert scene.sync().status == "applied"


def test_what_the_deadline_leaves_no_time_for_is_not_begun_and_said_so() -> None:
    scene, clock = timed_out_after(9)
    clock.seconds = 3600.0
    report = scene.sync()
    assert report.status == "failed"
    assert "this was not begun, and the next sync does it" in str(report.reason)
    assert "not begun, and the next sync with --anew does it" in str(scene.sync(anew=True).reason)
    assert not scene.warehouse.tables() & {"muster_sync_runs"}


def test_without_a_deadline_there_is_always_time() -> None:
    Deadline().check("x")
    assert Deadline().left is None
    with pytest.raises(DeadlineError, match="deadline of 0 seconds"):
        Deadline(timedelta(0)).check("x")


def test_the_event_log_has_one_object_a_line_and_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "sync.jsonl"
    for _ in range(2):
        with EventLog(str(path)) as log:
            log.write(Event("sync_started", values={"pairs": 1}))
            log.write(Event("batch", "fans", "crm", "r1", {"rows": 3}))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["sync_started", "batch"] * 2
    time = lines[1].pop("time")
    assert time.endswith("Z")
    assert lines[1] == {
        "event": "batch",
        "run_id": "r1",
        "audience": "fans",
        "destination": "crm",
        "rows": 3,
    }


def test_a_dash_writes_events_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with EventLog("-") as log:
        log.write(Event("sync_started"))
    assert json.loads(capsys.readouterr().err)["event"] == "sync_started"
    assert not sys.stderr.closed


def test_an_event_log_that_cannot_be_opened_is_a_mistake_in_the_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        EventLog(str(tmp_path / "no" / "such" / "folder"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_that_is_full_ends_the_event_log_and_not_the_sync(capsys: pytest.CaptureFixture[str]) -> None:
    with EventLog("/dev/full") as log:
        scene = Scene(watch=Watch(log.write))
        scene.set({1: Person("ann@example.com")})
        assert scene.sync().status == "applied"
    assert capsys.readouterr().err.count("The event log cannot be written to any more") == 1


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(minutes=90)),
        ("24 hours", timedelta(days=1)),
        ("7 Days", timedelta(days=7)),
        ("0s", timedelta(0)),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, length: timedelta) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "10 months", "1h later", "9" * 60 + "s"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a length of time"):
        read_length(text)


def documented_events() -> dict[str, set[str]]:
    """What docs/watching.md says that each event has."""
    page = (Path(__file__).parents[3] / "docs/watching.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in page.splitlines() if line.startswith("| `")]
    known = {
        name: set(re.findall(r"`(\w+)`", values))
        for names, _, values in (row for row in rows if len(row) == 3)
        for name in re.findall(r"`(\w+)`", names)
    }
    return {name: known[name] for name in get_args(EventName)}


def test_the_page_has_every_event_and_all_that_it_holds() -> None:
    from tests.unit.delivery.test_interruptions import die

    known = documented_events()
    scene, events = watched()
    assert die(scene, 40) is not None
    scene.sync()
    assert {event.name for event in events} == {"started", "settled", "planned", "batch", "finished"}
    for event in events:
        assert set(event.values) == known[event.name]
