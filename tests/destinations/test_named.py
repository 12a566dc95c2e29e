"""Whom an answer names as not taken: by place, one by one, by value, by row, or by what an error repeats."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dbt_muster.destinations import Refusal, RefusedError
from dbt_muster.destinations.named import Answered, Listed, Named, NamedRows, Names, Repeated


def refused(names: Names, answer: Any, *sent: Any, removing: bool = False) -> list[Refusal]:
    return names.refused(httpx.Response(200, json=answer), sent, removing=removing)


def test_items_at_fault_are_named_with_a_code_and_words_and_everything_else_is_passed_over() -> None:
    named = Named("all", "at", words=("why", "message"), code=("name", "code"), has={"status": "error"})
    errors = [
        {"status": "error", "at": 0, "code": 7, "message": "no"},
        {"status": "error", "at": "2", "name": "Odd"},
        {"status": "ok", "at": 3, "why": "fine"},
        {"status": "error", "at": -1},
        {"status": "error"},
        "words",
    ]
    assert named.items(httpx.Response(200, json={"all": errors})) == {0: "7: no", 2: "Odd"}
    assert named.items(httpx.Response(200, text="<html>")) == {}


NAMED = Named("all", "at", words=("why",), has={"status": "error"})


@pytest.mark.parametrize("place", [2, -1, None, "first"])
def test_an_error_that_names_none_of_what_was_sent_lets_nothing_count_as_taken(place: object) -> None:
    answer = {"all": [None, {"status": "ok"}, {"status": "error", "at": place, "why": "no"}]}
    with pytest.raises(RefusedError, match="which of 2 items it means: no"):
        refused(NAMED, answer, "a", "b")
    assert refused(NAMED, answer, "a") == [Refusal(0, "no")]
    answer["all"].append({"status": "error", "at": 0, "why": "worse"})
    assert refused(NAMED, answer, "a") == [Refusal(0, "worse")]


def test_items_that_are_answered_one_by_one_are_taken_where_their_status_says_so() -> None:
    answered = Answered("items", words="error.text")
    items = [{"status": 201}, {"status": 400, "error": {"text": "no a@b.example"}}, {"status": "422"}, {}]
    assert refused(answered, {"items": items}, 1, 2, 3, 4) == [
        Refusal(1, "HTTP 400 no …"),
        Refusal(2, "HTTP 422"),
        Refusal(3, "HTTP 0"),
    ]


def test_an_answer_that_speaks_of_fewer_items_than_were_sent_is_a_refusal_of_all() -> None:
    with pytest.raises(RefusedError, match="speaks of 1 of 2 items"):
        refused(Answered("items"), {"items": [{"status": 200}]}, 1, 2)


def test_rows_are_found_however_their_json_is_written() -> None:
    samples = {'["a", ""]': "bad a@b.example", '["c",1.5]': "worse", "none": "odd"}
    rows = (["x", ""], ["a", ""], ["c", 1.5])
    named = NamedRows("samples")
    assert refused(named, {"samples": samples}, *rows) == [Refusal(1, "bad …"), Refusal(2, "worse")]
    assert refused(named, {"samples": None}, *rows) == refused(named, {}, *rows) == []


LISTED = Listed(
    within=("failed", ""),
    values={"id": r"(\w+)Ids", "email": r"(\w+)Emails"},
    folded=("email",),
    reasons={"bad": "is bad", "gone": "is gone"},
    count="count",
    for_good=("gone",),
    out=("gone",),
)


def test_items_are_found_in_the_lists_of_any_reason_by_any_value_of_theirs() -> None:
    answer = {"count": 3, "failed": {"badIds": ["1"], "goneEmails": ["B@x.example"]}, "badEmails": ["c"]}
    sent = ({"id": "1", "email": "a"}, {"email": "b@X.example"}, {"email": "c"}, {"id": "c"})
    assert refused(LISTED, answer, *sent) == [
        Refusal(0, "is bad"),
        Refusal(1, "is gone", for_good=True),
        Refusal(2, "is bad"),
    ]
    assert [each.index for each in refused(LISTED, answer, *sent, removing=True)] == [0, 2]


def test_of_several_items_those_that_are_counted_and_not_named_have_to_be_found() -> None:
    answer = {"count": 2, "failed": {"badIds": ["1"], "oddIds": ["2"]}}
    with pytest.raises(RefusedError, match="counts 2 failures"):
        refused(LISTED, answer, {"id": "1"}, {"id": "2"})
    assert refused(LISTED, {"count": 1}, {"id": "2"}) == [Refusal(0, "the platform did not say why")]


def test_an_error_is_about_what_it_repeats_and_else_about_the_place_that_it_points_to() -> None:
    repeated = Repeated("payload", "at", r"/data/(\d+)", ("title", "detail"))
    sent = [{"email": "a@x.example", "id": "1"}, {"email": "b@x.example"}, {"email": "c@x.example"}]
    errors = [
        {"payload": {"data": [{"email": "B@x.example"}]}, "at": "/data/0", "title": "No", "detail": "bad"},
        {"payload": {"name": "c@x.example"}, "at": "/data/2/email", "title": "Odd"},
        {"payload": None, "at": "/data/9"},
        {"title": "of nobody"},
    ]
    assert repeated.refused(errors, sent, whole=True) == [Refusal(1, "No bad"), Refusal(2, "Odd")]
    assert repeated.refused(errors, sent, whole=False) == [Refusal(1, "No bad")]
