"""What the tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import settings

from tests.servers.postgres import NoServerError, PostgresServer

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("muster", deadline=None)
settings.load_profile("muster")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started once; where there can be none, the tests that ask for it are skipped."""
    try:
        server = PostgresServer()
    except NoServerError as reason:
        pytest.skip(str(reason))
    with closing(server):
        yield server
