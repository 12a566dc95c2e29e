"""docs/destinations.md has a section for every platform, and its examples and tables are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dbt_muster.destinations import destination_types, find_type, open_destination
from dbt_muster.destinations.platform import Platform, PlatformSettings
from dbt_muster.specs import load

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
        can = find_type(name).capabilities
        hashed = any(form.hash == "sha256" for form in (can.identifiers or {}).values())
        assert cells.split(" | ") == [
            "hashed" if hashed else "in clear text",
            f"{can.batch_size:,}",
            f"{can.largest_batch:,}",
            "yes" if can.replaces else "no",
            "yes" if can.lookalikes else "no",
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
