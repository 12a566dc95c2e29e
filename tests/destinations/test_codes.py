"""Errors that are told by codes: where an answer has them, and what they mean beside its status."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dbt_muster.destinations.answers import Kind, Meaning, Status, by_status, values_at
from dbt_muster.destinations.codes import Code, Codes

_KNOWN = (
    Code("100/33", "gone"),
    Code("17", "later", "too many calls", wait=60),
    Code("19.", "stopped", "log in again"),
)


def meaning(codes: Codes, status: int, body: Any) -> Meaning:
    page = isinstance(body, str)
    answer = httpx.Response(status, text=body) if page else httpx.Response(status, json=body)
    return codes.meaning(answer, by_status(answer))


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"code": 17}, "later"),
        (200, {"code": "190"}, "stopped"),
        (400, {"code": 100, "sub": 33}, "gone"),
        (400, {"code": 1900}, "refused"),
        (403, {"code": 1}, "stopped"),
        (200, {"code": 1}, "refused"),
        (503, {"code": 190}, "later"),
        (400, {"code": 190, "soon": True}, "later"),
        (200, {}, "taken"),
    ],
)
def test_a_code_says_more_than_the_status_and_another_one_no_more(
    status: int, error: dict[str, Any], kind: Kind
) -> None:
    codes = Codes(_KNOWN, errors=("error",), subcode="sub", passes="soon")
    assert meaning(codes, status, {"error": error}).kind == kind


def test_a_platforms_words_and_what_to_do_come_with_the_code() -> None:
    found = meaning(
        Codes(_KNOWN, words=("user", "message")), 400, {"code": 17, "message": "Slow a@b.example"}
    )
    assert found == Meaning("later", "says: Slow … (code 17); too many calls", 60)


def test_a_good_answer_has_its_code_or_is_in_doubt() -> None:
    codes = Codes(_KNOWN, other="stopped", fine="0", always=True)
    assert meaning(codes, 200, {"code": 0}) == Meaning("taken")
    assert meaning(codes, 200, {"code": 5}).kind == "stopped"
    assert meaning(codes, 200, {"data": {}}) == Meaning("later", "HTTP 200 without a code", doubtful=True)
    assert meaning(codes, 200, "<html>") == Meaning("later", "HTTP 200 without JSON", doubtful=True)


def test_a_part_of_a_good_answer_that_failed_is_a_refusal() -> None:
    codes = Codes((), errors=("parts", ""), code=("state",), fine="(?i)ok")
    assert meaning(codes, 200, {"state": "Ok", "parts": [{"state": "ok"}]}) == Meaning("taken")
    assert meaning(codes, 200, {"parts": [{"name": "a"}]}) == Meaning("taken")
    found = meaning(
        codes, 200, {"state": "ok", "parts": [{"state": "ok"}, {"state": "BAD", "message": "no"}]}
    )
    assert found == Meaning("refused", "says: no (code BAD)")


@pytest.mark.parametrize(
    ("code", "path", "body", "kind"),
    [
        (404, "/jobs/1", "{}", "refused"),
        (404, "/jobs/1", "<html>", "later"),
        (404, "/lists/1", "{}", None),
        (409, "/jobs/1", "{}", None),
    ],
)
def test_a_status_may_mean_something_else_at_some_paths_and_by_whom_it_is_told(
    code: int, path: str, body: str, kind: Kind | None
) -> None:
    statuses = (Status(404, "refused", path="/jobs/", json=True), Status(404, "later", path="/jobs/"))
    request = httpx.Request("GET", f"https://api.example{path}")
    answer = httpx.Response(code, text=body, request=request)
    found = next(filter(None, (each.meaning(answer) for each in statuses)), None)
    assert (found.kind if found else None) == kind


def test_a_page_in_place_of_json_is_what_its_status_says_or_a_gateways() -> None:
    assert meaning(Codes(_KNOWN), 404, "<html>").kind == "stopped"
    assert meaning(Codes(_KNOWN, gateway=True), 404, "<html>").kind == "later"


def test_a_code_says_more_than_that_there_is_nothing_at_an_audiences_address() -> None:
    plain = Meaning("gone", "has no such audience any more.")

    def told(codes: Codes, answer: httpx.Response) -> Kind:
        return codes.meaning(answer, plain).kind

    assert told(Codes(_KNOWN), httpx.Response(404, json={"code": 17})) == "later"
    assert told(Codes(_KNOWN, other="refused"), httpx.Response(404, json={"code": 1})) == "gone"
    assert told(Codes(_KNOWN), httpx.Response(404, text="<html>")) == "gone"
    assert told(Codes(_KNOWN, gateway=True), httpx.Response(404, text="<html>")) == "later"


def test_an_error_about_one_item_is_left_to_who_called_unless_its_code_is_known() -> None:
    codes = Codes(_KNOWN, errors=("Errors", "Partial"), one="at")
    assert meaning(codes, 200, {"Partial": [{"at": 3, "code": 1}]}).kind == "taken"
    assert meaning(codes, 200, {"Partial": [{"at": 3, "code": 1}, {"at": 4, "code": 190}]}).kind == "stopped"
    assert meaning(codes, 200, {"Errors": None, "Partial": [{"at": -1, "code": 1}]}).kind == "refused"


@pytest.mark.parametrize(("path", "kind"), [("/many", "taken"), ("/lists", "refused")])
def test_an_error_about_one_thing_refuses_a_call_that_is_about_one(path: str, kind: Kind) -> None:
    codes = Codes(_KNOWN, errors=("Partial",), one="at", many="/many$")
    request = httpx.Request("POST", f"https://api.example{path}")
    answer = httpx.Response(200, json={"Partial": [{"at": 0, "code": 1}]}, request=request)
    assert codes.meaning(answer, by_status(answer)).kind == kind


def test_values_are_found_through_every_list_on_the_way() -> None:
    content = {"a": [{"b": [{"c": 1}, {"c": [2, 3]}]}, {"b": None}, "c", {"b": {"c": 4}}]}
    assert values_at(content, "a.b.c") == [1, 2, 3, 4]
    assert values_at(content, "a.x") == []
