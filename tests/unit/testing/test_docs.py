"""What docs/testing.md shows is what there is."""

from __future__ import annotations

import re
from dataclasses import replace

from dbt_muster.specs import load
from dbt_muster.testing.report import explanation
from dbt_muster.testing.run import run
from tests.end_to_end.commands import REPOSITORY

PAGE = (REPOSITORY / "docs" / "testing.md").read_text(encoding="utf-8")


def test_the_test_that_the_page_shows_is_the_file_itself() -> None:
    ((path, shown),) = re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert shown == (REPOSITORY / path).read_text(encoding="utf-8")


def test_the_failure_that_the_page_shows_is_what_is_said() -> None:
    pattern = r"<!-- expect: (\S+) ([0-9 ]+) -->\n```text\n(.*?)```"
    ((name, keys, shown),) = re.findall(pattern, PAGE, flags=re.DOTALL)
    project = load(REPOSITORY)
    case = replace(project.tests[name], expect=tuple(int(key) for key in keys.split()))
    (outcome,) = run(project, [case])
    assert "".join(f"{line}\n" for line in list(explanation(outcome))[1:]) == shown
