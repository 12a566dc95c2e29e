"""What the tests of several folders share."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.servers.postgres import NoServerError, PostgresServer
from tests.servers.snowflake_emulator import NoEmulatorError, SnowflakeServer

if TYPE_CHECKING:
    from tests.scheduling import Scheduling

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("muster", deadline=None)
settings.load_profile("muster")


def pytest_configure(config: pytest.Config) -> None:
    """Nobody's identifier and no secret may be written down by anything that tests start."""
    from tests import canaries

    canaries.pytest_configure(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    """Our own way to give tests to processes, in the place of `--dist loadscope`."""
    if config.getvalue("dist") != "loadscope":
        return None
    from tests.scheduling import Scheduling

    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long goes first."""
    from tests.scheduling import longest_first

    longest_first(items)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started once; where there can be none, the tests that ask for it are skipped."""
    try:
        server = PostgresServer()
    except NoServerError as reason:
        pytest.skip(str(reason))
    with closing(server):
        yield server


@pytest.fixture(scope="session")
def snowflake_server() -> Iterator[SnowflakeServer]:
    """An emulator's server, started once, for dbt-snowflake to connect to; skips where there can be none."""
    pytest.importorskip("dbt.adapters.snowflake", reason="dbt-snowflake is not installed")
    try:
        server = SnowflakeServer()
    except NoEmulatorError as reason:
        pytest.skip(f"Snowflake cannot be emulated here: {reason}")
    with closing(server):
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many random criteria each engine and the oracle were both asked about."""
    asked: Counter[str] = Counter()
    for report in itertools.chain.from_iterable(terminalreporter.stats.values()):
        counted = dict(report.user_properties) if getattr(report, "when", "") == "call" else {}
        for engine, count in (counted[name] for name in counted if name == "random criteria"):
            asked[engine] += count
    if asked:
        said = ", ".join(f"{engine} {count:,}" for engine, count in sorted(asked.items()))
        terminalreporter.write_line(f"random criteria that the oracle and an engine were asked about: {said}")
