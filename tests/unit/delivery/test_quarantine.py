"""What cannot be sent: kept out with its reason, counted, and never in anybody's way."""

from __future__ import annotations

import json

import pytest

from dbt_muster.delivery.ledger import now
from dbt_muster.delivery.status import read_status
from dbt_muster.delivery.watching import Event, Watch
from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.specs.meaning import Guard
from tests.oracle import identifiers as reference
from tests.unit.delivery.kit import IdentifierPlatform, KeyedPlatform, Person, Scene


def quarantine(scene: Scene) -> list[tuple[str, str, str]]:
    return scene.warehouse.rows(
        "select entity_key, identifier, reason from muster_sync_quarantine order by all"
    )


@pytest.mark.parametrize("platform", [KeyedPlatform, IdentifierPlatform])
def test_what_cannot_be_sent_is_kept_with_its_reason_and_does_not_keep_anything_else(platform: type) -> None:
    scene = Scene(platform(), match_on=("email", "phone"))
    scene.set(
        {
            1: Person("a@b.example", "020 7946 0958"),
            2: Person("nobody", "+442079460958"),
            3: Person("nobody", " "),
            4: Person("c@d.example", None),
        }
    )
    report = scene.sync()
    assert (report.status, report.adds, report.unmatchable) == ("applied", 3, 1)
    assert report.quarantined == {"empty": 1, "no_country_code": 1, "not_an_email": 2}
    assert quarantine(scene) == [
        ("1", "phone", "no_country_code"),
        ("2", "email", "not_an_email"),
        ("3", "email", "not_an_email"),
        ("3", "phone", "empty"),
    ]
    assert len(scene.platform.held) == 3


@pytest.mark.parametrize("platform", [KeyedPlatform, IdentifierPlatform])
def test_a_value_is_sent_as_its_rule_writes_it_whatever_white_space_it_ends_with(platform: type) -> None:
    scene = Scene(platform(), match_on=("email",))
    people = {key: Person(f"p{key}@b.example{end}") for key, end in enumerate(reference.WHITE_SPACE, 1)}
    inside = {100 + key: Person(f"p{end}@b.example") for key, end in enumerate(reference.WHITE_SPACE, 1)}
    scene.set({**people, **inside})
    assert scene.sync().quarantined == {"not_an_email": len(inside)}
    sent = {json.loads(identifiers)["email"] for _, identifiers, _ in scene.state()}
    assert sent == {f"p{key}@b.example" for key in people}


def test_the_quarantine_says_how_things_are_and_is_no_log() -> None:
    scene = Scene(match_on=("email",))
    scene.set({1: Person("nobody"), 2: Person("nobody")})
    first = scene.sync()
    scene.set({1: Person("a@b.example"), 2: Person("nobody")})
    second = scene.sync()
    assert (first.quarantined, second.quarantined) == ({"not_an_email": 2}, {"not_an_email": 1})
    rows = scene.warehouse.rows("select run_id, entity_key from muster_sync_quarantine")
    assert rows == [(second.run_id, "2")]


def test_who_stays_as_before_is_still_counted() -> None:
    scene = Scene(match_on=("email", "phone"))
    scene.set({1: Person("a@b.example", "nobody's")})
    scene.sync()
    report = scene.sync()
    assert (report.adds, report.changes, report.quarantined) == (0, 0, {"not_a_phone_number": 1})


def test_a_dry_run_counts_and_writes_nothing() -> None:
    scene = Scene(match_on=("email",))
    scene.set({1: Person("nobody")})
    before = scene.warehouse.tables()
    assert scene.plan().quarantined == {"not_an_email": 1}
    assert scene.warehouse.tables() == before


def test_how_many_there_are_stands_with_the_run_in_the_event_log_and_in_the_status() -> None:
    events: list[Event] = []
    scene = Scene(match_on=("email", "phone"), watch=Watch(events.append))
    scene.set({1: Person("nobody", " "), 2: Person("a@b.example", "nobody's"), 3: Person("c@d.example")})
    assert sum(scene.sync().quarantined.values()) == 3
    scene.guard = Guard(smallest_audience=10)
    scene.set({1: Person("nobody")})
    assert scene.sync().status == "blocked"
    counts = scene.warehouse.rows("select status, quarantined from muster_sync_runs order by sequence")
    assert counts == [("applied", 3), ("blocked", 1)]
    assert [event.values["quarantined"] for event in events if event.name == "planned"] == [3]
    (status,) = read_status(scene.warehouse, scene.renderer, [], now())
    assert status.quarantined == 1


def test_who_may_not_be_sent_is_not_looked_at() -> None:
    scene = Scene(match_on=("email",), consent="ads")
    scene.set({1: Person("nobody", consent=False), 2: Person("a@b.example")})
    assert scene.sync().quarantined == {}
    assert quarantine(scene) == []


def test_no_value_stands_in_the_quarantine() -> None:
    scene = Scene(match_on=("email",))
    scene.set({1: Person("secret-canary")})
    scene.sync()
    assert "canary" not in str(scene.warehouse.rows("select * from muster_sync_quarantine"))


def test_of_who_is_not_sent_a_plan_holds_no_identifiers() -> None:
    scene = Scene()
    scene.platform.settings = DestinationSettings(mode="full", hashing="none")
    people = {1: Person("a@b.example"), 2: Person("c@d.example")}
    scene.set(people)
    scene.sync()
    scene.set(people, members={1})
    plans: list[tuple[object, ...]] = []

    def look(name: str) -> None:
        if name == "before a batch":
            (plan,) = [table for table in scene.warehouse.tables() if "plan" in table]
            plans.extend(scene.warehouse.rows(f"select action, entity_key, identifiers from {plan}"))

    scene.platform.step = look
    scene.sync()
    named = {(action, key): identifiers for action, key, identifiers in plans}
    assert named["remove", "2"] is None
    assert "a@b.example" in str(named["keep", "1"])
