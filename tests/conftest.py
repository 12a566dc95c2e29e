"""What the tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.servers.postgres import NoServerError, PostgresServer


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started once; where there can be none, the tests that ask for it are skipped."""
    try:
        server = PostgresServer()
    except NoServerError as reason:
        pytest.skip(str(reason))
    with closing(server):
        yield server
