"""One connection and one rate for all that is done with a destination, whichever audience it is for."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from dbt_muster.delivery import connected
from tests.destinations.stage import Stage, people, set_secrets
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn

pytestmark = pytest.mark.xdist_group("conformance")


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Client]:
    """The clients that call the platform, each with connections of its own; tokens are bought elsewhere."""
    used: list[httpx.Client] = []

    class Counted(httpx.Client):
        def request(self, method: str, url: Any, **more: Any) -> httpx.Response:
            if self not in used and "token" not in str(url):
                used.append(self)
            return super().request(method, url, **more)

    monkeypatch.setattr(httpx, "Client", Counted)
    return used


def test_one_sync_makes_one_client(stage: Stage, clients: list[httpx.Client]) -> None:
    stage.fill(people(range(3)))
    assert stage.sync().status == "applied"
    assert len(clients) == 1
    assert clients[0].is_closed


def test_syncs_of_one_run_share_a_client_that_is_closed_at_its_end(
    stage: Stage, clients: list[httpx.Client]
) -> None:
    pair, engine = stage.pair(), stage.engine()
    with connected([pair, pair]):
        stage.fill(people(range(3)))
        engine.sync(pair)
        stage.fill(people(range(1, 4)))
        assert engine.sync(pair).status == "applied"
        assert not clients[0].is_closed
    assert stage.is_exact()
    assert len(clients) == 1
    assert clients[0].is_closed


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
