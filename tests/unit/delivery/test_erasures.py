"""Whoever is erased leaves every destination and every table, and no later sync takes them in again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dbt_muster.delivery import Pair
from dbt_muster.delivery.erasures import Receipt, Table, key_hash
from dbt_muster.destinations import BatchResult, Refusal, StoppedError
from tests.unit.delivery.kit import IdentifierPlatform, KeyedPlatform, Killed, Person, Scene, other_audience

TABLES = [Table("muster_entities__customer", "muster_entities__customer"), Table("fans", "fans")]


def erase(scene: Scene, key: str, *pairs: Pair) -> Receipt:
    engine = scene.engine()
    eraser = engine.eraser(scene.pair().entity, TABLES)
    return eraser.erase(key, pairs or [scene.pair()], lambda key, pair: engine.sync(pair, only=key))


def people(count: int = 3) -> dict[int, Person]:
    return {number: Person(f"p{number}@example.com") for number in range(count)}


@pytest.mark.parametrize("platform", [KeyedPlatform, IdentifierPlatform])
def test_an_erased_member_leaves_the_destination_and_the_tables(platform: type[KeyedPlatform]) -> None:
    scene = Scene(platform(), match_on=("email",))
    scene.set(people())
    scene.sync()
    receipt = erase(scene, "1")
    assert receipt.complete
    assert [each["status"] for each in receipt.destinations] == ["removed"]
    assert receipt.tables == {
        "muster_entities__customer": 1,
        "fans": 1,
        "muster_sync_rejects": 0,
        "muster_sync_quarantine": 0,
    }
    assert len(scene.platform.held) == 2
    assert "p1@example.com" not in str(scene.platform.held)
    assert scene.warehouse.rows("select count(*) from muster_sync_state where entity_key = '1'") == [(0,)]


def test_a_later_sync_does_not_take_an_erased_member_in_again() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    erase(scene, "1")
    scene.set(people())  # the source has not deleted the person yet
    report = scene.sync()
    assert (report.adds, report.changes, report.removes) == (0, 0, 0)
    assert set(scene.platform.held) == {"0", "2"}


def test_somebody_may_be_erased_before_they_are_ever_sent() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    assert erase(scene, "1").complete
    scene.set(people())
    scene.sync()
    assert set(scene.platform.held) == {"0", "2"}


def test_nothing_but_the_removal_is_sent() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people(3))
    scene.sync()
    scene.set(people(6), members={1, 4, 5})
    before = len(scene.platform.batches)
    erase(scene, "1")
    records = [record for batch in scene.platform.batches[before:] for record in batch.records]
    assert [(record.action, record.key) for record in records] == [("remove", "1")]


def test_identifiers_that_somebody_else_has_too_stay_for_them() -> None:
    scene = Scene(IdentifierPlatform(), match_on=("email",))
    scene.set({1: Person("both@example.com"), 2: Person("both@example.com"), 3: Person("c@example.com")})
    scene.sync()
    assert erase(scene, "1").complete
    assert scene.platform.held == {(("email", "both@example.com"),), (("email", "c@example.com"),)}
    assert scene.warehouse.rows("select entity_key from muster_sync_state order by 1") == [("2",), ("3",)]


def test_guards_do_not_keep_an_erasure_back() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people(2))
    scene.sync()
    scene.guard = replace(scene.guard, smallest_audience=100)
    assert erase(scene, "1").complete


def test_a_destination_that_says_no_leaves_the_erasure_open_and_it_can_be_done_again() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()

    def refuse(_: object) -> None:
        raise StoppedError("the login was not accepted.")

    answer, scene.platform.answer = scene.platform.answer, refuse
    receipt = erase(scene, "1")
    assert not receipt.complete
    assert receipt.destinations[0]["reason"] == "the login was not accepted."
    scene.platform.answer = answer
    assert erase(scene, "1").complete
    assert set(scene.platform.held) == {"0", "2"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("this list is locked", "this list is locked"),
        ("no customer 1 here", "the destination refused to take the person out"),
    ],
)
def test_a_removal_that_the_destination_refuses_is_no_removal_in_the_receipt(words: str, told: str) -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    answer, scene.platform.answer = scene.platform.answer, lambda _: BatchResult([Refusal(0, words)])
    receipt = erase(scene, "1")
    assert not receipt.complete
    assert receipt.destinations == [
        {"destination": "platform", "audience": "fans", "status": "refused", "reason": told}
    ]
    scene.platform.answer = answer
    assert erase(scene, "1").destinations[0]["status"] == "removed"
    assert set(scene.platform.held) == {"0", "2"}


def test_a_destination_that_is_no_longer_declared_is_named() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    receipt = erase(scene, "1", other_audience(scene.pair(), "others"))
    assert not receipt.complete
    assert receipt.destinations == [
        {
            "destination": "platform",
            "audience": "fans",
            "status": "failed",
            "reason": "the destination is no longer declared",
        }
    ]


@pytest.mark.parametrize("moment", range(1, 60, 4))
def test_an_erasure_that_dies_anywhere_is_finished_by_the_next(moment: int) -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    left = [moment]

    def step(_name: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    scene.warehouse.step = step
    try:
        erase(scene, "1")
    except Killed:
        pass
    finally:
        scene.warehouse.step = lambda _name: None
    scene.sync()
    assert erase(scene, "1").complete
    assert set(scene.platform.held) == {"0", "2"}


def test_the_receipt_names_nobody_and_is_kept() -> None:
    scene = Scene(match_on=("email",))
    scene.set({8675309: Person("p@example.com"), 2: Person("q@example.com")})
    scene.sync()
    receipt = erase(scene, "8675309")
    text = json.dumps(receipt.to_dict())
    assert "8675309" not in text
    assert "example.com" not in text
    ((entity, hashed, kept),) = scene.warehouse.rows(
        "select entity, key_hash, receipt from muster_sync_erasures"
    )
    assert (entity, hashed) == ("customer", key_hash("customer", "8675309"))
    assert json.loads(kept)["complete"] is True


def test_erasing_again_loses_no_receipt_of_before() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    assert erase(scene, "1").earlier == []
    scene.set(people())  # dbt has built the person's row again, from a source that still has it
    second, third = erase(scene, "1"), erase(scene, "1")
    assert [each["destinations"] for each in second.earlier] == [
        [{"destination": "platform", "audience": "fans", "status": "removed", "reason": None}]
    ]
    assert not third.found
    ((kept,),) = scene.warehouse.rows("select receipt from muster_sync_erasures")
    assert [each["tables"]["fans"] for each in json.loads(kept)["earlier"]] == [1, 1]
    assert erase(scene, "1").earlier == third.earlier


def test_what_would_be_erased_is_shown_without_writing_anything() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    before = scene.warehouse.tables()
    receipt = scene.engine().eraser(scene.pair().entity, TABLES).preview("1")
    assert receipt.destinations == [{"destination": "platform", "audience": "fans", "status": "held"}]
    assert receipt.tables["fans"] == 1
    assert scene.warehouse.tables() == before
    assert set(scene.platform.held) == {"0", "1", "2"}


def test_models_leave_out_who_was_erased_of_the_same_entity() -> None:
    scene = Scene()
    condition = scene.renderer.call("muster_not_erased", "erasures", "customer", "customer_id")
    connection = scene.warehouse.connection
    connection.execute("create table erasures (entity varchar, key_hash varchar)")
    rows = [["customer", key_hash("customer", "7")], ["account", key_hash("customer", "6")]]
    connection.executemany("insert into erasures values (?, ?)", rows)
    people = "(values (6), (7)) as people (customer_id)"
    assert scene.warehouse.rows(f"select customer_id from {people} where {condition}") == [(6,)]


def test_a_table_that_was_never_built_is_named_and_nobody_is_erased_from_it() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    eraser = scene.engine().eraser(scene.pair().entity, [*TABLES, Table("often", "often")])
    receipt = eraser.erase("1", [], lambda key, pair: scene.engine().sync(pair, only=key))
    assert receipt.complete
    assert receipt.found
    assert receipt.absent == ["often"]
    assert receipt.tables["fans"] == 1


def test_nobody_has_a_key_that_is_mistyped() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    assert not erase(scene, "11").found


def test_a_table_may_have_the_keys_in_a_column_of_another_name() -> None:
    scene = Scene()
    scene.warehouse.connection.execute("create table visits (buyer bigint)")
    scene.warehouse.connection.execute("insert into visits values (1), (1), (2)")
    eraser = scene.engine().eraser(scene.pair().entity, [Table("visits", "visits", "buyer")])
    assert eraser.erase("1", [], lambda _, pair: scene.engine().sync(pair)).tables == {"visits": 2}


def test_what_a_dead_sync_may_have_sent_is_taken_away_too() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())

    def die(_: str) -> None:
        raise Killed

    scene.platform.step = die
    with pytest.raises(Killed):
        scene.sync()
    scene.platform.step = lambda _name: None
    assert scene.warehouse.rows("select count(*) from muster_sync_state") == [(0,)]
    assert erase(scene, "1").complete
    assert "1" not in scene.platform.held
    assert not [name for name in scene.warehouse.tables() if "plan" in name]


ALIASES = Table("muster_aliases__customer", "muster_aliases__customer")


def merged() -> Scene:
    """Three people; one of them has two other keys, and was sent by one of these before they were merged."""
    scene = Scene(match_on=("email",))
    scene.set({**people(), 12: Person("p12@example.com")})
    scene.sync()
    run = scene.warehouse.connection.execute
    run("create table muster_aliases__customer (alias_key bigint, canonical_key bigint)")
    run("insert into muster_aliases__customer values (11, 1), (12, 1), (20, 2)")
    return scene


@pytest.mark.parametrize("key", ["1", "11", "12"])
def test_whichever_key_of_somebody_is_named_all_of_them_are_erased(key: str) -> None:
    scene = merged()
    engine, pair = scene.engine(), scene.pair()
    eraser = engine.eraser(pair.entity, TABLES, ALIASES)
    shown = eraser.preview(key)
    receipt = eraser.erase(key, [pair], lambda key, pair: engine.sync(pair, only=key))
    assert (receipt.complete, receipt.keys, receipt.found) == (True, 3, True)
    assert (shown.keys, shown.key_hash) == (3, key_hash("customer", "1"))
    assert receipt.tables["fans"] == shown.tables["fans"] == 2
    assert [each["status"] for each in receipt.destinations] == ["removed"]
    assert set(scene.platform.held) == {"0", "2"}
    hashes = {row[0] for row in scene.warehouse.rows("select key_hash from muster_sync_erasures")}
    assert hashes == {key_hash("customer", each) for each in ("1", "11", "12")}
    scene.set({**people(), 12: Person("p12@example.com")})
    assert scene.sync().adds == 0


def test_a_key_without_aliases_is_one_key_and_a_table_of_aliases_that_is_not_built_is_said() -> None:
    scene = merged()
    eraser = scene.engine().eraser(scene.pair().entity, TABLES, ALIASES)
    assert eraser.preview("0").keys == 1
    scene.warehouse.connection.execute("drop table muster_aliases__customer")
    assert (eraser.preview("11").keys, eraser.preview("11").absent) == (1, ["muster_aliases__customer"])


def test_rows_that_a_table_has_under_a_column_of_its_own_are_counted_beside_the_others() -> None:
    scene = Scene()
    scene.warehouse.connection.execute("create table visits (buyer bigint, customer_id bigint)")
    scene.warehouse.connection.execute("insert into visits values (1, 5), (1, 5)")
    eraser = scene.engine().eraser(scene.pair().entity, [Table("visits", "visits", "buyer")])
    assert eraser.preview("1").tables == {"visits": 2}
    assert eraser.erase("1", [], lambda _, pair: scene.engine().sync(pair)).tables == {"visits": 2}


def test_a_table_that_nothing_can_be_deleted_from_is_named_and_the_others_are_gone_through() -> None:
    scene = Scene(match_on=("email",))
    scene.set(people())
    scene.sync()
    # Rows of a view cannot be deleted, as those of a plain table on Spark cannot.
    scene.warehouse.connection.execute("create view kept as select 1 as customer_id")
    engine, pair = scene.engine(), scene.pair()
    eraser = engine.eraser(pair.entity, [Table("kept", "kept"), *TABLES])
    receipt = eraser.erase("1", [pair], lambda key, pair: engine.sync(pair, only=key))
    assert not receipt.complete
    assert list(receipt.kept) == ["kept"]
    assert "The warehouse" in receipt.kept["kept"] or "delete" in receipt.kept["kept"].lower()
    assert (receipt.tables["kept"], receipt.tables["fans"]) == (1, 1)
    assert set(scene.platform.held) == {"0", "2"}
    scene.warehouse.connection.execute("create or replace view kept as select 2 as customer_id")
    again = eraser.erase("1", [pair], lambda key, pair: engine.sync(pair, only=key))
    assert (again.complete, again.kept) == (True, {})
