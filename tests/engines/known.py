"""The engines that must agree with the oracle. A new one is a class, and its lines here."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engines.engines import DuckDB, Engine
from tests.servers.snowflake_emulator import NoEmulatorError, SnowflakeServer
from tests.thorough import RANDOM_CRITERIA, thorough


@dataclass(frozen=True)
class Known:
    """How an engine comes to be tested.

    Attributes:
        open: makes it. It is given a function that gets a fixture by its name.
        random_criteria: how many random criteria it is asked about where nobody says another number.
        slow: whether it takes long over each query, so that it is asked few where nobody says to ask many.
    """

    open: Callable[[Callable[[str], Any]], Engine]
    random_criteria: int
    slow: bool = False


def _duckdb(_: Callable[[str], Any]) -> Engine:
    return DuckDB()


def _postgres(fixture: Callable[[str], Any]) -> Engine:
    server = fixture("postgres_server")
    from tests.engines.postgres import Postgres  # once it is known that the driver is there too

    return Postgres(server)


def _spark(_: Callable[[str], Any]) -> Engine:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("Spark cannot be run here: the package pyspark is not installed")
    if not java():
        pytest.skip("Spark cannot be run here: there is no Java (17 or later), on the path or in JAVA_HOME")
    from tests.engines.spark import Spark  # once it is known that it is there

    return Spark()


def _snowflake(_: Callable[[str], Any]) -> Engine:
    try:
        server = SnowflakeServer()
    except NoEmulatorError as reason:
        pytest.skip(f"Snowflake cannot be emulated here: {reason}")
    from tests.engines.snowflake import Snowflake  # once it is known that the driver is there too

    return Snowflake(server)


ENGINES = {
    "duckdb": Known(_duckdb, random_criteria=300),
    "postgres": Known(_postgres, random_criteria=150),
    "spark": Known(_spark, random_criteria=30, slow=True),
    "snowflake": Known(_snowflake, random_criteria=30, slow=True),
}


def java() -> bool:
    """Whether there is a Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else "java"
    try:
        told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    except OSError:
        return False
    version = re.search(r'version "([0-9]+)', told)
    return version is not None and int(version[1]) >= 17


def random_criteria(name: str) -> int:
    """How many random criteria an engine is asked about; `MUSTER_RANDOM_CRITERIA` says so for all of them."""
    return int(os.environ.get(RANDOM_CRITERIA, ENGINES[name].random_criteria))


def skip_most(engine: Engine, number: int, one_in: int) -> None:
    """Skip a question to a slow engine, unless it is one of those that are asked every time.

    Args:
        engine: which is asked.
        number: the question's place among its like, from 0.
        one_in: how many there are for each that is asked.
    """
    if ENGINES[engine.name].slow and not thorough() and number % one_in:
        pytest.skip(f"{engine.name} is slow: it is asked one of {one_in} here, `make test-engines` asks all")
