"""Work that a platform does later: what a run makes of jobs that cannot be asked about, or that fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.destinations.stage import Stage, people, set_secrets
from tests.destinations.standins import faults
from tests.destinations.standins.base import Call, Fault, StandIn
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


def _asks_about_a_job(_stand_in: StandIn, call: Call) -> bool:
    return call.method == "GET" and "import-jobs/" in call.path


@pytest.mark.parametrize("fault", [faults.server_error, faults.hangs_up, faults.throttled])
def test_a_job_that_cannot_be_asked_about_stays_open_for_the_next_sync(
    klaviyo: KlaviyoStandIn, fault: Fault
) -> None:
    stage = Stage(klaviyo)
    stage.fill(people(range(3)))
    klaviyo.faults = [faults.first(50, _asks_about_a_job, fault)]
    report = stage.sync()
    assert (report.status, report.acknowledged) == ("failed", 0)
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
    assert (report.status, report.acknowledged) == ("failed", 0)
    assert "cancelled" in str(report.reason)
    klaviyo.cancels = False
    report = stage.sync()
    assert (report.status, report.sent, stage.is_exact()) == ("applied", 3, True)
