"""Google's stand-in at its worst: it knows single identifiers, and removals take long."""

from __future__ import annotations

from typing import Any

from tests.destinations.standins.base import Answer, Call
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn


class LateRemovals(GoogleDataManagerStandIn):
    """Works on removals after everything else, and knows single identifiers alone.

    What nobody ever asked about, because the answer to it was lost, it works on in order.
    """

    flat = True

    def _status(self, call: Call) -> Answer:
        request = self.requests.get(call.query["requestId"])
        if request is not None and request.verb == "remove" and not request.done and request.asked < 4:
            request.asked += 1
            return Answer(200, {"requestStatusPerDestination": [{"requestStatus": "PROCESSING"}]})
        return super()._status(call)

    def _work_on(self, request: Any) -> None:
        for each in list(self.requests.values()):
            if each is request:
                break
            if each.asked == 0:
                super()._work_on(each)
        super()._work_on(request)

    def _move(self, request: Any, members: Any) -> None:
        super()._move(request, [frozenset([each]) for member in members for each in member])
