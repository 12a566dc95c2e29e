"""Calls about audiences that a platform makes in a way of its own, stated as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from dbt_muster.destinations import AudienceAtPlatform, Capabilities
from dbt_muster.destinations.authoring.bases import Platform, PlatformSettings
from dbt_muster.destinations.authoring.facts import Call, Kept, Pages
from tests.destinations.trying import AUDIENCE

NAME = f"{AUDIENCE.name} [{AUDIENCE.marker}]"


class ClubSettings(PlatformSettings):
    """Settings of a made-up platform."""

    club: str = "7"
    boss: str | None = None


class Club(Platform):
    """A platform that does everything in a way of its own."""

    base_url = "https://club.example"
    params: ClassVar[dict[str, str]] = {"club": "{club}", "boss": "{boss}"}
    audience_path = "/named/"
    settings_model = ClubSettings
    capabilities = Capabilities(identifiers={})
    kept = Kept(
        all="/all",
        pages=Pages("found"),
        inside="found.0",
        made="id",
        size=("people",),
        absent=True,
        list_by=Call("POST", "/list", {"club": "{club}"}, reads=True),
        make_by=Call("POST", "/make", {"called": {"text": "{audience}"}, "boss": "{boss}"}),
        show_by=Call("POST", "/show", {"ids": ["{remote}"]}, reads=True),
        change_by=Call("PUT", "/change/{remote}", params={"to": "{audience}"}, headers={"x-part": "name"}),
        drop_by=Call("POST", "/drop", {"id": "{remote}"}),
        count_by=Call("GET", "/count/{remote}"),
    )


@contextmanager
def club(kind: type[Club], monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any]) -> Iterator[list[Any]]:
    """The platform, and what it was asked: methods, paths and bodies."""
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        asked.append((request.method, request.url, body))
        assert request.url.params["club"] == "7"
        assert "boss" not in request.url.params
        found = answers.get(request.url.path)
        return httpx.Response(404, json={}) if found is None else httpx.Response(200, json=found)

    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **_: client(transport=httpx.MockTransport(answer)))
    yield asked


def test_an_audience_is_listed_made_shown_changed_counted_and_dropped_as_its_calls_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = {"id": "3", "name": "Old"}
    answers = {
        "/list": {"found": [None, {"id": "1", "name": "Other"}]},
        "/make": {"id": "3"},
        "/show": {"found": [own]},
        "/change/3": {"ok": True},
        "/drop": {"ok": True},
        "/count/3": {"people": 5},
    }
    with club(Club, monkeypatch, answers) as asked:
        at = Club("club", ClubSettings(), root=Path())
        assert at.ensure(AUDIENCE, None) == "3"
        assert at.ensure(AUDIENCE, "3") == "3"
        assert at.matched("3") == 5
        assert at.delete("3")
    assert [(method, url.path, body) for method, url, body in asked] == [
        ("POST", "/list", {"club": "7"}),
        ("POST", "/make", {"called": {"text": NAME}}),
        ("POST", "/show", {"ids": ["3"]}),
        ("PUT", "/change/3", None),
        ("GET", "/count/3", None),
        ("POST", "/show", {"ids": ["3"]}),
        ("POST", "/drop", {"id": "3"}),
    ]
    assert asked[3][1].params["to"] == NAME


@pytest.mark.parametrize("found", [[], [None], None])
def test_an_answer_without_an_audience_says_that_it_is_not_there(
    monkeypatch: pytest.MonkeyPatch, found: Any
) -> None:
    with club(Club, monkeypatch, {"/show": {"found": found}}) as asked:
        at = Club("club", ClubSettings(), root=Path())
        assert at.delete("3")
    assert [url.path for _, url, _ in asked] == ["/show"]


def test_an_audience_may_be_found_by_its_name_which_stands_quoted_in_a_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Naming(Club):
        kept = replace(Club.kept, find_by=Call("GET", "/named/{audience}"), made="found.0.id")

    named = AudienceAtPlatform("a/b", "", AUDIENCE.marker)
    path = f"/named/a%2Fb%20%5B{AUDIENCE.marker}%5D"
    with club(Naming, monkeypatch, {f"/named/a/b [{AUDIENCE.marker}]": {"found": [{"id": 3}]}}) as asked:
        at = Naming("club", ClubSettings(), root=Path())
        assert at.look_up(named) == "3"
        assert at.look_up(AUDIENCE) is None
    assert asked[0][1].raw_path.decode().startswith(path)


def test_a_platform_that_leaves_fields_out_is_asked_for_those_that_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Picking(Club):
        kept = Kept(
            all="/all",
            pages=Pages("found"),
            description="about",
            valued={"valued": True},
            update="POST",
            picks="fields",
            size=("people",),
            lookalikes="alike",
        )

    answers = {
        "/all": {"found": [{"id": "3", "about": f"Old. [{AUDIENCE.marker}]"}]},
        "/all/3": {"name": AUDIENCE.name, "valued": True, "people": 5},
    }
    with club(Picking, monkeypatch, answers) as asked:
        at = Picking("club", ClubSettings(), root=Path())
        assert at.ensure(AUDIENCE, None) == "3"
        assert at.ensure(AUDIENCE, "3") == "3"
        assert at.matched("3") == 5
        assert at.delete("3")
    assert [(url.path, url.params.get("fields")) for _, url, _ in asked] == [
        ("/all", "id,about"),
        ("/all/3", "name,valued"),
        ("/all/3", "people"),
        ("/all/3", "alike"),
        ("/all/3", None),
    ]


@pytest.mark.parametrize(
    ("kept", "field"),
    [
        (Kept(), "name"),
        (Kept(name="title"), "title"),
        (Kept(description="about"), "about"),
        (Kept(description="about", marker="code"), "code"),
    ],
)
def test_the_marker_stands_in_the_description_where_there_is_one_and_nothing_else_is_said(
    kept: Kept, field: str
) -> None:
    assert kept.marker == field
    assert kept.shown(AUDIENCE)[field].strip("[]").endswith(AUDIENCE.marker)
