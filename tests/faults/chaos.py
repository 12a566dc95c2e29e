"""Everything that goes wrong at once: each call to a platform may meet a fault, by dice."""

from __future__ import annotations

import random
import time
from collections import Counter

from tests.destinations.standins import faults
from tests.destinations.standins.base import Answer, Call, StandIn


class Chaos:
    """A fault for a stand-in. Calls may come from several threads, one at a time.

    Args:
        dice: what decides.

    Attributes:
        level: how many calls in a hundred meet a fault; a storm of refusals makes it more for a while.
        met: how often each kind was met.
    """

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._storm = 0
        self.level = 0
        self.met: Counter[str] = Counter()

    def __call__(self, stand_in: StandIn, call: Call) -> Answer | None:
        """Answer in the stand-in's place, or let it answer."""
        if self.level == 0:
            self._storm = 0
            return None
        if self._storm > 0:
            self._storm -= 1
            return self._meet("too many calls", stand_in.throttled())
        if self._dice.random() * 100 >= self.level:
            return None
        kind = self._dice.choice(["storm", "slow", *_FAULTS])
        if kind == "twice" and stand_in.is_creation(call):
            return None  # two audiences would be made, which nobody can prevent
        if kind == "storm":
            self._storm = self._dice.randint(1, 6)
            return self._meet("too many calls", stand_in.throttled())
        self.met[kind] += 1
        if kind == "slow":
            time.sleep(self._dice.uniform(0.005, 0.05))
            return None
        return _FAULTS[kind](stand_in, call)

    def _meet(self, kind: str, answer: Answer) -> Answer:
        self.met[kind] += 1
        return answer


_FAULTS = {
    "fails": faults.server_error,
    "fails after acting": faults.acts_and_fails,
    "hangs up": faults.hangs_up,
    "hangs up after acting": faults.acts_and_hangs_up,
    "twice": faults.acts_twice,
}
