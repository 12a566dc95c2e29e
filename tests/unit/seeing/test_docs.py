"""docs/seeing.md shows what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.seeing.test_describe import muster

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "seeing.md").read_text()
SHOWN = re.findall(r"<!-- command: muster (.*?) -->\n```text\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_page_shows_output() -> None:
    assert SHOWN


@pytest.mark.parametrize(("arguments", "output"), SHOWN)
def test_what_the_page_shows_is_what_the_command_prints(
    arguments: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster(*shlex.split(arguments), "--project-dir", str(REPOSITORY)) == 0
    assert capsys.readouterr().out == output
