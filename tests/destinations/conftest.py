"""A stage for each platform that has a stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.destinations.stage import Stage, all_stand_ins, set_secrets
from tests.destinations.standins.base import StandIn


@pytest.fixture(params=all_stand_ins(), ids=lambda kind: kind.type)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Whatever a scene does, no call may break the platform's own definition."""
    kind: type[StandIn] = request.param
    set_secrets(kind, monkeypatch)
    monkeypatch.setattr("dbt_muster.delivery.jobs.FIRST_PAUSE", 0.001)
    with kind().running() as stand_in:
        yield Stage(stand_in)
    assert stand_in.violations == []
