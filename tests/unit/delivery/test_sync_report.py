"""What `muster sync` prints of its reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dbt_muster.cli.sync import _as_text
from dbt_muster.delivery import PairReport
from dbt_muster.delivery.guards import Finding


@pytest.mark.parametrize(
    ("ending", "words"), [("empty", "its members are taken out there"), ("delete", "it is deleted there")]
)
def test_what_becomes_of_an_audience_that_is_no_longer_synced_is_said(ending: str, words: str) -> None:
    report = PairReport("fans", "crm", status="planned", ending=ending)
    assert f"fans:crm: no longer in the specs, so {words}" in _as_text([report], dry_run=True)


def test_nothing_is_said_of_endings_of_an_audience_that_is_synced() -> None:
    assert "no longer" not in _as_text([PairReport("fans", "crm", status="applied")], dry_run=False)


def test_a_full_resync_says_why_and_a_dry_run_how_much_it_would_send() -> None:
    report = PairReport("fans", "crm", status="planned", resync="asked for", planned=1200)
    other = replace(report, destination="ads", planned=1)
    heading, row, _, why = _as_text([report, other], dry_run=True).splitlines()
    assert (heading.split()[-2:], row.split()[-2:]) == (["planned", "status"], ["1,200", "planned"])
    assert why == "full resync (asked for): fans:crm, fans:ads"


def test_whoever_is_only_sent_again_is_no_riddle_among_the_additions() -> None:
    report = PairReport("fans", "crm", status="applied", adds=5, resent=5)
    assert "fans:crm: 5 of the additions may be there already" in _as_text([report], dry_run=False)
    anew = replace(report, resync="asked for")
    assert "already" not in _as_text([anew], dry_run=False)


def test_a_guard_that_was_set_aside_is_named_where_the_run_went_through_all_the_same() -> None:
    finding = Finding("smallest_audience", "3", "10 at least", True, "the audience has 3 members")
    report = PairReport("fans", "crm", status="applied", guards=[finding])
    line = "fans:crm: sent because of --override, although the audience has 3 members"
    assert line in _as_text([report], dry_run=False)
    blocked = replace(report, status="blocked", reason="nothing was sent")
    assert "--override" not in _as_text([blocked], dry_run=False)


def test_whoever_was_refused_is_said_to_be_in_a_table() -> None:
    report = PairReport("fans", "crm", status="applied", run_id="r7", rejected=2)
    assert "muster_sync_rejects, where run_id is r7" in _as_text([report], dry_run=False)


@pytest.mark.parametrize(
    ("many", "words"),
    [
        (1, "1 of them is a removal refused before, first on 2026-11-03 at 09:15 UTC"),
        (2, "2 of them are removals refused before, first on 2026-11-03 at 09:15 UTC"),
    ],
)
def test_removals_that_are_refused_again_are_told_with_the_day_since_when(many: int, words: str) -> None:
    report = PairReport("fans", "crm", status="applied", run_id="r7", rejected=2)
    assert "before" not in _as_text([report], dry_run=False)
    again = replace(report, refused_before=many, refused_since="2026-11-03T09:15:30Z")
    assert f"where run_id is r7; {words}: the destination may still have" in _as_text([again], dry_run=False)
