"""Work that a platform does later: what a run makes of jobs that cannot be asked about, or that fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.destinations.stage import Stage, people, set_secrets
from tests.destinations.standins import faults
from tests.destinations.standins.base import Answer, Call, Fault, StandIn
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn
from tests.destinations.standins.klaviyo import KlaviyoStandIn

pytestmark = pytest.mark.xdist_group("conformance")


@pytest.fixture
def klaviyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[KlaviyoStandIn]:
    set_secrets(KlaviyoStandIn, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    stand_in = KlaviyoStandIn()
    with stand_in.running():
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleDataManagerStandIn]:
    set_secrets(GoogleDataManagerStandIn, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    stand_in = GoogleDataManagerStandIn()
    with stand_in.running():
        yield stand_in
    assert stand_in.violations == []


def _asks_about_a_job(stand_in: StandIn, call: Call) -> bool:
    return stand_in.asks_about_a_job(call)


@pytest.mark.parametrize("fault", [faults.server_error, faults.hangs_up, faults.throttled])
def test_a_job_that_cannot_be_asked_about_stays_open_for_the_next_sync(
    klaviyo: KlaviyoStandIn, fault: Fault
) -> None:
    stage = Stage(klaviyo)
    stage.fill(people(range(3)))
    klaviyo.faults = [faults.first(50, _asks_about_a_job, fault)]
    report = stage.sync()
    assert (report.status, report.accepted) == ("failed", 0)
    assert "gave no good answer" in str(report.reason)
    klaviyo.faults = []
    before = stage.writes()
    assert stage.sync().status == "applied"
    assert (stage.writes(), stage.is_exact()) == (before, True), "nobody is sent twice"


def test_a_run_is_failed_whose_job_was_cancelled_and_the_next_one_sends_its_members_again(
    klaviyo: KlaviyoStandIn,
) -> None:
    stage = Stage(klaviyo)
    stage.fill(people(range(3)))
    klaviyo.cancels = True
    report = stage.sync()
    assert (report.status, report.accepted) == ("failed", 0)
    assert "cancelled" in str(report.reason)
    klaviyo.cancels = False
    report = stage.sync()
    assert (report.status, report.sent, stage.is_exact()) == ("applied", 3, True)


@pytest.mark.parametrize("fault", [faults.job_fails, faults.job_is_forgotten])
@pytest.mark.parametrize("platform", ["klaviyo", "google"])
def test_what_a_job_did_before_its_end_is_taken_back_where_it_is_no_longer_wanted(
    platform: str, fault: Fault, request: pytest.FixtureRequest
) -> None:
    stage = Stage(request.getfixturevalue(platform))
    stage.fill(people(range(4)))
    stage.stand_in.faults = [faults.first(1, _asks_about_a_job, fault)]
    assert stage.sync().status == "failed"
    assert stage.held(), "half of it was done"
    stage.fill(people([9]), others=people(range(4)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_an_answer_without_any_state_is_not_the_end_of_a_job(google: GoogleDataManagerStandIn) -> None:
    stage = Stage(google)
    stage.fill(people(range(3)))
    google.faults = [faults.first(1, _asks_about_a_job, lambda *_: Answer(200, {}))]
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_a_job_that_an_earlier_run_left_adds_nobody_to_a_list_that_is_replaced(
    google: GoogleDataManagerStandIn,
) -> None:
    stage = Stage(google, settings={"mode": "full"})
    stage.fill(people(range(3)))
    google.faults = [faults.first(50, _asks_about_a_job, faults.server_error)]
    assert stage.sync().status == "failed"
    google.faults = []
    stage.fill(people(range(2, 4)), others=people(range(2)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()
