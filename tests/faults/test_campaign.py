"""Campaigns of faults: syncs are killed and platforms fail, and members are where they belong in the end.

`make test-faults` makes two hundred runs, with other platforms after every twenty-five; `make test` makes a
few of them, so that the campaign itself is tried. The seed and the platforms are printed, and
MUSTER_FAULT_SEED repeats one.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.starting import Starter
from tests.faults.campaign import Campaign
from tests.faults.people import People
from tests.faults.platforms import draw
from tests.faults.shop import Shop

RUNS = int(os.environ.get("MUSTER_FAULT_RUNS", "8"))
SEED = int(os.environ.get("MUSTER_FAULT_SEED", "0")) or secrets.randbelow(10**9)
RUNS_WITH_THE_SAME_PLATFORMS = 25
POPULATION = 150

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes the way that POSIX knows"),
]


class Total:
    """What all campaigns of a test come to."""

    def __init__(self) -> None:
        self.ends: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.lost = self.extra = self.checks = 0

    def add(self, campaign: Campaign) -> None:
        """Count a campaign that is over."""
        self.ends += campaign.ends
        self.events += campaign.events
        self.met += campaign.met
        self.lost += campaign.lost
        self.extra += campaign.extra
        self.checks += campaign.checks

    def is_over(self) -> bool:
        """Whether enough was tried: dice may give few runs too few deaths or faults."""
        enough = self.ends["killed"] >= RUNS // 5 and self.met.total() >= RUNS // 2
        return enough and self.ends.total() >= RUNS

    def __str__(self) -> str:
        return (
            f"seed {SEED}: {self.ends.total()} runs, {dict(self.ends)}\n"
            f"between runs: {dict(self.events.most_common())}\n"
            f"faults met: {dict(self.met.most_common())}\n"
            f"compared {self.checks} times: {self.lost} lost, {self.extra} extra\n"
        )


def one_campaign(folder: Path, dice: random.Random, total: Total) -> None:
    """A project and platforms of its own; counts what happens, and compares at the end."""
    with ExitStack() as stack:
        platforms = draw(dice)
        sys.stdout.write(f"\nseed {SEED}: {', '.join(map(str, platforms))}\n")
        places = [stack.enter_context(platform.running()) for platform in platforms]
        people = People(POPULATION)
        people.change(dice, POPULATION)
        folder.mkdir()
        shop = Shop(folder, places, people)
        starters = [Starter(folder, shop.environment, log) for log in ("first.log", "second.log")]
        for starter in starters:
            stack.callback(starter.close)
        campaign = Campaign(shop, starters, dice)
        for _ in range(min(RUNS, RUNS_WITH_THE_SAME_PLATFORMS)):
            campaign.run()
        campaign.settle()
        total.add(campaign)
    for place in places:
        assert place.stand_in.violations == []


def test_platforms_hold_exactly_the_members_after_any_faults(tmp_path: Path) -> None:
    dice = random.Random(SEED)  # noqa: S311 - tests repeat
    total = Total()
    while not total.is_over() and total.ends.total() < 4 * RUNS:
        one_campaign(tmp_path / f"after {total.ends.total()} runs", dice, total)
        assert (total.lost, total.extra) == (0, 0), total
    sys.stdout.write(str(total))
    assert total.is_over(), total
