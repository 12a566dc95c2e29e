"""A pytest plugin that looks for made-up people and secrets in everything that is written while tests run.

Tests of delivery plant *canaries*: people whose identifiers `PERSON` recognises, and secrets that are given
to `CANARIES.plant`. Wherever one of them turns up that is not meant to hold people, the whole session fails:
in what tests print, in the output of commands, in log records, in the ledger's tables, and in every file
below pytest's temporary folder but for a warehouse's own.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click.testing
import duckdb
import pytest

PERSON = re.compile(r"canary\.?p\d+(?:@|%40)|\bcanary-\d+\b", re.IGNORECASE)
"""The identifiers of people that are planted: `canary.p17@example.com` and `canary-17`."""

TOKEN_VARIABLE = "MUSTER_TEST_TOKEN"  # noqa: S105 - the name of a variable
TOKEN = "canary-secret-of-the-tests"  # noqa: S105 - planted to be looked for
"""A secret that is in the environment of every process that tests start."""

LEDGER = ("runs", "batches", "rejects", "audiences", "quarantine")
"""The tables of the ledger that hold nobody. `muster_sync_state` and plans hold what was sent."""

_NAMES = frozenset({"audience", "entity_key", "fingerprint"})
"""Columns that may hold a member's key."""

_LOGGERS = {"dbt_muster": logging.DEBUG, "httpx": logging.INFO}
_OF_WAREHOUSES = frozenset({".duckdb", ".wal"})
_LARGEST_FILE = 20_000_000


class Canaries:
    """What is planted, and where it was found."""

    def __init__(self) -> None:
        self._secrets: set[str] = {TOKEN}
        self.found: list[str] = []

    def plant(self, secret: str) -> str:
        """Look for a secret from now on; gives it back."""
        self._secrets.add(secret.lower())
        return secret

    def look(self, text: str, where: str) -> None:
        """Note each kind of canary that a text holds.

        Args:
            text: what was written.
            where: what wrote it, for the person who has to find out.
        """
        person = PERSON.search(text)
        if person:
            self.found.append(f"{where}: the identifier {person.group()}")
        lower = text.lower()
        self.found += [f"{where}: the secret {secret}" for secret in self._secrets if secret in lower]


CANARIES = Canaries()


def watch_warehouse(warehouse: Any) -> None:
    """Look into the ledger of a warehouse in memory as soon as nobody needs the warehouse any more.

    Args:
        warehouse: has a DuckDB `connection`.
    """
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    watching = weakref.finalize(warehouse, _look_into, warehouse.connection, test)
    watching.atexit = False  # type: ignore[misc]  # it can be set, whatever the types say


def _look_into(connection: duckdb.DuckDBPyConnection, test: str) -> None:
    for text in ledger_texts(connection):
        CANARIES.look(text, f"{test}: the ledger")


def ledger_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """The ledger's tables as text, without the columns that name members by their keys."""
    for table in LEDGER:
        try:
            result = connection.execute(f"select * from muster_sync_{table}")
        except duckdb.Error:
            continue  # nothing was synced, or the test has closed it
        names = [column[0] for column in result.description or ()]
        for row in result.fetchall():
            yield " ".join(str(value) for name, value in zip(names, row, strict=True) if name not in _NAMES)


class CanaryPlugin:
    """The hooks.

    Args:
        canaries: what is looked for.
    """

    def __init__(self, canaries: Canaries) -> None:
        self._canaries = canaries
        self._test = "before the first test"
        self._handler = _Handler(self)
        self._invoke: Callable[..., click.testing.Result] = click.testing.CliRunner.invoke
        self._levels: dict[str, int] = {}

    def look(self, text: str, what: str) -> None:
        """Look through what the running test wrote."""
        self._canaries.look(text, f"{self._test}: {what}")

    def pytest_configure(self) -> None:
        """Plant the secret of the environment; listen to loggers and to commands."""
        os.environ[TOKEN_VARIABLE] = TOKEN
        for name, level in _LOGGERS.items():
            logger = logging.getLogger(name)
            self._levels[name] = logger.level
            logger.setLevel(level)
            logger.addHandler(self._handler)
        plugin, invoke = self, self._invoke

        def watched(*arguments: Any, **options: Any) -> click.testing.Result:
            result = invoke(*arguments, **options)
            plugin.look(f"{result.output}\n{result.stderr}\n{result.exception}", "the output of a command")
            return result

        click.testing.CliRunner.invoke = watched  # type: ignore[method-assign]

    def pytest_unconfigure(self) -> None:
        """Leave everything as it was."""
        click.testing.CliRunner.invoke = self._invoke  # type: ignore[method-assign]
        for name, level in self._levels.items():
            logging.getLogger(name).removeHandler(self._handler)
            logging.getLogger(name).setLevel(level)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Which test whatever comes now is from."""
        self._test = nodeid

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What a test printed and logged."""
        if report.when == "teardown":
            self._canaries.look("\n".join(text for _, text in report.sections), f"{report.nodeid}: captured")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Files; then the session fails where anything was found, or tells the process that started it."""
        gc.collect()  # warehouses in memory that only cycles hold
        factory: pytest.TempPathFactory | None = getattr(session.config, "_tmp_path_factory", None)
        if factory is not None and factory._basetemp is not None:
            look_through(factory.getbasetemp(), self._canaries)
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["canaries"] = self._canaries.found
        elif self._canaries.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What a process of pytest-xdist found."""
        self._canaries.found += getattr(node, "workeroutput", {}).get("canaries", [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Where canaries were found."""
        if self._canaries.found:
            terminalreporter.section("canaries: people or secrets were written down", red=True)
            for line in dict.fromkeys(self._canaries.found):
                terminalreporter.write_line(line)


class _Handler(logging.Handler):
    """Looks through log records."""

    def __init__(self, plugin: CanaryPlugin) -> None:
        super().__init__()
        self._plugin = plugin

    def emit(self, record: logging.LogRecord) -> None:
        self._plugin.look(record.getMessage(), f"the logger {record.name}")


def look_through(folder: Path, canaries: Canaries) -> None:
    """Look through all files below a folder, and through the ledgers of the DuckDB files there.

    Args:
        folder: pytest's temporary one.
        canaries: what is looked for.
    """
    for path in _files(folder):
        where = path.relative_to(folder).as_posix()
        if path.suffix == ".duckdb":
            for text in _ledger_of(path):
                canaries.look(text, f"{where}: the ledger")
        elif path.suffix not in _OF_WAREHOUSES:
            canaries.look(path.read_bytes().decode("utf-8", "replace"), where)


def _files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST_FILE:
                yield path
        except OSError:
            continue  # a server's socket, or a file that has gone meanwhile


def _ledger_of(path: Path) -> list[str]:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return list(ledger_texts(connection))
    except duckdb.Error:
        return []  # not a warehouse, or one of another version


def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks; `-p tests.canaries` or the tests' conftest does."""
    if not config.pluginmanager.has_plugin("canaries"):
        plugin = CanaryPlugin(CANARIES)
        config.pluginmanager.register(plugin, "canaries")
