"""A campaign of faults: syncs are killed and platforms fail, and members are where they belong in the end.

`make test-faults` makes it two hundred runs; `make test` makes a few of them, so that the campaign itself is
tried. The seed is printed, and MUSTER_FAULT_SEED repeats one.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.destinations.standins.base import StandIn
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.standins.klaviyo import KlaviyoStandIn
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn
from tests.end_to_end.starting import Starter
from tests.faults.chaos import Chaos
from tests.faults.shop import Shop

RUNS = int(os.environ.get("MUSTER_FAULT_RUNS", "8"))
SEED = int(os.environ.get("MUSTER_FAULT_SEED", "0")) or secrets.randbelow(10**9)
POPULATION, MOVES = 400, 120

# One that goes by identifiers with several calls at once, one whose work is jobs, and one that goes by key.
PLATFORMS: tuple[type[StandIn], ...] = (MetaCustomAudiencesStandIn, KlaviyoStandIn, BrazeStandIn)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes the way that POSIX knows"),
]


class Campaign:
    """Counts what happened, and compares platforms with the warehouse."""

    def __init__(self, shop: Shop, starter: Starter, dice: random.Random) -> None:
        self._shop = shop
        self._starter = starter
        self._dice = dice
        self._seconds = 1.0
        self.chaos = Chaos(random.Random(dice.random()))  # noqa: S311 - tests repeat
        self.ends: Counter[str] = Counter()
        self.lost = self.extra = self.checks = 0
        for stand_in in shop.stand_ins:
            stand_in.faults = [self.chaos]

    def run(self) -> None:
        """One run: people change, platforms may fail, and the sync may be killed."""
        dice = self._dice
        self._shop.change(dice, population=POPULATION, moves=MOVES)
        self.chaos.level = dice.choice([0, 5, 20, 60])
        kill = dice.random() < 0.6
        started = time.monotonic()
        wait = dice.uniform(0, 1.2 * self._seconds)
        code = self._starter.sync((lambda: time.sleep(wait)) if kill else None)
        if code == -signal.SIGKILL:
            self.ends["killed"] += 1
            return
        assert code in (0, 1), self._starter.log()
        self._seconds = 0.7 * self._seconds + 0.3 * (time.monotonic() - started)
        self.ends["through" if code == 0 else "failed"] += 1
        if code == 0:
            self.compare()

    def is_over(self) -> bool:
        """Whether enough was tried: dice may give few runs too few deaths or faults."""
        enough = self.ends["killed"] >= RUNS // 5 and self.chaos.met.total() >= RUNS
        return enough and self.ends.total() >= RUNS

    def settle(self) -> None:
        """Two syncs with nothing in their way."""
        self.chaos.level = 0
        assert self._starter.sync() == 0, self._starter.log()
        assert self._starter.sync() == 0, self._starter.log()
        self.compare()

    def compare(self) -> None:
        """Count members that a platform lacks, and those that it has too many."""
        for stand_in in self._shop.stand_ins:
            expected, held = self._shop.expected(stand_in), self._shop.held(stand_in)
            self.checks += 1
            self.lost += len(expected - held)
            self.extra += len(held - expected)

    def report(self) -> str:
        """What to know of the campaign, in three lines."""
        return (
            f"seed {SEED}: {self.ends.total()} runs, {dict(self.ends)}\n"
            f"faults met: {dict(self.chaos.met.most_common())}\n"
            f"compared {self.checks} times: {self.lost} lost, {self.extra} extra\n"
        )


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Campaign]:
    dice = random.Random(SEED)  # noqa: S311 - tests repeat
    with ExitStack() as stack:
        stand_ins = [stack.enter_context(kind().running()) for kind in PLATFORMS]
        shop = Shop(tmp_path, stand_ins)
        starter = Starter(shop.folder, shop.environment)
        stack.callback(starter.close)
        shop.change(dice, population=POPULATION, moves=POPULATION)
        yield Campaign(shop, starter, dice)
    for stand_in in stand_ins:
        assert stand_in.violations == []


def test_platforms_hold_exactly_the_members_after_any_faults(campaign: Campaign) -> None:
    while not campaign.is_over() and campaign.ends.total() < 4 * RUNS:
        campaign.run()
    campaign.settle()
    sys.stdout.write(campaign.report())
    assert (campaign.lost, campaign.extra) == (0, 0), campaign.report()
    assert campaign.is_over(), campaign.report()
