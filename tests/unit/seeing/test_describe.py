"""`muster describe`, as people and programs call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbt_muster.cli.main import main
from tests.unit.testing.kit import ENTITIES, project

AUDIENCE = """\
description: |
  People we miss,
  and who spent.
entity: customer
owner: growth
tags: [retention]
criteria:
  all:
    - {attribute: country, in: [GB, IE]}
    - any:
        - {trait: spent, at_least: 5}
        - {event: app.opened the app, within: 30 days, count: {less_than: 3}}
  none:
    - {event: orders, within: 60 days, where: [{property: status, is_not: returned}]}
split: {control: 10%, rest: 90%}
"""
SPENT = "trait: spent\nentity: customer\nsum: {of: amount, event: orders}\n"

SAID = """\
them: an audience of customer
People we miss, and who spent.
owner growth; tags retention

As of 2026-07-01 10:00 (Europe/London), a member is each customer for whom all of these hold:
  - country is GB or IE
  - at least one of these holds:
    - spent is at least 5
    - app.opened the app happened fewer than 3 times in the last 30 days (2026-06-01 10:00 to 2026-07-01 10:00)
  - none of these holds:
    - orders happened at least once in the last 60 days (2026-05-02 10:00 to 2026-07-01 10:00), where status is not returned, or is missing

where
  spent is the sum of amount over orders

Members are split by hash: control 10% (never sent), rest 90%.
"""  # noqa: E501 - as it is printed


def muster(*arguments: str) -> int:
    """A command's exit code."""
    try:
        main(list(arguments))
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project(tmp_path, AUDIENCE, traits__spent=SPENT)
    return tmp_path


def test_a_spec_is_said_in_plain_english_with_the_dates_of_its_windows(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster("describe", "them", "--as-of", "2026-07-01T09:00:00Z", "--project-dir", str(root)) == 0
    assert capsys.readouterr().out == SAID


def test_the_machine_form_has_the_tree_of_criteria(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert muster("describe", "them", "--output", "json", "--project-dir", str(root)) == 0
    (said,) = json.loads(capsys.readouterr().out)["audiences"]
    assert said["audience"] == "them"
    assert [child["kind"] for child in said["criteria"]["children"]] == ["condition", "any", "none"]
    assert said["traits"] == {"spent": "the sum of amount over orders"}


def test_what_a_trait_is_calculated_from_is_said_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doubled = "trait: doubled\nentity: customer\nexpression: spent * 2\n"
    criteria = "entity: customer\ncriteria:\n  - {trait: doubled, at_least: 5}\n"
    project(tmp_path, criteria, traits__spent=SPENT, traits__doubled=doubled)
    assert muster("describe", "them", "--project-dir", str(tmp_path)) == 0
    said = capsys.readouterr().out
    assert "  doubled is spent * 2\n  spent is the sum of amount over orders\n" in said


def test_an_unknown_audience_is_refused_with_the_nearest_name(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster("describe", "then", "--project-dir", str(root)) == 2
    assert "There is no audience `then`; expected `them`. Did you mean `them`?" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "", "2026-1-1"])
def test_an_instant_that_is_none_is_refused(
    root: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster("describe", "them", "--as-of", text, "--project-dir", str(root)) == 2
    assert "expected a date or a timestamp" in capsys.readouterr().err


def test_what_a_spec_says_cannot_reorder_the_terminals_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = 'entity: customer\ncriteria:\n  - {attribute: country, is: "a\\u202eb"}\n'
    project(tmp_path, hostile)
    assert muster("describe", "them", "--project-dir", str(tmp_path)) == 0
    assert "a\\u202eb" in capsys.readouterr().out


def test_how_long_members_stay_and_when_they_expire_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "entity: customer\ncriteria: [{attribute: country, is: GB}]\nstay: 1 day\nexpire: 3 months\n"
    project(tmp_path, text)
    muster("describe", "them", "--project-dir", str(tmp_path))
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "A member stays for 1 day after it last qualified.",
        "A membership ends 3 months after it began, and may begin again after the criteria have failed once.",
    ]


def test_conditions_about_other_entities_have_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    around = ENTITIES.replace("events:\n", "through: {entity: account, key: account_id}\nevents:\n", 1)
    criteria = "{through: customer, count: {at_least: 2}, where: [{event: orders}]}"
    audience = f"entity: customer\ncriteria: [{{through: account, where: [{criteria}]}}]"
    project(tmp_path, audience, entities=around)
    muster("describe", "them", "--as-of", "2026-07-01T09:00:00Z", "--project-dir", str(tmp_path))
    assert (
        "- its account meets: at least 2 of its customers meet: orders happened at least once ever\n"
    ) in capsys.readouterr().out


def test_what_is_asked_of_another_entity_is_dated_by_its_own_zone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    around = ENTITIES.replace("events:\n", "through: {entity: account, key: account_id}\nevents:\n", 1)
    around = around.replace("entity: account\nmodel", "entity: account\ntimezone: Asia/Tokyo\nmodel")
    logins = "{event: logins, within: 1 day}"
    audience = f"entity: customer\ncriteria: [{{through: account, where: [{logins}]}}]"
    project(tmp_path, audience, entities=around)
    muster("describe", "them", "--as-of", "2026-07-01T09:00:00Z", "--project-dir", str(tmp_path))
    assert "in the last 1 day (2026-06-30 18:00 to 2026-07-01 18:00)" in capsys.readouterr().out
