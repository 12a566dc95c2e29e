"""The examples of guards and alerts in docs/delivery.md and docs/watching.md are specs that are read."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from dbt_muster.destinations.checking import check_destinations
from dbt_muster.specs import load
from tests.unit.specs.corpus import write_project

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLE = re.compile(r"^    destination: .*\n(?:    .*\n)+", re.MULTILINE)


def examples() -> list[str]:
    pages = ((DOCS / name).read_text(encoding="utf-8") for name in ("delivery.md", "watching.md"))
    return [textwrap.dedent(example) for page in pages for example in EXAMPLE.findall(page)]


@pytest.mark.parametrize("example", examples(), ids=lambda text: text.splitlines()[0])
def test_an_example_is_a_destination_that_is_read(example: str, tmp_path: Path) -> None:
    text = example if "\ntype:" in example else f"{example}type: files\npath: exports\n"
    project = load(write_project(tmp_path, {"audience_specs/destinations.yml": text}))
    check_destinations(project, tmp_path)


def test_the_projects_alerts_are_read(tmp_path: Path) -> None:
    page = (DOCS / "watching.md").read_text(encoding="utf-8")
    (example,) = re.findall(
        r"^    alerts:\n(?:      .*\n)+(?=\n)", page.partition("    destination:")[0], re.MULTILINE
    )
    files = {"audience_specs/alerts.yml": textwrap.dedent(example)}
    (alert,) = load(write_project(tmp_path, files)).destinations["drop"].alerts
    assert alert.size_change == 0.5


def test_guards_and_alerts_have_examples() -> None:
    assert any("guard:" in example for example in examples())
    assert any("alerts:" in example for example in examples())
