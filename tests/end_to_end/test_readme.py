"""What the README shows is what there is."""

from __future__ import annotations

import re

import click
import pytest

from dbt_muster.cli.main import group
from dbt_muster.render import Renderer
from tests.end_to_end.commands import REPOSITORY

README = (REPOSITORY / "README.md").read_text()


def blocks(kind: str, language: str) -> list[tuple[str, str]]:
    """The README's fenced blocks that a comment ties to a file: its path, and the block's text."""
    return re.findall(rf"<!-- {kind}: (\S+) -->\n```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize(("path", "text"), blocks("file", "yaml"))
def test_every_file_that_the_readme_shows_is_the_file_itself(path: str, text: str) -> None:
    assert text == (REPOSITORY / path).read_text()


def test_the_readme_shows_every_spec_of_the_other_project() -> None:
    shown = {REPOSITORY / path for path, _ in blocks("file", "yaml")}
    specs = REPOSITORY / "tests" / "other_project" / "audience_specs"
    assert set(specs.rglob("*.yml")) <= shown


@pytest.mark.parametrize(("path", "text"), blocks("rendered", "sql"))
def test_the_sql_that_the_readme_shows_is_what_the_model_renders(path: str, text: str) -> None:
    renderer = Renderer("duckdb", variables={"muster_as_of": "2011-11-25"})
    assert without_spaces(text) == without_spaces(renderer.model((REPOSITORY / path).read_text()))


def test_the_readme_names_every_command() -> None:
    commands = group.list_commands(click.Context(group))
    assert commands
    assert not [name for name in commands if f"`muster {name}`" not in README]


def without_spaces(sql: str) -> str:
    return re.sub(r"\s+", "", sql)
