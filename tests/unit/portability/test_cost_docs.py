"""docs/cost.md shows what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dbt_muster.cli.main import main

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "cost.md").read_text()
SHOWN = re.findall(r"<!-- command: muster (.*?) -->\n```text\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_page_shows_a_table_and_an_audience() -> None:
    assert len(SHOWN) == 2


@pytest.mark.parametrize(("arguments", "output"), SHOWN)
def test_what_the_page_shows_is_what_the_command_prints(
    arguments: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([*shlex.split(arguments), "--project-dir", str(REPOSITORY)])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == output
