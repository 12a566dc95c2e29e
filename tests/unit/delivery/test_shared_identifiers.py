"""Two people with one identifier: whoever leaves does not take it from the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dbt_muster.destinations import Batch, BatchResult, RefusedError, UnknownOutcomeError
from dbt_muster.destinations.base import DestinationSettings
from tests.unit.delivery.kit import IdentifierPlatform, Killed, Person, Scene


class FlatPlatform(IdentifierPlatform):
    """Knows single identifiers, and forgets each that a removal names."""

    def take(self, action: str, key: str, identifiers: object) -> None:
        for single in dict(identifiers).items():  # type: ignore[call-overload]
            if single[1] is not None:
                (self.held.discard if action == "remove" else self.held.add)(single)


HOUSE = {
    1: Person("a@example.com", "+441632960001"),
    2: Person("b@example.com", "+441632960001"),
    3: Person("c@example.com", "+441632960003"),
}


def scene() -> Scene:
    made = Scene(FlatPlatform(), match_on=("email", "phone"))
    made.set(HOUSE)
    made.sync()
    return made


def expected(*members: int) -> set[tuple[str, str | None]]:
    return {("email", HOUSE[key].email) for key in members} | {("phone", HOUSE[key].phone) for key in members}


def test_who_shares_an_identifier_with_somebody_who_left_is_sent_again() -> None:
    made = scene()
    made.set(HOUSE, members={2, 3})
    report = made.sync()
    assert (report.removes, report.adds) == (1, 1)
    assert made.platform.held == expected(2, 3)
    assert made.sync().sent == 0


@pytest.mark.parametrize("code", range(32))
def test_no_control_character_hides_that_two_people_share_a_value(code: int) -> None:
    made = Scene(FlatPlatform(), match_on=("email", "external_id"))
    shared = f"a{chr(code)}b"
    people = {1: Person("a@example.com", external_id=shared), 2: Person("b@example.com", external_id=shared)}
    made.set(people)
    made.sync()
    made.set(people, members={2})
    made.sync()
    assert made.platform.held == {("email", "b@example.com"), ("external_id", shared)}
    assert made.sync().sent == 0


def test_sending_somebody_again_is_no_change_that_a_guard_counts() -> None:
    made = scene()
    made.set(HOUSE, members={2, 3})
    made.guard = type(made.guard)(largest_moves=1)
    assert made.sync().status == "applied"


@pytest.mark.parametrize("moment", range(1, 40))
def test_a_sync_that_dies_between_the_two_is_put_right(moment: int) -> None:
    made = scene()
    made.set(HOUSE, members={2, 3})
    sync_and_die(made, moment)
    made.sync()
    assert made.platform.held == expected(2, 3)


@pytest.mark.parametrize("moment", range(1, 40, 3))
def test_so_is_one_that_sends_a_former_member_again_where_syncs_only_add(moment: int) -> None:
    made = scene()
    made.platform.settings = DestinationSettings(mode="add_only", hashing="none")
    made.consent = "ads"
    made.set(HOUSE, members={1, 3})
    made.sync()
    made.set({**HOUSE, 1: replace(HOUSE[1], consent=False)}, members={1, 3})
    sync_and_die(made, moment)
    made.sync()
    assert made.platform.held == expected(2, 3)


def sync_and_die(made: Scene, moment: int) -> None:
    left = [moment]

    def step(_name: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    made.warehouse.step = made.platform.step = step
    try:
        made.sync()
    except Killed:
        pass
    finally:
        made.warehouse.step = made.platform.step = lambda _name: None


def test_an_addition_whose_answer_was_lost_is_made_again() -> None:
    made = scene()
    made.set(HOUSE, members={2, 3})

    def answer(batch: Batch) -> BatchResult:
        if batch.records[0].action == "add":
            raise UnknownOutcomeError("no answer")
        return BatchResult()

    made.platform.answer = answer
    assert made.sync().status == "failed"
    assert ("phone", "+441632960001") not in made.platform.held
    made.platform.answer = lambda batch: BatchResult()
    assert made.sync().status == "applied"
    assert made.platform.held == expected(2, 3)


def test_who_was_not_removed_after_all_is_sent_again_when_wanted_again() -> None:
    made = scene()
    made.platform.settings = DestinationSettings(hashing="none", batch_size=1)
    moved = replace(HOUSE[2], email="b2@example.com")
    made.set({**HOUSE, 2: moved}, members={2, 3})

    def answer(batch: Batch) -> BatchResult:
        if batch.records[0].identifiers["email"] != HOUSE[1].email:
            raise RefusedError("not now")
        return BatchResult()

    made.platform.answer = answer
    assert made.sync().status == "failed"
    assert ("phone", "+441632960001") not in made.platform.held, "the first one's removal took it"
    made.platform.answer = lambda batch: BatchResult()
    made.set(HOUSE, members={2, 3})
    assert made.sync().status == "applied"
    assert made.platform.held == expected(2, 3)
