"""Audiences whose members stay: a look shows who qualifies now, and says so."""

from __future__ import annotations

from pathlib import Path

from dbt_muster.seeing import Clock, preview
from dbt_muster.seeing.inline import Rows, Site
from tests.unit.testing.kit import project

STAYING = "entity: customer\ncriteria:\n  - {attribute: country, is: GB}\nstay: 30 days\n"


def test_a_preview_of_members_who_stay_asks_who_qualifies_now_and_says_so(tmp_path: Path) -> None:
    specs = project(tmp_path, STAYING)
    clock = Clock.at("2026-01-31")
    asked: list[str] = []

    def query(sql: str) -> Rows:
        asked.append(sql)
        return [(9, 2, 2, 9, 2, 2, 9, 2)]

    found = preview(
        specs, specs.audiences["them"], Site("duckdb", lambda _, *n: n[-1], query, clock.as_of), clock, 0
    )
    assert "muster_standing" not in asked[0]
    assert any("`stay` and `expire` of them go by earlier evaluations" in line for line in found.lines())
