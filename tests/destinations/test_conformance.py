"""What every platform has to do: the same scenes for all of them, each against the platform's stand-in.

After every scene the members at the "platform" are compared with the warehouse's, and no request may have
broken the platform's own definition. A new platform is in here as soon as its stand-in is a file. What
becomes of the audience itself is in test_conformance_audiences.py.
"""

from __future__ import annotations

import logging
import random

import pytest

from tests.destinations.stage import Stage, people, person
from tests.destinations.standins import faults
from tests.destinations.standins.base import Call, Fault, StandIn
from tests.unit.delivery.kit import Killed

pytestmark = pytest.mark.xdist_group("conformance")


# --- members -------------------------------------------------------------------------------------------


def test_a_first_sync_adds_every_member(stage: Stage) -> None:
    stage.fill(people(range(5)))
    report = stage.sync()
    assert (report.status, report.adds, report.reason) == ("applied", 5, None)
    assert stage.is_exact()


def test_who_left_is_removed(stage: Stage) -> None:
    stage.fill(people(range(5)))
    stage.sync()
    stage.fill(people(range(2, 5)), others=people(range(2)))
    report = stage.sync()
    assert (report.status, report.adds, report.removes) == ("applied", 0, 2)
    assert stage.is_exact()


def test_who_left_and_was_deleted_is_removed(stage: Stage) -> None:
    stage.fill(people(range(3)))
    stage.sync()
    stage.fill(people(range(1)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_new_identifiers_take_the_place_of_the_old_ones(stage: Stage) -> None:
    stage.fill(people(range(3)))
    stage.sync()
    name = stage.stand_in.match_on[0]
    changed = person(0, **{name: person(77)[name]})
    stage.fill({**people(range(3)), 0: changed})
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_nothing_is_sent_where_nothing_changed(stage: Stage) -> None:
    stage.fill(people(range(3)))
    stage.sync()
    before = stage.writes()
    report = stage.sync()
    assert (report.status, report.sent, stage.writes()) == ("applied", 0, before)
    assert stage.is_exact()


def test_an_audience_may_be_empty_and_become_empty(stage: Stage) -> None:
    stage.fill({}, others=people(range(3)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()
    stage.fill(people(range(3)))
    assert stage.sync().status == "applied"
    stage.fill({}, others=people(range(3)))
    assert stage.sync().status == "applied"
    assert stage.held() == set()


@pytest.mark.parametrize("count", [3, 4, 8, 9])
def test_no_member_is_lost_at_the_edge_of_a_batch(stage: Stage, count: int) -> None:
    stage.settings["batch_size"] = 4
    stage.fill(people(range(count)))
    assert stage.sync().accepted == count
    assert stage.is_exact()
    stage.fill({}, others=people(range(count)))
    assert stage.sync().status == "applied"
    assert stage.held() == set()


def test_letters_of_any_alphabet_arrive_as_they_are(stage: Stage) -> None:
    name = stage.stand_in.match_on[0]
    values = {
        "email": ["zoë.müller@example.com", "用户@example.com", "o'hara@example.com"],
        "external_id": ["zoë-1", "用户", 'quote"and\\slash'],
    }.get(name)
    if values is None:
        pytest.skip(f"{name} has no letters")
    stage.fill({number: person(number, **{name: value}) for number, value in enumerate(values)})
    assert stage.sync().accepted == 3
    assert stage.is_exact()


def test_an_identifier_that_two_members_share_stays_until_both_have_left(stage: Stage) -> None:
    if len(stage.stand_in.match_on) < 2:
        pytest.skip("only one identifier is sent here")
    shared = stage.stand_in.match_on[-1]
    together = {number: person(number, **{shared: person(50)[shared]}) for number in range(3)}
    stage.fill(together)
    stage.sync()
    stage.fill({1: together[1], 2: together[2]}, others={0: together[0]})
    report = stage.sync()
    assert (report.status, report.removes) == ("applied", 1)
    assert stage.is_exact()
    stage.fill({}, others=together)
    assert stage.sync().status == "applied"
    assert stage.held() == set()


def test_who_cannot_be_matched_is_not_sent_and_keeps_nobody_back(stage: Stage) -> None:
    nobody = dict.fromkeys(stage.stand_in.match_on, None)
    stage.fill({**people(range(3)), 9: person(9, **nobody)})
    report = stage.sync()
    assert (report.status, report.unmatchable, report.accepted) == ("applied", 1, 3)
    assert stage.is_exact()


def test_who_left_stays_where_the_sync_only_adds(stage: Stage) -> None:
    stage.settings["mode"] = "add_only"
    stage.fill(people(range(3)))
    stage.sync()
    everybody = stage.expected()
    stage.fill(people(range(1)), others=people(range(1, 3)))
    report = stage.sync()
    assert (report.status, report.removes) == ("applied", 0)
    assert stage.held() == everybody


def test_a_full_sync_replaces_what_was_there(stage: Stage) -> None:
    if not stage.pair().destination.capabilities.replaces:
        pytest.skip("this platform replaces no audiences")
    stage.settings |= {"mode": "full", "batch_size": 2}
    stage.fill(people(range(5)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()
    stage.fill(people(range(3, 8)), others=people(range(3)))
    report = stage.sync()
    assert (report.status, report.resync) == ("applied", "mode: full")
    assert stage.is_exact()


# --- what goes wrong -----------------------------------------------------------------------------------


def test_a_bad_record_is_refused_by_itself_and_sent_again_later(stage: Stage) -> None:
    name = stage.stand_in.match_on[0]
    stage.stand_in.refuses = {stage.sent(each, person(1)) for each in stage.stand_in.match_on}
    stage.fill(people([0, 2, 3, 4]))
    good = stage.expected()
    stage.fill(people(range(5)))
    report = stage.sync()
    assert stage.held() == good
    assert report.rejected == 1, name
    rejects = stage.warehouse.rows("select entity_key, reason from muster_sync_rejects")
    assert [key for key, _ in rejects] == ["1"]
    stage.stand_in.refuses = set()
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_what_was_taken_beside_a_bad_record_is_taken_out_again_though_the_rest_failed(stage: Stage) -> None:
    stage.fill(people(range(1)))
    stage.sync()
    stage.stand_in.refuses = {stage.sent(each, person(1)) for each in stage.stand_in.match_on}
    stage.fill(people(range(4)))
    written: list[Call] = []

    def after_the_first(stand_in: StandIn, call: Call) -> bool:
        written.extend([call] if stand_in.is_write(call) else [])
        return len(written) > 1

    stage.stand_in.faults = [faults.first(99, after_the_first, faults.throttled)]
    stage.sync()
    stage.stand_in.faults, stage.stand_in.refuses = [], set()
    stage.fill(people(range(1)), others=people(range(1, 4)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_a_platform_that_is_too_busy_is_waited_for(stage: Stage) -> None:
    stage.fill(people(range(1)))
    stage.sync()
    stage.stand_in.faults = [faults.first(2, faults.writes, faults.throttled)]
    stage.fill(people(range(3)))
    report = stage.sync()
    assert report.status == "applied"
    assert stage.is_exact()
    tried = f"select max(attempts) from muster_sync_batches where run_id = '{report.run_id}'"
    assert stage.warehouse.rows(tried) == [(3,)]


def test_a_platform_that_fails_is_tried_again(stage: Stage) -> None:
    stage.stand_in.faults = [faults.first(2, faults.writes, faults.server_error)]
    stage.fill(people(range(3)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_a_login_that_is_not_accepted_stops_at_once_and_the_next_sync_goes_on(stage: Stage) -> None:
    stage.settings["batch_size"] = 1
    stage.fill(people(range(6)))
    stage.stand_in.faults = [lambda stand_in, call: stand_in.unauthorised()]
    report = stage.sync()
    assert report.status == "failed"
    assert report.reason
    assert len(stage.stand_in.calls) <= 2 * stage.pair().destination.capabilities.concurrency + 2
    stage.stand_in.faults = []
    assert stage.sync().status == "applied"
    assert stage.is_exact()


@pytest.mark.parametrize(
    "fault",
    [
        faults.acts_and_hangs_up,
        faults.acts_and_fails,
        faults.acts_and_answers_nothing,
        faults.acts_and_is_cut_off,
        faults.answers_nothing,
        faults.hangs_up,
        faults.acts_twice,
    ],
    ids=lambda fault: fault.__name__,
)
def test_an_answer_that_is_lost_changes_nothing(stage: Stage, fault: Fault) -> None:
    if fault is faults.answers_nothing and type(stage.pair().destination).mute:  # type: ignore[attr-defined]
        pytest.skip("good answers may be empty here")
    stage.fill(people(range(3)))
    stage.stand_in.faults = [faults.first(1, faults.writes, fault)]
    assert stage.sync().status == "applied"
    assert stage.is_exact()
    stage.fill(people(range(1, 4)), others=people(range(1)))
    stage.stand_in.faults = [faults.first(1, faults.writes, fault)]
    assert stage.sync().status == "applied"
    assert stage.is_exact()


def test_what_may_have_arrived_is_put_right_by_the_next_sync(stage: Stage) -> None:
    stage.fill(people(range(3)))
    stage.stand_in.faults = [faults.first(99, faults.writes, faults.acts_and_hangs_up)]
    report = stage.sync()
    assert report.status == "failed"
    stage.stand_in.faults = []
    stage.fill(people(range(2, 5)), others=people(range(2)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()


@pytest.mark.parametrize("seed", range(3))
def test_a_sync_that_is_killed_anywhere_is_put_right_by_the_next_one(stage: Stage, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - chosen moments, the same each time
    stage.settings["batch_size"] = 2
    for _ in range(4):
        numbers = set(dice.sample(range(12), dice.randint(0, 9)))
        stage.fill(people(numbers), others=people(set(range(12)) - numbers))
        left = [dice.randint(1, 60)]

        def step(_name: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

        stage.warehouse.step = step
        try:
            stage.sync()
        except Killed:
            pass
        finally:
            stage.warehouse.step = lambda _name: None
    assert stage.sync().status == "applied"
    assert stage.is_exact()


# --- and through all of it -----------------------------------------------------------------------------


def test_nothing_personal_and_no_secret_is_written_down(
    stage: Stage, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    stage.settings |= {"batch_size": 2, "hashing": "sha256"}
    stage.fill(people(range(5)))
    stage.stand_in.refuses = {stage.sent(name, person(1)) for name in stage.stand_in.match_on}
    stage.stand_in.faults = [faults.first(1, faults.writes, faults.server_error)]
    reports = [stage.sync()]
    stage.stand_in.faults = [lambda stand_in, call: stand_in.unauthorised()]
    stage.fill(people(range(2)))
    reports.append(stage.sync())
    written = [caplog.text, *capfd.readouterr(), *(str(report.to_dict()) for report in reports)]
    for table in ("runs", "batches", "rejects", "audiences", "quarantine"):
        rows = stage.warehouse.connection.execute(f"select * from muster_sync_{table}")
        names = [column[0] for column in rows.description]
        apart = ("audience", "entity_key", "fingerprint")
        kept = [place for place, name in enumerate(names) if name not in apart]
        written += [str(row[place]) for row in rows.fetchall() for place in kept]
    values = {
        stage.sent(name, somebody)
        for somebody in people(range(5)).values()
        for name in stage.stand_in.match_on
    }
    clear = {
        str(value).lower() for somebody in people(range(5)).values() for value in somebody.values() if value
    }
    secret = {value.lower() for value in stage.stand_in.secrets.values()}
    text = "\n".join(written).lower()
    form = stage.pair().destination.form
    hashed = [name for name in stage.stand_in.match_on if form(name).hash == "sha256"]
    state = str(stage.warehouse.rows("select identifiers from muster_sync_state")).lower()
    assert [
        each for number in range(5) for each in hashed if str(person(number)[each]).lower() in state
    ] == []
    assert [each for each in (values | clear | secret) if len(each) > 6 and each.lower() in text] == []
