"""Where the members are not those that are expected, each criterion says whether it holds."""

from __future__ import annotations

from pathlib import Path

from dbt_muster.testing.report import explanation
from dbt_muster.testing.run import Outcome
from tests.unit.testing.kit import outcome

GIVEN = """\
as_of: 2026-11-01
given:
  customers:
    - {customer_id: 1, country: GB, score: 5}
    - {customer_id: 2, country: FR}
    - {customer_id: 3}
  orders:
    - {customer_id: 2, order_id: a, ordered_at: 3 days ago, amount: 1}
"""


def explained(found: Outcome) -> str:
    return "\n".join(explanation(found))


def test_every_criterion_of_every_group_is_shown_and_which_ones_keep_a_key_out(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        "entity: customer\n"
        "criteria:\n"
        "  all:\n"
        "    - {attribute: country, in: [GB, FR], ignore_case: true}\n"
        "  any:\n"
        "    - {attribute: score, at_least: 4.5}\n"
        "    - event: orders\n"
        "      within: 7 days\n"
        "  none:\n"
        "    - {event: orders}\n",
        GIVEN + "expect: [2, 3, 4]",
    )
    assert (
        explained(found)
        == """\
audience_specs/tests/them.yml:1
2 was expected, and is not a member:
    true   all   {attribute: country, in: [GB, FR], ignore_case: true}
    false  any   {attribute: score, at_least: 4.5}
    true   any   {event: orders, within: 7 days}
    true   none  {event: orders}   <- keeps it out
3 was expected, and is not a member:
    false  all   {attribute: country, in: [GB, FR], ignore_case: true}   <- keeps it out
    false  any   {attribute: score, at_least: 4.5}   <- keeps it out
    false  any   {event: orders, within: 7 days}   <- keeps it out
    false  none  {event: orders}
4 was expected, and no given row of the entity's own table has that key.
1 was not expected, and is a member:
    true   all   {attribute: country, in: [GB, FR], ignore_case: true}
    true   any   {attribute: score, at_least: 4.5}
    false  any   {event: orders, within: 7 days}
    false  none  {event: orders}"""
    )


def test_a_criterion_stands_where_it_is_written(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        "entity: customer\ncriteria:\n  - {attribute: country, is: DE}\n  - none:\n      - {event: orders}\n",
        GIVEN + "expect: [2]",
    )
    (difference,) = found.differences
    assert [(each.criterion, each.position.line, each.position.column) for each in difference.criteria] == [
        ("{attribute: country, is: DE}", 4, 5),
        ("{none: [{event: orders}]}", 5, 5),
    ]
    assert [each.decides for each in difference.criteria] == [True, True]


def test_criteria_about_other_audiences_and_traits_are_shown_too(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        "entity: customer\ncriteria:\n  - {audience: buyers}\n  - {trait: spent, more_than: 1}\n",
        GIVEN + "expect: [2]",
        audiences__buyers="audience: buyers\nentity: customer\ncriteria: [{event: orders}]\n",
        traits__spent="trait: spent\nentity: customer\nsum: {of: amount, event: orders}\n",
    )
    assert explained(found).splitlines()[2:] == [
        "    true   all   {audience: buyers}",
        "    false  all   {trait: spent, more_than: 1}   <- keeps it out",
    ]


def test_a_long_criterion_is_cut(tmp_path: Path) -> None:
    countries = ", ".join(f"country number {number}" for number in range(20))
    found = outcome(
        tmp_path,
        f"entity: customer\ncriteria: [{{attribute: country, in: [{countries}]}}]\n",
        GIVEN + "expect: [2]",
    )
    assert found.differences[0].criteria[0].criterion.endswith("…")
    assert len(found.differences[0].criteria[0].criterion) == 120


def test_the_description_of_a_test_that_fails_is_shown(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        "entity: customer\ncriteria: [{event: orders}]\n",
        f"description: Buyers are in.\n{GIVEN}expect: []",
    )
    assert "Buyers are in." in explained(found)
