"""Audiences that end at a platform, where something goes wrong with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.destinations.stage import Stage, people, set_secrets
from tests.destinations.standins import faults
from tests.destinations.standins.base import Call, StandIn
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn
from tests.destinations.standins.klaviyo import KlaviyoStandIn
from tests.destinations.standins.linkedin import LinkedInStandIn
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.standins.snapchat import SnapchatStandIn

pytestmark = pytest.mark.xdist_group("conformance")


def test_an_audience_is_not_forgotten_while_the_platform_refuses_to_take_somebody_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_secrets(LinkedInStandIn, monkeypatch)
    with LinkedInStandIn().running() as stand_in:
        stage = Stage(stand_in, options={"on_delete": "empty"})
        stage.fill(people(range(3)))
        stage.sync()
        ending = replace(stage.pair(), ending="empty")
        stand_in.refuses = {stage.sent("email", people([1])[1])}
        report = stage.engine().sync(ending)
        assert (report.status, report.rejected) == ("failed", 1)
        assert "1 member was not taken out" in str(report.reason)
        stand_in.refuses = set()
        assert stage.engine().sync(ending).status == "applied"
        assert stage.held() == set()
    assert stand_in.violations == []


@pytest.mark.parametrize("kind", [KlaviyoStandIn, LinkedInStandIn, SnapchatStandIn])
def test_an_audience_whose_deletion_never_reached_the_platform_is_deleted_by_the_next_sync(
    kind: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(kind, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with kind().running() as stand_in:
        stage = Stage(stand_in, options={"on_delete": "delete"})
        stage.fill(people(range(3)))
        assert stage.sync().status == "applied"
        ending = replace(stage.pair(), ending="delete")

        def deletes(at: StandIn, call: Call) -> bool:
            return call.method == "DELETE" and not at.is_write(call)

        stand_in.faults = [faults.first(1, deletes, faults.not_found)]
        report = stage.engine().sync(ending)
        assert (report.status, stage.held()) == ("failed", set())
        assert "the audience is still there" in str(report.reason)
        assert stage.engine().sync(ending).status == "applied"
        assert stand_in.audience_ids() == []
    assert stand_in.violations == []


@pytest.mark.parametrize("kind", [MetaCustomAudiencesStandIn, GoogleDataManagerStandIn])
def test_an_audience_that_is_replaced_as_a_whole_ends_though_it_is_gone(
    kind: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(kind, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with kind().running() as stand_in:
        stage = Stage(stand_in, options={"on_delete": "empty"}, settings={"mode": "full"})
        stage.fill(people(range(3)))
        assert stage.sync().status == "applied"
        stand_in.lose(stand_in.audience_ids()[0])
        assert stage.engine().sync(replace(stage.pair(), ending="empty")).status == "applied"
        assert stage.warehouse.rows("select * from muster_sync_audiences") == []
    assert stand_in.violations == []


def test_who_arrived_in_a_replacement_that_failed_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(MicrosoftAdvertisingStandIn, monkeypatch)
    with MicrosoftAdvertisingStandIn().running() as stand_in:
        stage = Stage(stand_in, settings={"mode": "full", "batch_size": 1})
        stage.fill(people(range(3)))
        written: list[Call] = []

        def after_the_second(_stand_in: StandIn, call: Call) -> bool:
            written.extend([call] if stand_in.is_write(call) else [])
            return len(written) > 2

        stand_in.faults = [faults.first(99, after_the_second, faults.server_error)]
        assert stage.sync().status == "failed"
        assert len(stage.held()) == 2
        stand_in.faults = []
        pair, engine = stage.pair(), stage.engine()
        for key in ("0", "1", "2"):
            eraser = engine.eraser(pair.entity, [])
            assert eraser.erase(key, [pair], lambda key, pair: engine.sync(pair, only=key)).complete
        assert stage.held() == set()
    assert stand_in.violations == []


@pytest.mark.parametrize("kind", [SnapchatStandIn, BrazeStandIn])
def test_an_audience_that_was_only_added_to_is_emptied_when_it_ends(
    kind: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(kind, monkeypatch)
    with kind().running() as stand_in:
        stage = Stage(stand_in, options={"on_delete": "empty"}, settings={"mode": "add_only"})
        stage.fill(people(range(3)))
        stage.sync()
        stage.fill(people(range(1)), others=people(range(1, 3)))
        stage.sync()
        assert stage.engine().sync(replace(stage.pair(), ending="empty")).status == "applied"
        assert stage.held() == set()
    assert stand_in.violations == []
