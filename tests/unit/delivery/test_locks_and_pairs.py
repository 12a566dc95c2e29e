"""One run at a time, dead runs taken over, pairs selected."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.delivery import select_pairs
from dbt_muster.delivery.processes import LEASE, is_alive, this_host, this_process
from dbt_muster.errors import UsageError
from dbt_muster.specs.meaning import Audience, Destination, Guard, Project, Sync
from tests.unit.delivery.kit import HERE, Person, Scene, audience, entity

NOW = datetime(2026, 11, 23, 12)


def scene_with_another_run(host: str, process: str, age: timedelta) -> Scene:
    scene = Scene()
    scene.set({1: Person("ann@example.com")})
    scene.sync()
    scene.warehouse.connection.execute(
        "insert into muster_sync_runs (run_id, destination, audience, sequence, mode, status, started_at, "
        "heartbeat_at, host, process) values ('other', 'platform', 'fans', 2, 'delta', 'running', "
        "now()::timestamp - ?, now()::timestamp - ?, ?, ?)",
        [age, age, host, process],
    )
    return scene


def test_a_run_that_lives_on_another_machine_is_waited_for() -> None:
    scene = scene_with_another_run("elsewhere", "12", timedelta(minutes=1))
    scene.set({}, members=set())
    report = scene.sync()
    assert report.status == "failed"
    assert str(report.reason).startswith("another sync is running (process 12 on elsewhere")
    assert set(scene.platform.held) == {"1"}
    assert len(scene.runs()) == 2


def test_a_run_elsewhere_that_gave_no_sign_of_life_for_long_is_taken_over() -> None:
    scene = scene_with_another_run("elsewhere", "12", LEASE + timedelta(hours=24))
    assert scene.sync().status == "applied"
    assert [status for _, status, _ in scene.runs()] == ["applied", "interrupted", "applied"]


def test_a_run_of_a_process_of_this_machine_that_is_gone_is_taken_over_at_once() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    scene = scene_with_another_run(this_host(), f"{process.pid}:1", timedelta(seconds=1))
    assert scene.sync().status == "applied"


def test_a_run_of_a_process_of_this_machine_that_lives_is_waited_for() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        started = Path(f"/proc/{process.pid}/stat")
        mark = started.read_text().rpartition(")")[2].split()[19] if started.exists() else ""
        scene = scene_with_another_run(this_host(), f"{process.pid}:{mark}", timedelta(days=3))
        assert scene.sync().status == "failed"
        process.communicate(b"\n")


def test_a_number_that_another_process_has_by_now_does_not_keep_a_run_alive() -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system does not tell when a process started")
    assert not is_alive(this_host(), f"{os.getppid()}:1", NOW, NOW)


def test_an_unfinished_run_of_this_very_process_is_dead() -> None:
    assert not is_alive(this_host(), this_process(), NOW, NOW)


def project() -> Project:
    syncs = (Sync("exports", (), {}, HERE), Sync("crm", ("email",), {}, HERE))
    fans = replace(audience(syncs[0]), syncs=syncs)
    return Project(
        root=Path(),
        entities={"customer": entity()},
        audiences={
            "fans": fans,
            "foes": replace(fans, name="foes", tags=("hate",)),
            "gone": replace(fans, name="gone", enabled=False),
            "quiet": replace(fans, name="quiet", syncs=()),
        },
        destinations={
            "exports": Destination("exports", "files", None, Guard(), {"path": "x"}, HERE),
            "crm": Destination("crm", "webhook", "ads", Guard(), {"url": "https://example.com"}, HERE),
        },
    )


def names(*selectors: str) -> list[str]:
    return [pair.name for pair in select_pairs(project(), selectors, root=Path())]


def test_without_a_selector_every_enabled_audience_goes_everywhere_it_says() -> None:
    assert names() == ["fans:exports", "fans:crm", "foes:exports", "foes:crm"]


def test_selectors_name_audiences_pairs_and_tags_and_add_up() -> None:
    assert names("fans") == ["fans:exports", "fans:crm"]
    assert names("fans:crm", "tag:hate") == ["fans:crm", "foes:exports", "foes:crm"]


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("fnas", "'fans'"),
        ("fans:crn", "'fans:crm'"),
        ("fans:zulu", "'fans' is synced to exports, crm"),
        ("tag:hat", "'tag:hate'"),
        ("gone", "no enabled audience"),
    ],
)
def test_a_selector_that_matches_nothing_is_an_error_with_the_nearest_name(selector: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        names(selector)


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("gone", "'gone' is disabled"),
        ("gone:crm", "'gone' is disabled"),
        ("quiet", "'quiet' has no `sync:`"),
        ("quiet:crm", "'quiet' has no `sync:`"),
    ],
)
def test_an_audience_that_is_there_and_not_synced_is_told_why_and_not_another_one(
    selector: str, why: str
) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        names(selector)
    assert "Did you mean" not in str(caught.value)


def changed(destination: str = "crm", match_on: tuple[str, ...] = (), **changes: Any) -> Project:
    base = project()
    spec = replace(base.destinations[destination], **changes)
    fans: Audience = replace(base.audiences["fans"], syncs=(Sync(destination, match_on, {}, HERE),))
    return replace(base, audiences={"fans": fans}, destinations={destination: spec})


def test_consent_that_the_entity_does_not_declare_is_an_error() -> None:
    with pytest.raises(UsageError, match="does not declare"):
        select_pairs(changed(consent="email"), root=Path())


def test_an_identifier_that_the_entity_does_not_have_is_an_error() -> None:
    expected = r"no identifier 'fax'\n(.*\n)*.*expected one of `email`, `external_id`, `phone`"
    with pytest.raises(UsageError, match=expected):
        select_pairs(changed(match_on=("fax",)), root=Path())
