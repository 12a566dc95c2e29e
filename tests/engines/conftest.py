"""The engines, each opened once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.engines.engines import Engine
from tests.engines.known import ENGINES


@pytest.fixture(scope="session")
def opened() -> Iterator[tuple[ExitStack, dict[str, Engine]]]:
    """The engines that were asked for, which stay open to the end: some take long to start."""
    with ExitStack() as stack:
        yield stack, {}


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, opened: tuple[ExitStack, dict[str, Engine]]) -> Engine:
    """One engine after the other."""
    stack, engines = opened
    if request.param not in engines:
        found = ENGINES[request.param].open(request.getfixturevalue)
        engines[request.param] = stack.enter_context(closing(found))
    return engines[request.param]
