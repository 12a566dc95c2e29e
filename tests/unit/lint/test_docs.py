"""docs/lint.md has a section for each code, and its examples are found as it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dbt_muster.lint import lint
from dbt_muster.specs import load
from dbt_muster.specs.codes import CODES

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "lint.md").read_text()
FOUND = re.findall(r"<!-- finds: (.*?) -->\n```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
EXAMPLES = re.findall(r"<!-- example -->\n```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The starter library, whose orders go back two years."""
    shutil.copytree(REPOSITORY / "audience_specs", tmp_path / "audience_specs")
    entities = tmp_path / "audience_specs" / "entities.yml"
    text = entities.read_text()
    entities.write_text(text.replace("    id: order_id\n", "    id: order_id\n    history: 2 years\n"))
    assert entities.read_text() != text
    return tmp_path


def codes(root: Path, text: str) -> list[str]:
    name = re.match(r"audience: (\w+)", text)
    name_of = name[1] if name else "them"
    head = "" if name else "audience: them\nentity: customer\n"
    (root / "audience_specs" / "audiences" / f"{name_of}.yml").write_text(head + text)
    return [finding.code for finding in lint(load(root), [name_of])]


def test_every_code_has_a_section_with_its_level() -> None:
    sections = dict(re.findall(r"^## (\w+)\n\n\*(\w+)\.\*", PAGE, flags=re.MULTILINE))
    assert {code: level.lower() for code, level in sections.items()} == dict(CODES)


@pytest.mark.parametrize(("expected", "text"), FOUND)
def test_an_example_is_found_as_the_page_says(root: Path, expected: str, text: str) -> None:
    assert sorted(set(codes(root, text))) == sorted(expected.split())


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_the_page_accepts_is_silent(root: Path, text: str) -> None:
    assert codes(root, text) == []


def test_nothing_is_found_in_the_starter_library() -> None:
    assert lint(load(REPOSITORY)) == []
