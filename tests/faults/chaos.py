"""Everything that goes wrong at once: each call to a platform may meet a fault, by dice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping

from tests.destinations.standins import faults
from tests.destinations.standins.base import Answer, Call, Fault, StandIn

_LOSSES, _STRETCHES, _ENDS_OF_JOBS = 0.03, 0.2, 0.5
"""How often a fault is the loss of the audience, after which all that went before was in vain; how often it
lasts for a stretch of calls; and how often, where a job is asked about, it is the job's end."""


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
        kind = self._kind(stand_in, call)
        if kind is None or _cannot_be(kind, stand_in, call):
            return None
        self.met[kind] += 1
        self.lost = self.lost or kind == "audience deleted"
        return _FAULTS[kind](stand_in, call)

    def _kind(self, stand_in: StandIn, call: Call) -> str | None:
        if self.level == 0:
            self._left = 0
            return None
        if self._left > 0:
            self._left -= 1
            return self._stretch
        if self._dice.random() * 100 >= self.level:
            return None
        if self._dice.random() < _LOSSES:
            return "audience deleted"
        if self._dice.random() < _STRETCHES:
            self._stretch, self._left = self._dice.choice(_LASTING), self._dice.randint(1, 12)
            return self._stretch
        of_job = stand_in.asks_about_a_job(call) and self._dice.random() < _ENDS_OF_JOBS
        return self._dice.choice(_OF_JOBS if of_job else _OF_A_CALL)


def _cannot_be(kind: str, stand_in: StandIn, call: Call) -> bool:
    """What cannot happen there, or what nobody can tell from all being well.

    That is: two audiences for one, and a receiver's word that it has a batch.
    """
    match kind:
        case "audience deleted":
            return stand_in.in_tags
        case "twice":
            return stand_in.is_creation(call)
        case "nothing in answer":
            return stand_in.type == "webhook"
    return False


def _is_slow(_stand_in: StandIn, _call: Call) -> None:
    time.sleep(0.02)


_FAULTS: Mapping[str, Fault] = {
    "slow": _is_slow,
    "too many calls": faults.throttled,
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
    "audience deleted": faults.loses_an_audience,
    "job fails": faults.job_fails,
    "job forgotten": faults.job_is_forgotten,
}
_LASTING = ("too many calls", "fails", "page of 404", "page of 403")
_OF_JOBS = ("job fails", "job forgotten")
_OF_A_CALL = tuple(kind for kind in _FAULTS if kind not in (*_OF_JOBS, "audience deleted"))
