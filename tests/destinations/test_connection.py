"""One connection and one rate for all that is done with a destination, whichever audience it is for."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from dbt_muster.delivery import connected
from dbt_muster.destinations.google_client import GoogleClient
from dbt_muster.destinations.wire import Http, Request, Wire
from tests.destinations.stage import Stage, people, set_secrets
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn

pytestmark = pytest.mark.xdist_group("conformance")


class Carried:
    """What carried calls to a platform, each with connections of its own, and what of it was closed."""

    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self.closed: list[Wire] = []

    def watch(self, kind: type[Http] | type[GoogleClient], monkeypatch: pytest.MonkeyPatch) -> None:
        """Note all that is carried, but for tokens, which are bought elsewhere."""
        carry, close = kind.carry, kind.close

        def carrying(wire: Any, request: Request, url: str, *more: Any) -> httpx.Response:
            if wire not in self.wires and "token" not in url:
                self.wires.append(wire)
            return carry(wire, request, url, *more)

        def closing(wire: Any) -> None:
            self.closed.append(wire)
            close(wire)

        monkeypatch.setattr(kind, "carry", carrying)
        monkeypatch.setattr(kind, "close", closing)


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Carried:
    """What carries calls in a test."""
    noted = Carried()
    for kind in (Http, GoogleClient):
        noted.watch(kind, monkeypatch)
    return noted


def test_one_sync_makes_one_client(stage: Stage, carried: Carried) -> None:
    stage.fill(people(range(3)))
    assert stage.sync().status == "applied"
    assert len(carried.wires) == 1
    assert carried.wires[0] in carried.closed


def test_syncs_of_one_run_share_a_client_that_is_closed_at_its_end(stage: Stage, carried: Carried) -> None:
    pair, engine = stage.pair(), stage.engine()
    with connected([pair, pair]):
        stage.fill(people(range(3)))
        engine.sync(pair)
        stage.fill(people(range(1, 4)))
        assert engine.sync(pair).status == "applied"
        assert carried.wires[0] not in carried.closed
    assert stage.is_exact()
    assert len(carried.wires) == 1
    assert carried.wires[0] in carried.closed


class _Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


def test_the_rate_holds_from_one_audience_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(MetaCustomAudiencesStandIn, monkeypatch)
    clock = _Clock()
    monkeypatch.setattr("dbt_muster.destinations.pace.time", clock)
    with MetaCustomAudiencesStandIn().running() as stand_in:
        stage = Stage(stand_in, settings={"rate": 2})
        stage.fill(people(range(3)))
        pair, engine = stage.pair(), stage.engine()
        with connected([pair]):
            engine.sync(pair)
            engine.sync(pair)
    assert clock.now == pytest.approx((len(stand_in.calls) - 1) / 2)
