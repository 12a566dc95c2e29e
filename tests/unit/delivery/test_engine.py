"""What a sync sends, and what it writes down."""

from __future__ import annotations

import pytest

from dbt_muster.destinations import (
    Batch,
    BatchResult,
    Refusal,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.errors import MusterError
from dbt_muster.specs.meaning import Guard
from tests.unit.delivery.kit import IdentifierPlatform, KeyedPlatform, Person, Scene, people

ANN = Person("ann@example.com", "+441632960001", "a-1")
BOB = Person("bob@example.com", "+441632960002", "b-2")


def test_a_first_sync_adds_every_member() -> None:
    scene = Scene(match_on=("email",))
    scene.set({1: ANN, 2: BOB}, members={1})
    report = scene.sync()
    assert (report.status, report.adds, report.sent, report.accepted) == ("applied", 1, 1, 1)
    assert scene.platform.held == {"1": {"email": "ann@example.com"}}
    assert scene.state() == [("1", '{"email":"ann@example.com"}', True)]


def test_a_second_sync_without_a_change_sends_nothing() -> None:
    scene = Scene()
    scene.set({1: ANN})
    scene.sync()
    scene.platform.batches.clear()
    report = scene.sync()
    assert (report.status, report.sent, scene.platform.batches) == ("applied", 0, [])


def test_who_left_is_removed_with_the_identifiers_that_were_sent() -> None:
    scene = Scene(match_on=("email",))
    scene.set({1: ANN, 2: BOB})
    scene.sync()
    scene.set({1: Person("new@example.com"), 2: BOB}, members={2})
    report = scene.sync()
    assert (report.removes, report.adds, report.changes) == (1, 0, 0)
    assert scene.platform.batches[-1].records[0] == ("remove", "1", {"email": "ann@example.com"})
    assert set(scene.platform.held) == {"2"}


def test_a_new_e_mail_address_is_one_change_where_members_go_by_key() -> None:
    scene = Scene(match_on=("email",))
    scene.set({1: ANN})
    scene.sync()
    scene.set({1: Person("new@example.com")})
    report = scene.sync()
    assert (report.adds, report.changes, report.removes) == (0, 1, 0)
    assert scene.platform.held == {"1": {"email": "new@example.com"}}


def test_a_new_e_mail_address_is_a_removal_and_an_addition_where_members_go_by_identifiers() -> None:
    scene = Scene(IdentifierPlatform(), match_on=("email",))
    scene.set({1: ANN})
    scene.sync()
    scene.set({1: Person("new@example.com")})
    report = scene.sync()
    assert (report.adds, report.changes, report.removes) == (1, 0, 1)
    assert [record.action for batch in scene.platform.batches for record in batch.records] == [
        "add",
        "remove",
        "add",
    ]
    assert scene.platform.held == {(("email", "new@example.com"),)}


def test_identifiers_that_two_members_share_stay_until_both_have_left() -> None:
    scene = Scene(IdentifierPlatform(), match_on=("email",))
    scene.set({1: ANN, 2: ANN})
    scene.sync()
    scene.set({1: ANN, 2: ANN}, members={2})
    scene.sync()
    assert scene.platform.held == {(("email", "ann@example.com"),)}
    scene.set({1: ANN, 2: ANN}, members=set())
    scene.sync()
    assert scene.platform.held == set()


def test_only_members_who_consent_are_delivered_and_a_withdrawal_removes() -> None:
    scene = Scene(consent="ads")
    scene.set(
        {1: ANN, 2: Person("no@example.com", consent=False), 3: Person("unasked@example.com", consent=None)}
    )
    report = scene.sync()
    assert (report.members, report.withheld, set(scene.platform.held)) == (3, 2, {"1"})
    scene.set({1: Person("ann@example.com", consent=False)})
    scene.sync()
    assert scene.platform.held == {}


def test_a_member_without_any_identifier_to_match_on_is_counted_and_not_sent() -> None:
    scene = Scene(match_on=("email", "phone"))
    scene.set({1: Person("not an address", "nor a number"), 2: Person(None, "+441632960002")})
    report = scene.sync()
    assert (report.unmatchable, report.adds, set(scene.platform.held)) == (1, 1, {"2"})


def test_a_member_without_identifiers_is_delivered_by_key_where_none_are_asked_for() -> None:
    scene = Scene()
    scene.set({1: Person()})
    scene.sync()
    assert scene.platform.held == {"1": {"email": None, "phone": None, "external_id": None}}


def test_batches_hold_one_action_each_and_removals_go_first() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people(10))
    scene.sync()
    scene.platform.batches.clear()
    changed = {key: Person(f"new{key}@example.com") for key in range(4, 8)}
    scene.set({**people(14), **changed}, members=set(range(4, 14)))
    scene.sync()
    shape = [
        (batch.number, {record.action for record in batch.records}, len(batch.records))
        for batch in scene.platform.batches
    ]
    assert shape == [
        (1, {"remove"}, 3),
        (2, {"remove"}, 1),
        (3, {"change"}, 3),
        (4, {"change"}, 1),
        (5, {"add"}, 3),
        (6, {"add"}, 1),
    ]  # fmt: skip


def test_the_plan_table_is_gone_and_the_ledger_complete_after_a_sync() -> None:
    scene = Scene()
    scene.set(people(4))
    scene.sync()
    assert not [name for name in scene.warehouse.tables() if "plan" in name]
    assert scene.warehouse.rows("select status, adds from muster_sync_batches order by batch") == [
        ("acknowledged", 3),
        ("acknowledged", 1),
    ]
    assert scene.runs() == [(1, "applied", None)]


def test_a_guard_stops_a_change_that_is_too_large_before_anything_is_sent() -> None:
    scene = Scene(guard=Guard(largest_share=0.3))
    scene.set(people(10))
    assert scene.sync().status == "applied"
    scene.set(people(10), members=set(range(6)))
    scene.platform.batches.clear()
    report = scene.sync()
    assert report.status == "blocked"
    assert "4 changes to the 10 members held are 40.0%" in str(report.reason)
    assert scene.platform.batches == []
    assert scene.plan().status == "blocked"


def test_an_override_sends_all_the_same_and_is_kept_with_the_run() -> None:
    scene = Scene(guard=Guard(largest_share=0.3))
    scene.set(people(10))
    scene.sync()
    scene.set(people(10), members={1})
    assert scene.sync(override="closing the shop").status == "applied"
    assert scene.warehouse.rows("select override from muster_sync_runs order by sequence desc limit 1") == [
        ("closing the shop",)
    ]


def test_a_guard_stops_an_audience_that_is_too_small() -> None:
    scene = Scene(guard=Guard(smallest_audience=5))
    scene.set(people(4))
    report = scene.sync()
    assert report.status == "blocked"
    assert "4 members that can be delivered" in str(report.reason)


def test_a_refused_batch_is_sent_again_next_time_and_the_others_count() -> None:
    scene = Scene()

    def refuse_first(batch: Batch) -> BatchResult:
        if batch.number == 1:
            raise RefusedError("the first batch is no good")
        return BatchResult()

    scene.platform.answer = refuse_first
    scene.set(people(6))
    report = scene.sync()
    assert (report.status, report.accepted, report.reason) == ("failed", 3, "the first batch is no good")
    scene.platform.answer = lambda batch: BatchResult()
    report = scene.sync()
    assert (report.status, report.adds, len(scene.platform.held)) == ("applied", 3, 6)


def test_a_batch_of_unknown_outcome_is_sent_again_or_taken_away() -> None:
    scene = Scene(match_on=("email",))

    def lose_the_answer(batch: Batch) -> BatchResult:
        for record in batch.records:
            scene.platform.take(*record)
        raise UnknownOutcomeError("no answer")

    scene.platform.answer = lose_the_answer
    scene.set(people(3))
    assert scene.sync().status == "failed"
    assert [confirmed for _, _, confirmed in scene.state()] == [False, False, False]
    scene.platform.answer = lambda batch: BatchResult()
    scene.set(people(3), members={1})
    report = scene.sync()
    assert (report.adds, report.removes, set(scene.platform.held)) == (1, 2, {"1"})


def test_after_a_stop_the_batches_not_tried_are_not_in_doubt() -> None:
    scene = Scene()

    def stop(_batch: Batch) -> BatchResult:
        raise StoppedError("the login is wrong")

    scene.platform.answer = stop
    scene.set(people(9))
    assert scene.sync().status == "failed"
    assert scene.state() == []
    statuses = scene.warehouse.rows("select status from muster_sync_batches order by batch")
    assert statuses == [("failed",), ("planned",), ("planned",)]


def test_a_record_that_is_refused_by_itself_is_kept_with_its_reason_and_not_in_the_state() -> None:
    scene = Scene()
    scene.platform.answer = lambda batch: BatchResult([Refusal(1, "too young")])
    scene.set(people(3))
    report = scene.sync()
    assert (report.status, report.accepted, report.rejected) == ("applied", 2, 1)
    assert scene.warehouse.rows("select entity_key, reason from muster_sync_rejects") == [("1", "too young")]
    assert [key for key, _, _ in scene.state()] == ["0", "2"]
    assert scene.sync().adds == 1


def test_of_two_forms_of_one_person_the_one_whose_removal_was_refused_stays_in_the_state() -> None:
    scene = Scene(IdentifierPlatform(), match_on=("email",))
    scene.set(people(1))
    scene.sync()
    scene.warehouse.connection.execute(
        "insert into muster_sync_state select * "
        "replace ('f' as fingerprint, '{\"email\":\"old\"}' as identifiers) from muster_sync_state"
    )
    scene.platform.answer = lambda batch: BatchResult(
        [Refusal(at, "no") for at, each in enumerate(batch.records) if each.identifiers["email"] == "old"]
    )
    scene.set({}, members=set())
    report = scene.sync()
    assert (report.removes, report.rejected) == (2, 1)
    assert scene.warehouse.rows("select fingerprint from muster_sync_rejects") == [("f",)]
    assert scene.warehouse.rows("select fingerprint from muster_sync_state") == [("f",)]


def test_a_destinations_error_of_an_unforeseen_kind_is_reported_without_its_words() -> None:
    scene = Scene()

    def break_down(batch: Batch) -> BatchResult:
        raise RuntimeError(batch.records[0].identifiers["email"])

    scene.platform.answer = break_down
    scene.set({1: ANN})
    report = scene.sync()
    assert (report.status, report.reason) == ("failed", "unexpected RuntimeError")
    errors = scene.warehouse.rows(
        "select error from muster_sync_runs union all select error from muster_sync_batches"
    )
    assert not any("ann" in str(error) for (error,) in errors)


def test_two_destinations_and_two_audiences_keep_apart() -> None:
    scene = Scene()
    scene.set({1: ANN, 2: BOB})
    scene.sync()
    other = Scene(KeyedPlatform("other"), warehouse=scene.warehouse)
    assert other.sync().adds == 2
    scene.warehouse.set_members({1})
    assert scene.sync().removes == 1
    assert set(other.platform.held) == {"1", "2"}
    assert other.sync().removes == 1


def test_values_with_quotes_and_control_characters_arrive_as_they_are() -> None:
    hostile = "a\"b\\c\nd\te\r{{ x }}'; drop table fans; -- \u2028\x01é"
    scene = Scene(match_on=("external_id",))
    scene.set({1: Person(external_id=hostile)})
    scene.sync()
    assert scene.platform.held == {"1": {"external_id": hostile}}
    assert scene.sync().sent == 0


def test_hashing_sends_sha_256_of_the_normalised_value() -> None:
    scene = Scene(KeyedPlatform(hashing="sha256"), match_on=("email", "phone", "external_id"))
    scene.set({1: Person("  Test@Example.COM ", "+1 (650) 555-1212", "plain")})
    scene.sync()
    assert scene.platform.held == {
        "1": {
            "email": "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b",
            "phone": "1e231c66011e7a2d867a9cfae267a6aff103cf4913640b6e71a99850fc0ffbc8",
            "external_id": "plain",
        }
    }


def test_where_the_destination_holds_nobody_other_match_keys_make_no_full_resync() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people(5), members=set())
    scene.sync()
    scene.match_on = ("email", "external_id")
    scene.set(people(5))
    assert (scene.plan().adds, scene.plan().resync) == (5, None)
    report = scene.sync()
    assert (report.adds, report.resync) == (5, None)
    scene.match_on = ("email",)
    assert scene.sync().resync == "match keys changed"


def test_whoever_leaves_between_two_snapshots_is_not_counted_as_accepted() -> None:
    scene = Scene(match_on=("email",))
    scene.platform.settings = DestinationSettings(mode="full")
    scene.set(people(5))
    scene.sync()
    scene.warehouse.set_members({0, 1, 2})
    report = scene.sync()
    assert (report.removes, report.sent, report.accepted) == (2, 3, 3)
    assert scene.warehouse.rows("select acknowledged from muster_sync_runs order by sequence") == [(5,), (3,)]


@pytest.mark.parametrize("kind", [RefusedError, StoppedError, UnknownOutcomeError])
def test_how_often_a_batch_was_tried_in_vain_is_written_down(kind: type[MusterError]) -> None:
    scene = Scene()

    def give_up(_batch: Batch) -> BatchResult:
        error = kind("no")
        error.attempts = 4  # type: ignore[attr-defined]  # each of them has it
        raise error

    scene.platform.answer = give_up
    scene.set(people(1))
    assert scene.sync().status == "failed"
    assert scene.warehouse.rows("select attempts, error from muster_sync_batches") == [(4, "no")]
