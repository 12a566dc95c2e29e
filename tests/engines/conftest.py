"""The engines, each opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.engines.engines import ENGINES, Engine


@pytest.fixture(scope="session", params=ENGINES, ids=lambda make: make.name)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One engine after the other."""
    make: Callable[[], Engine] = request.param
    with closing(make()) as opened:
        yield opened
