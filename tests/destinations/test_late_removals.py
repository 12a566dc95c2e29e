"""A platform that works on removals later than on what it is sent after them."""

from __future__ import annotations

import pytest

from tests.destinations.late_removals import LateRemovals
from tests.destinations.stage import Stage, Warehouse, people, person, set_secrets

pytestmark = pytest.mark.xdist_group("conformance")


def test_who_shares_an_identifier_with_a_leaver_is_added_when_the_removal_is_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_secrets(LateRemovals, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with LateRemovals().running() as stand_in:
        stage = Stage(stand_in, settings={"batch_size": 2})
        leaver, changed = person(0), person(1)
        stage.fill({0: leaver, 1: changed, 2: person(2)})
        stage.sync()
        heir = person(3, phone=leaver["phone"])
        stage.fill({1: person(1, phone="+441632111111"), 2: person(2), 3: heir, **people(range(4, 9))})
        report = stage.sync()
        assert (report.status, report.adds, report.removes) == ("applied", 7, 2)
        assert stage.is_exact()
        verbs = [call.path.partition(":")[2] for call in stand_in.calls if stand_in.is_write(call)][-5:]
        assert verbs == ["remove", "ingest", "ingest", "ingest", "ingest"]
    assert stand_in.violations == []


def test_who_waited_in_vain_is_added_by_the_next_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(LateRemovals, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with LateRemovals().running() as stand_in:
        stage = Stage(stand_in)
        leaver, heir = person(0), person(1, phone=person(0)["phone"])
        stage.fill({0: leaver})
        stage.sync()
        stage.fill({1: heir, 2: person(2)})
        monkeypatch.setattr("dbt_muster.delivery.jobs.LONGEST_WAIT", 0.001)
        report = stage.sync()
        assert (report.status, report.sent) == ("failed", 2), "the removal, and who shares nothing with it"
        assert "still working on" in str(report.reason)
        monkeypatch.undo()
        monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
        set_secrets(LateRemovals, monkeypatch)
        report = stage.sync()
        assert (report.status, report.sent) == ("applied", 1)
        assert stage.is_exact()
    assert stand_in.violations == []


def test_who_is_sent_by_fewer_identifiers_than_before_is_added_when_the_removal_is_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_secrets(LateRemovals, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with LateRemovals().running() as stand_in:
        stage = Stage(stand_in)
        stage.fill(people(range(3)))
        stage.sync()
        monkeypatch.setattr(LateRemovals, "match_on", ("email",))
        report = stage.sync()
        assert (report.status, report.adds, report.removes) == ("applied", 3, 3)
        assert stage.is_exact()
    assert stand_in.violations == []


@pytest.mark.parametrize(("before", "after"), [((), ("email",)), (("email",), ())])
def test_whose_identifier_becomes_a_list_or_is_none_any_more_is_added_when_the_removal_is_through(
    before: tuple[str, ...], after: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(LateRemovals, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    monkeypatch.setattr(LateRemovals, "match_on", ("email",))
    with LateRemovals().running() as stand_in:
        stage = Stage(stand_in, Warehouse(before))
        stage.fill(people(range(3)))
        stage.sync()
        stage.warehouse.several = after
        stage.fill(people(range(3)))
        assert stage.sync().status == "applied"
        assert stage.is_exact()
    assert stand_in.violations == []
