"""Everything that goes wrong at once: each call to a platform may meet a fault, by dice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping

from tests.destinations.standins import faults
from tests.destinations.standins.base import Answer, Call, Fault, StandIn

_AN_AUDIENCE_IS_LOST = 0.03
"""How often a fault is that somebody deletes the audience: after it, all that went before was in vain."""


class Chaos:
    """A fault for one stand-in. Calls may come from several threads, one at a time.

    Args:
        dice: what decides.

    Attributes:
        level: how many calls in a hundred meet a fault; a stretch of one makes it more for a while.
        lost: whether somebody deleted the audience since this was last set to False.
        met: how often each kind was met.
    """

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._left = 0
        self._stretch = ""
        self.level = 0
        self.lost = False
        self.met: Counter[str] = Counter()

    def __call__(self, stand_in: StandIn, call: Call) -> Answer | None:
        """Answer in the stand-in's place, or let it answer."""
        if self.level == 0:
            self._left = 0
            return None
        if self._left > 0:
            self._left -= 1
            return self._meet(self._stretch, _STRETCHES[self._stretch], stand_in, call)
        if self._dice.random() * 100 >= self.level:
            return None
        if self._dice.random() < _AN_AUDIENCE_IS_LOST and not stand_in.in_tags:
            self.lost = True
            return self._meet("audience deleted", faults.loses_an_audience, stand_in, call)
        if self._dice.random() < 0.2:
            self._stretch = self._dice.choice(list(_STRETCHES))
            self._left = self._dice.randint(1, 12)
            return None
        of_job = stand_in.asks_about_a_job(call) and self._dice.random() < 0.5
        kinds = _OF_JOBS if of_job else _FAULTS
        kind = self._dice.choice(list(kinds))
        if _cannot_be(kind, stand_in, call):
            return None
        return self._meet(kind, kinds[kind], stand_in, call)

    def _meet(self, kind: str, fault: Fault, stand_in: StandIn, call: Call) -> Answer | None:
        self.met[kind] += 1
        return fault(stand_in, call)


def _cannot_be(kind: str, stand_in: StandIn, call: Call) -> bool:
    """What nobody can tell from all being well: two audiences, or a receiver's word that it has a batch."""
    twice = kind == "twice" and stand_in.is_creation(call)
    return twice or (kind == "nothing in answer" and stand_in.type == "webhook")


def _is_slow(_stand_in: StandIn, _call: Call) -> None:
    time.sleep(0.02)


_FAULTS: Mapping[str, Fault] = {
    "slow": _is_slow,
    "fails": faults.server_error,
    "fails after acting": faults.acts_and_fails,
    "hangs up": faults.hangs_up,
    "hangs up after acting": faults.acts_and_hangs_up,
    "twice": faults.acts_twice,
    "page of 404": faults.not_found,
    "page of 403": faults.forbidden,
    "nothing in answer": faults.answers_nothing,
    "nothing in answer after acting": faults.acts_and_answers_nothing,
    "cut off after acting": faults.acts_and_is_cut_off,
}

_STRETCHES: Mapping[str, Fault] = {
    "too many calls": faults.throttled,
    "fails": faults.server_error,
    "page of 404": faults.not_found,
    "page of 403": faults.forbidden,
}

_OF_JOBS: Mapping[str, Fault] = {
    "job fails": faults.job_fails,
    "job forgotten": faults.job_is_forgotten,
}
