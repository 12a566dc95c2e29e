"""The engines, each opened once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.engines.engines import Engine
from tests.engines.known import ENGINES


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One engine after the other."""
    with closing(ENGINES[request.param].open(request.getfixturevalue)) as opened:
        yield opened
