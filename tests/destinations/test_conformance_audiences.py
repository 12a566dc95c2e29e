"""What every platform has to do with the audience itself: made once, found again, lost, renamed, ended.

The scenes are of the same kind as those of test_conformance.py.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.destinations.stage import Stage, people
from tests.destinations.standins import faults

pytestmark = pytest.mark.xdist_group("conformance")


def test_an_audience_is_made_once_though_the_answer_was_lost(stage: Stage) -> None:
    if not stage.creates:
        pytest.skip("audiences are not made by calls here")
    stage.fill(people(range(2)))
    stage.stand_in.faults = [faults.first(1, faults.creations, faults.acts_and_hangs_up)]
    stage.sync()
    assert stage.sync().status == "applied"
    assert len(stage.stand_in.audience_ids()) == 1
    assert stage.is_exact()


def test_an_audience_that_was_made_before_a_death_is_found_again(stage: Stage) -> None:
    if not stage.creates:
        pytest.skip("audiences are not made by calls here")
    stage.fill(people(range(2)))
    stage.sync()
    stage.warehouse.connection.execute("delete from muster_sync_audiences")
    assert stage.sync().status == "applied"
    assert len(stage.stand_in.audience_ids()) == 1
    assert stage.is_exact()


def test_an_audience_that_the_platform_lost_is_made_anew_and_filled(stage: Stage) -> None:
    if not stage.creates or stage.stand_in.in_tags:
        pytest.skip("the members are in a tag here, which is nothing by itself")
    stage.fill(people(range(3)))
    stage.sync()
    stage.stand_in.lose(stage.stand_in.audience_ids()[0])
    assert stage.sync().status == "applied"
    assert stage.warehouse.rows("select resync from muster_sync_runs order by sequence desc limit 1") == [
        ("the platform lost the audience",)
    ]
    assert stage.is_exact()


@pytest.mark.parametrize("calls", [faults.writes, faults.anything], ids=lambda which: which.__name__)
@pytest.mark.parametrize("times", [1, 99])
def test_an_audience_that_seemed_lost_and_is_not_loses_nobody_and_keeps_nobody(
    stage: Stage, calls: faults.Which, times: int
) -> None:
    stage.fill(people(range(3)))
    stage.sync()
    stage.fill(people(range(1, 4)), others=people(range(1)))
    stage.stand_in.faults = [faults.first(times, calls, faults.not_found)]
    stage.sync()
    stage.stand_in.faults = []
    assert stage.sync().status == "applied"
    assert stage.is_exact()
    report = stage.sync()
    assert (report.status, report.sent) == ("applied", 0)


def test_what_arrived_before_an_audience_seemed_lost_is_taken_out_again(stage: Stage) -> None:
    stage.fill(people(range(1)))
    stage.sync()
    stage.fill(people(range(4)))
    stage.stand_in.faults = [
        faults.first(1, faults.writes, faults.acts_and_hangs_up),
        faults.first(99, faults.writes, faults.not_found),
    ]
    assert stage.sync().status == "failed"
    stage.stand_in.faults = []
    stage.fill(people(range(1)), others=people(range(1, 4)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_an_audience_that_ends_is_emptied_though_it_seemed_lost(stage: Stage) -> None:
    if not stage.creates:
        pytest.skip("audiences are not made by calls here")
    stage.options["on_delete"] = "empty"
    stage.fill(people(range(3)))
    stage.sync()
    ending = replace(stage.pair(), ending="empty")
    stage.stand_in.faults = [faults.first(99, faults.writes, faults.not_found)]
    assert stage.engine().sync(ending).status == "failed"
    stage.stand_in.faults = []
    assert stage.engine().sync(ending).status == "applied"
    assert stage.held() == set()


def test_another_name_is_no_other_audience(stage: Stage) -> None:
    stage.options["name"] = "Spring offer"
    stage.fill(people(range(2)))
    assert stage.sync().status == "applied"
    before = stage.stand_in.audience_ids()
    stage.options["name"] = "Autumn offer"
    stage.fill(people(range(1, 3)), others=people(range(1)))
    assert stage.sync().status == "applied"
    assert stage.stand_in.audience_ids() == before
    assert stage.is_exact()


def test_an_audience_that_is_no_longer_synced_is_deleted_where_its_spec_said_so(stage: Stage) -> None:
    stage.options["on_delete"] = "delete"
    stage.fill(people(range(3)))
    assert stage.sync().status == "applied"
    report = stage.engine().sync(replace(stage.pair(), ending="delete"))
    assert (report.status, report.reason, report.removes) == ("applied", None, 3)
    assert stage.held() == set()
    if stage.creates and not stage.stand_in.in_tags:
        assert stage.stand_in.audience_ids() == []


def test_who_is_erased_is_removed_and_nobody_else_is_touched(stage: Stage) -> None:
    stage.fill(people(range(3)))
    stage.sync()
    pair, engine = stage.pair(), stage.engine()
    eraser = engine.eraser(pair.entity, [])
    receipt = eraser.erase("1", [pair], lambda key, pair: engine.sync(pair, only=key))
    assert (receipt.complete, [each["status"] for each in receipt.destinations]) == (True, ["removed"])
    stage.members = people([0, 2])
    assert stage.is_exact()
    assert stage.sync().adds == 0
    assert stage.is_exact()


def test_another_audience_is_left_alone(stage: Stage) -> None:
    if not stage.creates or stage.stand_in.in_tags:
        pytest.skip("the members are in a tag here, which is nothing by itself")
    stage.fill(people(range(2)))
    stage.sync()
    first = stage.stand_in.audience_ids()
    stage.warehouse.relation = lambda name: f'"{name}"'  # type: ignore[method-assign]
    stage.warehouse.connection.execute("delete from muster_sync_audiences")
    stage.warehouse.connection.execute("delete from muster_sync_state")
    stage.sync()
    assert len(stage.stand_in.audience_ids()) == 2
    assert set(first) < set(stage.stand_in.audience_ids())
