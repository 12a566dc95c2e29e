"""Things that go wrong between a destination and a platform, each for some calls and then no more."""

from __future__ import annotations

from collections.abc import Callable

from tests.destinations.standins.base import Answer, Call, Fault, HangUp, StandIn

Which = Callable[[StandIn, Call], bool]


def writes(stand_in: StandIn, call: Call) -> bool:
    """Calls that add or remove members."""
    return stand_in.is_write(call)


def anything(_stand_in: StandIn, _call: Call) -> bool:
    """Every call."""
    return True


def creations(stand_in: StandIn, call: Call) -> bool:
    """Calls that make an audience."""
    return stand_in.is_creation(call)


def first(times: int, which: Which, fault: Fault) -> Fault:
    """A fault that meets the first calls of a kind, and none after them."""
    left = [times]

    def meets(stand_in: StandIn, call: Call) -> Answer | None:
        if left[0] <= 0 or not which(stand_in, call):
            return None
        left[0] -= 1
        return fault(stand_in, call)

    return meets


def throttled(stand_in: StandIn, _call: Call) -> Answer:
    """Too many calls."""
    return stand_in.throttled()


def unauthorised(stand_in: StandIn, _call: Call) -> Answer:
    """The login is not accepted."""
    return stand_in.unauthorised()


def server_error(_stand_in: StandIn, _call: Call) -> Answer:
    """The platform fails before it does anything."""
    return Answer(503, b"<html>unavailable</html>", {"content-type": "text/html"})


def not_found(_stand_in: StandIn, _call: Call) -> Answer:
    """Something on the way has no such page, and the platform never hears of it."""
    return Answer(404, b"<html>not found</html>", {"content-type": "text/html"})


def forbidden(_stand_in: StandIn, _call: Call) -> Answer:
    """Something on the way lets nobody through, and the platform never hears of it."""
    return Answer(403, b"<html>forbidden</html>", {"content-type": "text/html"})


def answers_nothing(_stand_in: StandIn, _call: Call) -> Answer:
    """Something on the way says that all is well, and the platform never hears of it."""
    return Answer(200)


def acts_and_answers_nothing(stand_in: StandIn, call: Call) -> Answer:
    """The platform does it, and its answer, where it is a good one, arrives without a body."""
    answer = stand_in.handle(call)
    return Answer(200) if answer.status < 300 else answer


def acts_and_is_cut_off(stand_in: StandIn, call: Call) -> Answer:
    """The platform does it, and its answer arrives without its second half."""
    answer = stand_in.handle(call)
    content = answer.content()
    return Answer(answer.status, content[: len(content) // 2], answer.headers)


def job_fails(stand_in: StandIn, call: Call) -> Answer:
    """The job that is asked about fails when half of it is done."""
    stand_in.end_job(call, known=True)
    return stand_in.handle(call)


def job_is_forgotten(stand_in: StandIn, call: Call) -> Answer:
    """The platform does not know the job any more that is asked about, and has done half of it."""
    stand_in.end_job(call, known=False)
    return stand_in.handle(call)


def loses_an_audience(stand_in: StandIn, call: Call) -> Answer:
    """Somebody at the platform deletes an audience, just before the platform answers."""
    for audience in stand_in.audience_ids():
        stand_in.lose(audience)
    return stand_in.handle(call)


def acts_and_fails(stand_in: StandIn, call: Call) -> Answer:
    """The platform does it, and says that it failed."""
    stand_in.handle(call)
    return Answer(502, b"<html>bad gateway</html>", {"content-type": "text/html"})


def acts_and_hangs_up(stand_in: StandIn, call: Call) -> Answer:
    """The platform does it, and the connection ends before the answer."""
    stand_in.handle(call)
    raise HangUp


def hangs_up(_stand_in: StandIn, _call: Call) -> Answer:
    """The connection ends before anything is done."""
    raise HangUp


def acts_twice(stand_in: StandIn, call: Call) -> Answer:
    """The same call reaches the platform twice."""
    stand_in.handle(call)
    return stand_in.handle(call)
