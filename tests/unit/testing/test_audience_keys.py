"""Tests of audiences whose members are more than their criteria: limits, splits."""

from __future__ import annotations

from pathlib import Path

from dbt_muster.testing.report import explanation
from tests.unit.testing.kit import outcome

TEST = """\
as_of: 2026-11-01
given:
  customers:
    - {customer_id: 1, country: GB, score: 3}
    - {customer_id: 2, country: GB, score: 5}
    - {customer_id: 3, country: FR, score: 9}
"""
BRITISH = "entity: customer\ncriteria: [{attribute: country, is: GB}]\n"


def test_a_test_of_a_limited_audience_expects_those_within_the_limit(tmp_path: Path) -> None:
    audience = f"{BRITISH}limit: {{top: 1, by: score}}\nsplit: {{control: 10%, email: 90%}}\n"
    assert outcome(tmp_path, audience, f"{TEST}expect: [2]\n").passed


def test_who_only_the_limit_leaves_out_is_told_so(tmp_path: Path) -> None:
    audience = f"{BRITISH}limit: {{top: 1, by: score}}\n"
    failed = outcome(tmp_path, audience, f"{TEST}expect: [1, 2]\n")
    assert list(explanation(failed))[-2:] == [
        "    true   all   {attribute: country, is: GB}",
        "    The criteria hold, and the audience's limit leaves it out.",
    ]


def test_an_audience_that_extends_another_one_shows_the_criteria_of_that_one(tmp_path: Path) -> None:
    template = "audience: base\nentity: customer\nenabled: false\nparameters: {country: GB}\n"
    template += "criteria: [{attribute: country, is: '{{ country }}'}]\n"
    audience = "extends: base\nparameters: {country: FR}\n"
    failed = outcome(tmp_path, audience, f"{TEST}expect: [1, 3]\n", audiences__base=template)
    assert "    false  all   {attribute: country, is: {{ country }}}   <- keeps it out" in explanation(failed)
