"""A campaign of faults: what happens between two syncs, during one, and what is compared after it."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence

from tests.end_to_end.starting import Starter, kill
from tests.faults.chaos import Chaos
from tests.faults.platforms import Place
from tests.faults.shop import Shop

MOVES = 50


class Campaign:
    """Lets syncs of a shop meet everything, and compares its platforms with its warehouse.

    Args:
        shop: whose audience.
        starters: two, so that two syncs can run at once.
        dice: what decides.
    """

    def __init__(self, shop: Shop, starters: Sequence[Starter], dice: random.Random) -> None:
        self._shop = shop
        self._starters = starters
        self._dice = dice
        self._seconds = 1.0
        self._chaos = {place.name: Chaos(random.Random(dice.random())) for place in shop.places}  # noqa: S311 - tests repeat
        self.ends: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.lost = self.extra = self.checks = 0
        for place in shop.places:
            place.stand_in.faults = [self._chaos[place.name]]

    @property
    def met(self) -> Counter[str]:
        """The faults that calls met."""
        return sum((chaos.met for chaos in self._chaos.values()), Counter())

    def run(self) -> None:
        """One run: things change, platforms may fail, and the sync may be killed or not be alone."""
        dice = self._dice
        self._change()
        self._set_faults(dice.choice([0, 5, 20, 50]))
        if self._happens("erased", 0.08):
            self._erase(dice.choice(self._shop.people.unerased()))
        started = time.monotonic()
        wait = dice.uniform(0, 1.2 * self._seconds)
        until = (lambda: time.sleep(wait)) if dice.random() < 0.5 else None
        codes = self._two(until) if self._happens("two at once", 0.15) else [self._sync(until)]
        if -signal.SIGKILL in codes:
            self.ends["killed"] += 1
            return
        self._seconds = 0.7 * self._seconds + 0.3 * (time.monotonic() - started)
        self.ends["through" if codes[-1] == 0 else "failed"] += 1
        if codes[-1] == 0:
            self._compare()

    def settle(self) -> None:
        """Two syncs of everything with nothing in their way."""
        for place in self._shop.places:
            place.synced = True
        self._shop.write()
        self._set_faults(0)
        for _ in range(2):
            assert self._sync(None) == 0, self._starters[0].log()
        self._compare()

    # --- before a sync ---------------------------------------------------------------------------------

    def _change(self) -> None:
        dice, shop = self._dice, self._shop
        shop.people.change(dice, MOVES)
        place = dice.choice(shop.places)
        if self._happens("match_on changed", 0.1):
            place.change_match_on(dice)
        if self._happens("spec goes or comes back", 0.15):
            place.synced = not place.synced
        shop.write()

    def _set_faults(self, level: int) -> None:
        members = self._shop.people.deliverable()
        for place in self._shop.places:
            chaos = self._chaos[place.name]
            chaos.level, chaos.lost = level, False
            values = place.refusable(members) if level and self._happens("records refused", 0.1) else []
            place.stand_in.refuses = set(self._dice.sample(values, min(3, len(values))))

    def _erase(self, key: int) -> None:
        """Erase somebody, though platforms may fail; where the erasure is killed, it is begun again."""
        until = (lambda: time.sleep(self._dice.uniform(0, 1))) if self._dice.random() < 0.3 else None
        for attempt in (until, None):
            code = self._starters[0].run(["erase", "customer", str(key), "--output", "json"], attempt)
            if code != -signal.SIGKILL:
                assert code in (0, 1), self._starters[0].log()
                break
        self._shop.people.erased.add(key)

    def _happens(self, what: str, share: float) -> bool:
        happens = self._dice.random() < share
        self.events[what] += happens
        return happens

    # --- a sync ----------------------------------------------------------------------------------------

    def _sync(self, until: Callable[[], None] | None) -> int:
        code = self._starters[0].sync(until)
        assert code in (0, 1, -signal.SIGKILL), self._starters[0].log()
        return code

    def _two(self, until: Callable[[], None] | None) -> list[int]:
        """Two at once, of which the one that waits is never killed; gives its exit code."""
        first, second = self._starters
        process = first.begin(["sync", "--output", "json"])
        second.begin(["sync", "--output", "json", "--wait", "1m"])
        if until is not None:
            until()
            kill(process)
        codes = [first.end(), second.end()]
        assert set(codes) <= {0, 1, -signal.SIGKILL}, first.log() + second.log()
        return codes[1:]

    # --- after it --------------------------------------------------------------------------------------

    def _compare(self) -> None:
        """Count members that a platform lacks, and those that it has too many."""
        members = self._shop.people.deliverable()
        for place in self._shop.places:
            if self._may_differ(place):
                continue
            expected, held = place.expected(members), place.held()
            self.checks += 1
            self.lost += len(expected - held)
            self.extra += len(held - expected)

    def _may_differ(self, place: Place) -> bool:
        """Whether somebody deleted the audience after it was filled, or records were refused."""
        return self._chaos[place.name].lost or bool(place.stand_in.refuses)
