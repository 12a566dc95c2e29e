"""Where findings came from is traced once, and again as soon as anything in the specs has moved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.cli.main import main
from dbt_muster.portability import locating
from tests.unit.testing.kit import ENTITIES, project

# Trino has no path to a name with quotes in it.
WISH = "{wish: {path: [payload, 'the \"wish\"'], type: string}}"
ENTITY = ENTITIES.replace("{status: {type: string}, amount: {type: number}}", WISH)
THEM = "entity: customer\ncriteria:\n  - {event: orders, where: [{property: wish, is: cake}]}\n"


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For each time that findings are traced, how many."""
    counts: list[int] = []
    own = locating.located

    def trace(*arguments: Any) -> Any:
        counts.append(len(arguments[2]))
        return own(*arguments)

    monkeypatch.setattr(locating, "located", trace)
    return counts


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What a check of the folder finds."""
    arguments = ["check", "--dialects", "trino,duckdb", "--project-dir", str(folder), "--output", "json"]
    with pytest.raises(SystemExit):
        main([*arguments, "--cache-dir", str(folder / "facts")])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["portability"]["findings"]
    return found


def test_nothing_is_traced_again_until_a_line_has_moved(
    tmp_path: Path, traced: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, THEM, entities=ENTITY)
    first = checked(tmp_path, capsys)
    assert {each["position"]["line"] for each in first} == {4}
    assert checked(tmp_path, capsys) == first
    assert len(traced) == 1
    (spec,) = tmp_path.rglob("them.yml")
    spec.write_text("# A line more.\n" + spec.read_text())
    moved = checked(tmp_path, capsys)
    assert {each["position"]["line"] for each in moved} == {5}
    assert len(traced) == 2
