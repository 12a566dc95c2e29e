"""What destinations mean: their settings, alerts and guards."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dbt_muster.specs import load
from dbt_muster.specs.meaning import Guard
from tests.unit.specs.corpus import write_project


def test_a_destination_keeps_its_settings_as_they_are_written_and_where(tmp_path: Path) -> None:
    text_of = """\
destination: drop
type: webhook
token: "{{ env_var('TOKEN') }}"
headers: {X-Trace: yes, rate: 0.5}
token_url: https://example.com/token
guard: {largest_change: 12.5%, smallest_audience: 100}
"""
    found = load(write_project(tmp_path, {"audience_specs/destinations.yml": text_of})).destinations["drop"]
    assert found.settings == {
        "token": "{{ env_var('TOKEN') }}",
        "headers": {"X-Trace": "yes", "rate": 0.5},
        "token_url": "https://example.com/token",  # gives out secrets, and is none
    }
    assert found.guard == Guard(largest_share=0.125, smallest_audience=100)
    assert (found.positions["headers.rate"].line, found.positions["headers.rate"].column) == (4, 31)


def test_alerts_keep_their_address_as_it_is_written(
    tmp_path: Path,
) -> None:
    text_of = """\
destination: drop
type: files
alerts:
  - {type: slack, url: "{{ env_var('SLACK') }}"}
  - {type: webhook, url: "{{ env_var('HOOK') }}", on: [failure], stale_after: 2 days, size_change: 12.5%}
"""
    found = load(write_project(tmp_path, {"audience_specs/destinations.yml": text_of})).destinations["drop"]
    said = [(each.type, each.url, each.on, each.stale_after, each.size_change) for each in found.alerts]
    assert said == [
        ("slack", "{{ env_var('SLACK') }}", ("failure", "blocked"), None, None),
        ("webhook", "{{ env_var('HOOK') }}", ("failure",), timedelta(days=2), 0.125),
    ]
    assert "alerts" not in found.settings


def test_the_projects_alerts_are_those_of_every_destination_that_has_none_of_its_own(tmp_path: Path) -> None:
    files = {
        "audience_specs/alerts.yml": "alerts: [{type: slack, url: \"{{ env_var('ALL') }}\"}]\n",
        "audience_specs/destinations.yml": """\
destination: heir
type: files
---
destination: own
type: files
alerts: [{type: webhook, url: "{{ env_var('OWN') }}"}]
---
destination: quiet
type: files
alerts: []
""",
    }
    found = load(write_project(tmp_path, files)).destinations
    told = {name: [each.url for each in destination.alerts] for name, destination in found.items()}
    assert told == {"heir": ["{{ env_var('ALL') }}"], "own": ["{{ env_var('OWN') }}"], "quiet": []}
    (inherited,) = found["heir"].alerts
    assert inherited.position.file.as_posix() == "audience_specs/alerts.yml"


@pytest.mark.parametrize(
    ("guard", "meant"),
    [
        ("{largest_change: 5000}", Guard(largest_moves=5000)),
        ("{largest_change: {share: 30%, members: 5000}}", Guard(largest_share=0.3, largest_moves=5000)),
        ("{largest_change: {members: 0}, largest_audience: 9}", Guard(largest_moves=0, largest_audience=9)),
        ("{freshness: 2 days, failed_tests: ignore}", Guard(freshness=timedelta(2), failed_tests="ignore")),
    ],
)
def test_a_guard_means_its_limits(guard: str, meant: Guard, tmp_path: Path) -> None:
    text_of = f"destination: drop\ntype: files\nguard: {guard}\n"
    found = load(write_project(tmp_path, {"audience_specs/destinations.yml": text_of})).destinations["drop"]
    assert found.guard == meant
