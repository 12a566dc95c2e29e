"""The engines that must agree with the oracle. A new one is a class, and its lines here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.engines.engines import DuckDB, Engine


@dataclass(frozen=True)
class Known:
    """How an engine comes to be tested.

    Attributes:
        open: makes it. It is given a function that gets a fixture by its name.
        random_worlds: how many random worlds it is asked about where nobody says another number.
    """

    open: Callable[[Callable[[str], Any]], Engine]
    random_worlds: int


def _duckdb(_: Callable[[str], Any]) -> Engine:
    return DuckDB()


def _postgres(fixture: Callable[[str], Any]) -> Engine:
    server = fixture("postgres_server")
    from tests.engines.postgres import Postgres  # once it is known that the driver is there too

    return Postgres(server)


ENGINES = {
    "duckdb": Known(_duckdb, random_worlds=150),
    "postgres": Known(_postgres, random_worlds=40),
}


def random_worlds(name: str) -> int:
    """How many random worlds an engine is asked about; `MUSTER_RANDOM_WORLDS` says so for all of them."""
    return int(os.environ.get("MUSTER_RANDOM_WORLDS", ENGINES[name].random_worlds))
