"""What a platform's calls are made of: rows and items, and what their answers say of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from dbt_muster.destinations import Batch, BatchResult, Capabilities, Form, Record, Refusal, RefusedError
from dbt_muster.destinations.authoring.answers import Named
from dbt_muster.destinations.authoring.bases import Platform, PlatformSettings
from dbt_muster.destinations.authoring.facts import Jobs
from dbt_muster.destinations.nobody import NOBODY
from dbt_muster.destinations.rows import WORTH, Table
from tests.destinations.trying import run_of


class Club(Platform):
    """A made-up platform, of which two items go in a call."""

    base_url = "https://club.example"
    settings_model = PlatformSettings
    failed = Named("bad", "at", words=("why",))
    lacking = "-"
    jobs = Jobs(
        made="job",
        one="/jobs/{job}",
        states="state",
        done="done",
        failed="failed",
        errors="bad",
        count="count",
    )
    capabilities = Capabilities(
        identifiers={"email": Form(called="E"), "phone": Form(called="P")}, batch_size=2, worth="W"
    )


CLUB = Club("club", PlatformSettings(), root=Path())


def people(*emails: str | list[str], action: str = "add") -> list[Record]:
    return [Record(cast(Any, action), str(place), {"email": each}) for place, each in enumerate(emails)]


def answering(*answers: Any) -> tuple[list[Any], Callable[[Any], httpx.Response]]:
    """What is sent, and a call that gives one answer after the other, or raises it."""
    sent: list[Any] = []

    def call(part: Any) -> httpx.Response:
        sent.append(part)
        answer = answers[len(sent) - 1]
        if isinstance(answer, RefusedError):
            raise answer
        return httpx.Response(200, json=answer)

    return sent, call


def bad(*places: int) -> list[dict[str, Any]]:
    return [{"at": place, "why": "no"} for place in places]


def test_items_go_in_calls_of_a_batchs_size_and_their_jobs_are_one() -> None:
    sent, call = answering({"job": 1}, {"job": 2, "bad": bad(0)})
    found = CLUB.in_calls(people(["a", "b"], "c"), lambda record: record.values("email"), call)
    assert sent == [["a", "b"], ["c"]]
    assert (found.job, found.refusals) == ("1 2", [Refusal(1, "no")])


def test_rows_of_one_person_in_two_calls_are_still_one_persons() -> None:
    sent, call = answering({"bad": bad(1)}, {})
    found = CLUB.in_tables(people("a", ["b", "c"]), call)
    assert [table.rows for table in sent] == [[["a"], ["b"]], [["c"]]]
    assert found.refusals == []
    _, call = answering({"bad": bad(1)}, {})
    assert CLUB.in_tables(people("a", ["b", "c"], action="remove"), call).refusals == [Refusal(1, "no")]


def test_what_a_member_is_worth_is_told_of_who_is_added_alone() -> None:
    record = {"email": "a", "phone": None, WORTH: "2"}
    for action, columns in {"add": ["E", "W"], "remove": ["E"]}.items():
        sent, call = answering({})
        CLUB.in_tables([Record(cast(Any, action), "1", record)], call)
        assert [table.columns for table in cast(list[Table], sent)] == [columns]


def test_rows_that_a_refused_call_names_are_told_by_whose_they_are() -> None:
    error = RefusedError("no")
    error.named = {1: "bad"}
    _, call = answering({}, error)
    with pytest.raises(RefusedError) as caught:
        CLUB.in_tables(people(["a", "b"], "c", "d"), call)
    assert caught.value.named == {2: "bad"}


def test_a_row_that_was_not_sent_cannot_be_named() -> None:
    _, call = answering({"bad": bad(2)})
    with pytest.raises(RefusedError, match="which of 2 items"):
        CLUB.in_tables(people("a", "b"), call)


@pytest.mark.parametrize(("mode", "ended"), [("mirror", []), ("full", ["full"])])
def test_only_a_run_that_replaces_everybody_is_finished_at_the_platform(
    mode: str, ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Club, "finish", lambda self, api, run: told.append(run.mode))
    destination = Club("club", PlatformSettings.model_validate({"mode": mode}), root=Path())
    with destination.deliver(run_of(destination, "1")) as delivery:
        delivery.finish()
    assert told == ended


@pytest.mark.parametrize(
    ("ending", "batches", "ended"),
    [
        ("none", 0, []),
        ("always", 2, [("replace", 3, True)]),
        ("empty", 2, []),
        ("empty", 0, [("replace", 1, True), ("remove", 0, False)]),
    ],
)
def test_a_run_that_replaces_everybody_may_end_with_somebody_who_does_not_exist(
    ending: str, batches: int, ended: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []

    def replace(self: Club, api: object, run: object, batch: Batch) -> BatchResult:
        told.append(("replace", batch.number, batch.last))
        assert [record.identifiers for record in batch.records] == [{"email": NOBODY}]
        return BatchResult()

    def remove(self: Club, api: object, run: object, records: list[Record]) -> BatchResult:
        told.append(("remove", 0, False))
        assert [(record.action, record.identifiers) for record in records] == [("remove", {"email": NOBODY})]
        return BatchResult()

    monkeypatch.setattr(Club, "replace", replace)
    monkeypatch.setattr(Club, "remove", remove)
    monkeypatch.setattr(Club, "ending", ending)
    destination = Club("club", PlatformSettings(mode="full"), root=Path())
    with destination.deliver(run_of(destination, "1", batches=batches)) as delivery:
        delivery.finish()
    assert told == ended
