"""docs/destinations.md has a section for every platform; its examples are true, and so is CONTRIBUTING's."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from dbt_muster.destinations import AudienceGoneError, destination_types, find_type, open_destination
from dbt_muster.destinations.platform import Platform, PlatformSettings
from dbt_muster.specs import load
from tests.destinations.trying import AUDIENCE, adding, removing, run_of, send

GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGE = (Path(__file__).parents[2] / "docs" / "destinations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def rows(section: str, heading: str) -> list[str]:
    """The names in the first column of a table."""
    table = re.search(rf"^\| {heading} \|.*?\n(.*?)(?=\n\n|\Z)", section, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `([\w.]+)` ", table[1], re.MULTILINE) if table else []


def test_every_platform_has_a_section() -> None:
    platforms = {name for name in destination_types() if issubclass(find_type(name), Platform)}
    assert platforms == set(SECTIONS)


def test_the_table_of_all_platforms_says_what_their_capabilities_say() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\) \|[^|]+\| (.*) \|$", PAGE, re.MULTILINE)
    assert [row[0] for row in rows] == [row[1] for row in rows] == list(SECTIONS)
    for name, _, cells in rows:
        kind = find_type(name)
        can = kind.capabilities
        hashed = any(form.hash == "sha256" for form in (can.identifiers or {}).values())
        assert cells.split(" | ") == [
            "hashed" if hashed else "in clear text",
            f"{can.batch_size:,}",
            f"{can.largest_batch:,}",
            "yes" if can.replaces else "no",
            "yes" if kind.options_model.makes_lookalikes else "no",
            f"{can.smallest:,}" if can.smallest else "",
        ], name


@pytest.mark.parametrize("name", SECTIONS)
def test_an_example_is_a_destination_that_opens(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, example in enumerate(re.findall(r"```yaml\n(destination:.*?)```", SECTIONS[name], re.DOTALL)):
        for variable in re.findall(r"env_var\('(\w+)'", example):
            monkeypatch.setenv(variable, "a-value-for-a-test")
        root = tmp_path / str(number)
        (root / "audience_specs").mkdir(parents=True)
        (root / "audience_specs" / "destinations.yml").write_text(example)
        (spec,) = load(root).destinations.values()
        assert spec.type == name
        assert open_destination(spec, root=root).name == spec.name


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_names_every_setting_of_its_own(name: str) -> None:
    own = set(find_type(name).settings_model.model_fields) - set(PlatformSettings.model_fields)
    assert set(rows(SECTIONS[name], "setting")) >= own


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_names_exactly_the_identifiers_that_the_platform_takes(name: str) -> None:
    assert set(rows(SECTIONS[name], "identifier")) == set(find_type(name).capabilities.identifiers or ())


class GazetteStandIn:
    """The platform of CONTRIBUTING's example, a page of one list at a time."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, object]] = {"1": {"id": 1, "name": "Somebody else's"}}
        self.readers: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a call."""
        assert request.headers["authorization"] == "Bearer k"
        method, path = request.method, request.url.path.removeprefix("/v2/papers/7/lists")
        body = json.loads(request.content) if request.content else {}
        if path == "" and method == "POST":
            self.lists["2"] = {"id": 2, **body}
            return httpx.Response(201, json=self.lists["2"])
        if path == "":
            number = request.url.params.get("after", "1")
            page = [self.lists[number]] if number in self.lists else []
            return httpx.Response(200, json={"lists": page, "next": "2" if number == "1" else None})
        own, _, rest = path.removeprefix("/").partition("/")
        if own not in self.lists:
            return httpx.Response(404, json={})
        if rest == "readers":
            emails = set(body["emails"])
            self.readers = self.readers | emails if method == "PUT" else self.readers - emails
        elif method == "PATCH":
            self.lists[own].update(body)
        elif method == "DELETE":
            del self.lists[own]
        return httpx.Response(200, json={**self.lists.get(own, {}), "readers": len(self.readers)})


def test_the_platform_that_contributing_shows_keeps_an_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    module: dict[str, Any] = {}
    exec(compile(example, "CONTRIBUTING.md", "exec", dont_inherit=True), module)  # noqa: S102 - our own page
    at, client = GazetteStandIn(), httpx.Client
    monkeypatch.setattr(
        httpx, "Client", lambda **settings: client(transport=httpx.MockTransport(at), timeout=1)
    )
    settings = module["GazetteSettings"](paper="7", api_key="k")
    gazette = module["Gazette"]("gazette", settings, root=Path())
    assert isinstance(gazette, Platform)
    own = gazette.ensure(AUDIENCE, None)
    assert (own, gazette.ensure(AUDIENCE, None)) == ("2", "2")
    run = run_of(gazette, own)
    send(gazette, run, [adding(email="a"), adding(email=["b", "c"])], [removing(email="b")])
    assert (at.readers, gazette.matched(own)) == ({"a", "c"}, 2)
    gazette.ensure(replace(AUDIENCE, name="Regulars"), own)
    assert at.lists["2"]["name"] == f"Regulars [{AUDIENCE.marker}]"
    gazette.delete(own)
    gazette.delete(own)
    with pytest.raises(AudienceGoneError):
        gazette.ensure(AUDIENCE, own)
