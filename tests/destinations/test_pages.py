"""Lists that come page by page, in every form that platforms have them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from dbt_muster.destinations import StoppedError
from dbt_muster.destinations.pages import Bookmarked, Linked, Numbered, Offset, Pages

LETTERS = list("abcde")


def server(form: str) -> Any:
    """Answers with two letters at a time, and says of the next page what the form says."""

    def ask(params: Mapping[str, Any]) -> httpx.Response:
        assert params["account"] == "7"
        number = int(params.get("page", 1)) - 1 if form == "numbered" else 0
        start = int(params.get("at", 2 * number))
        after, is_last = start + 2, start + 2 >= len(LETTERS)
        said: dict[str, dict[str, Any]] = {
            "linked": {"next": None if is_last else f"https://elsewhere.example/x?at={after}&token=t"},
            "bookmarked": {} if is_last else {"next": after},
            "offset": {},
            "numbered": {"info": {"pages": 3}},
        }
        items = [{"it": {"letter": each}} for each in LETTERS[start:after]]
        return httpx.Response(200, json={"data": items, **said[form]})

    return ask


@pytest.mark.parametrize(
    ("form", "pages"),
    [
        ("linked", Linked("data", each="it", link="next")),
        ("linked", Linked("data", each="it", link="next", only="at")),
        ("bookmarked", Bookmarked("data", each="it", bookmark="next", param="at")),
        ("offset", Offset("data", each="it", size=2, limit="count", skip="at")),
        ("numbered", Numbered("data", each="it", last="info.pages", param="page")),
    ],
)
def test_everything_is_listed_once_and_in_order(form: str, pages: Pages) -> None:
    assert [each["letter"] for each in pages.read(server(form), {"account": "7"})] == LETTERS


def test_an_answer_that_has_no_list_is_an_error_and_no_empty_list() -> None:
    answer = httpx.Response(200, json={"message": "try later"})
    with pytest.raises(StoppedError, match="list data"):
        list(Pages("data").read(lambda params: answer))
    assert list(Pages("data", may_lack=True).read(lambda params: answer)) == []


@pytest.mark.parametrize("link", ["https://p.example/lists?page=3", "https://p.example/lists?at=2"])
def test_a_page_that_names_itself_as_the_next_one_is_an_error(link: str) -> None:
    answer = httpx.Response(200, json={"data": [{"id": 1}], "next": link})
    with pytest.raises(StoppedError, match="names itself"):
        list(Linked("data", link="next", only="at").read(lambda params: answer))
