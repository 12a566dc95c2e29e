"""What a sync would do, without doing it."""

from __future__ import annotations

import pytest

from dbt_muster.destinations.base import DestinationSettings
from tests.unit.delivery.kit import IdentifierPlatform, KeyedPlatform, Scene, people


def test_a_dry_run_shows_the_plan_and_leaves_no_trace() -> None:
    scene = Scene()
    scene.set(people(4))
    before = scene.warehouse.tables()
    report = scene.plan()
    assert (report.status, report.adds, report.members, report.sent) == ("planned", 4, 4, 0)
    assert scene.warehouse.tables() == before
    assert scene.platform.batches == []


def test_a_dry_run_after_a_sync_counts_the_difference_and_leaves_no_trace() -> None:
    scene = Scene()
    scene.set(people(4))
    scene.sync()
    runs = scene.runs()
    scene.set(people(5), members={1, 2, 4})
    report = scene.plan()
    assert (report.adds, report.removes) == (1, 2)
    assert scene.runs() == runs


@pytest.mark.parametrize("platform", [KeyedPlatform, IdentifierPlatform])
def test_a_dry_run_says_what_a_sync_of_everything_would_send_and_why(platform: type[KeyedPlatform]) -> None:
    scene = Scene(platform(), match_on=("email",))
    scene.set(people(5))
    assert (scene.plan().planned, scene.plan().resync) == (5, "first run")
    scene.sync()
    assert (scene.plan().planned, scene.plan().resync) == (0, None)
    planned = scene.plan(anew=True)
    report = scene.sync(anew=True)
    assert (planned.planned, planned.adds, planned.resync) == (5, 5, "asked for")
    assert (report.sent, report.adds, report.resync) == (5, 5, "asked for")
    scene.platform.settings = DestinationSettings(mode="full")
    assert (scene.plan().planned, scene.plan().resync) == (5, "mode: full")
