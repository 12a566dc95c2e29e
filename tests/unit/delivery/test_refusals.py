"""Whom a destination refuses: what is tried again, what is not, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from dbt_muster.delivery.ledger import now
from dbt_muster.destinations import Batch, BatchResult, Capabilities, Refusal
from tests.unit.delivery.kit import IdentifierPlatform, KeyedPlatform, Person, Scene


class ForgetfulKeyed(KeyedPlatform):
    """Goes by keys, and may refuse somebody for good."""

    capabilities: ClassVar[Capabilities] = replace(KeyedPlatform.capabilities, forgets=True)


class Forgetful(IdentifierPlatform):
    """Goes by identifiers, and may refuse somebody for good."""

    capabilities: ClassVar[Capabilities] = replace(IdentifierPlatform.capabilities, forgets=True)


PEOPLE = {key: Person(f"p{key}@example.com") for key in range(3)}


def refusing(scene: Scene, key: int, *actions: str, for_good: bool = False) -> None:
    """Refuse one person what a batch asks of them."""

    def answer(batch: Batch) -> BatchResult:
        return BatchResult(
            [
                Refusal(place, "no", for_good)
                for place, each in enumerate(batch.records)
                if each.identifiers["email"] == PEOPLE[key].email and each.action in actions
            ]
        )

    scene.platform.answer = answer


def filled(platform: KeyedPlatform) -> Scene:
    scene = Scene(platform, match_on=("email",))
    scene.set(PEOPLE)
    assert scene.sync().status == "applied"
    return scene


@pytest.mark.parametrize("platform", [Forgetful, ForgetfulKeyed])
def test_who_is_refused_for_good_while_they_are_held_is_taken_out_once_and_never_sent_again(
    platform: type[KeyedPlatform],
) -> None:
    scene = filled(platform())
    refusing(scene, 1, "add", "change", for_good=True)
    assert scene.sync(anew=True).rejected == 1
    report = scene.sync()
    assert (report.removes, report.adds, report.unmatchable, report.rejected) == (1, 0, 1, 0)
    assert len(scene.platform.held) == 2
    report = scene.sync()
    assert (report.sent, report.unmatchable) == (0, 1)


@pytest.mark.parametrize("platform", [Forgetful, ForgetfulKeyed])
def test_a_removal_that_is_refused_for_good_is_done(platform: type[KeyedPlatform]) -> None:
    scene = filled(platform())
    refusing(scene, 1, "remove", for_good=True)
    scene.set(PEOPLE, members={0, 2})
    assert (scene.sync().rejected, len(scene.state())) == (1, 2)
    assert scene.sync().sent == 0
    scene.set(PEOPLE)
    report = scene.sync()
    assert (report.sent, report.unmatchable) == (0, 1), "it is never sent again"


@pytest.mark.parametrize("platform", [IdentifierPlatform, KeyedPlatform])
def test_a_removal_that_is_refused_is_tried_again_and_said_to_have_been_refused_before(
    platform: type[KeyedPlatform],
) -> None:
    scene = filled(platform())
    refusing(scene, 1, "remove")
    scene.set(PEOPLE, members={0, 2})
    first = scene.sync()
    assert (first.rejected, first.refused_before, first.refused_since) == (1, 0, None)
    before = now() - timedelta(days=3)
    scene.warehouse.connection.execute("update muster_sync_rejects set refused_at = ?", [before])
    second, third = scene.sync(), scene.sync()
    assert (second.rejected, second.refused_before, third.refused_before) == (1, 1, 1)
    assert second.refused_since == third.refused_since == f"{before.isoformat(timespec='seconds')}Z"
    refusing(scene, 1)
    last = scene.sync()
    assert (last.rejected, last.refused_before, len(scene.platform.held)) == (0, 0, 2)
