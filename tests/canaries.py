"""A pytest plugin that looks for made-up people and secrets in everything that is written while tests run.

Tests of delivery plant *canaries*: people whose identifiers `PERSON` recognises, and secrets that are given
to `CANARIES.plant`. Wherever one of them turns up that is not meant to hold people, the whole session fails:
in what tests print, in the output of commands and of processes, in log records, in the tables and views that
deliveries make on any warehouse, and in every file below pytest's temporary folder but for a warehouse's own.
Of a table, the columns in `WITH_PEOPLE` may hold people; a secret may be in none.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import subprocess
import weakref
from collections.abc import Callable, Iterable, Sequence
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

WITH_PEOPLE = {
    re.compile("muster_sync_(state|plan_.*)"): re.compile("entity_key|identifiers"),
    re.compile("muster_sync_(rejects|quarantine)"): re.compile("entity_key"),
    re.compile("muster_export_people"): re.compile(".*"),
    re.compile("muster_export_memberships"): re.compile("person_id"),
}
"""Tables in which people may be, each with the columns that they may be in: docs/delivery.md says why."""

OF_DELIVERIES = re.compile("muster_(sync|export)_.*")
"""Every table and view that deliveries make."""

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

    def look(self, text: str, where: str, *, people: bool = True) -> None:
        """Note each kind of canary that a text holds.

        Args:
            text: what was written.
            where: what wrote it, for the person who has to find out.
            people: whether people are looked for too.
        """
        person = PERSON.search(text) if people else None
        if person:
            self.found.append(f"{where}: the identifier {person.group()}")
        lower = text.lower()
        self.found += [f"{where}: the secret {secret}" for secret in self._secrets if secret in lower]

    def look_at_table(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], where: str
    ) -> None:
        """Note the canaries in a table or view that a delivery made: people only where none may be.

        Args:
            table: its name, in lower case.
            columns: the names of its columns, in lower case.
            rows: all of them.
            where: whose warehouse it is in.
        """
        may_hold = next((own for name, own in WITH_PEOPLE.items() if name.fullmatch(table)), None)
        private = [may_hold is not None and bool(may_hold.fullmatch(column)) for column in columns]
        for row in rows:
            for people in (True, False):
                cells = [str(value) for value, own in zip(row, private, strict=True) if own is not people]
                self.look("\n".join(cells), f"{where}: {table}", people=people)


CANARIES = Canaries()


def watch_warehouse(warehouse: Any) -> None:
    """Look at what deliveries made in a warehouse in memory as soon as nobody needs that any more.

    Args:
        warehouse: has a DuckDB `connection`.
    """
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    watching = weakref.finalize(warehouse, _look_into, warehouse.connection, test)
    watching.atexit = False  # type: ignore[misc]  # it can be set, whatever the types say


def _look_into(connection: duckdb.DuckDBPyConnection, test: str) -> None:
    try:
        look_at_duckdb(connection, CANARIES, test)
    except duckdb.Error:
        return  # the test has closed it


def look_at_duckdb(connection: duckdb.DuckDBPyConnection, canaries: Canaries, where: str) -> None:
    """Look through what deliveries made in a DuckDB.

    Raises:
        duckdb.Error: it cannot be asked.
    """
    names = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
    for schema, name in names:
        if not OF_DELIVERIES.fullmatch(name):
            continue
        result = connection.execute(f'select * from "{schema}"."{name}"')
        columns = [column[0] for column in result.description or ()]
        canaries.look_at_table(name, columns, result.fetchall(), where)


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
        self._communicate: Callable[..., tuple[Any, Any]] = subprocess.Popen.communicate
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
        plugin, invoke, communicate = self, self._invoke, self._communicate

        def watched(*arguments: Any, **options: Any) -> click.testing.Result:
            result = invoke(*arguments, **options)
            plugin.look(f"{result.output}\n{result.stderr}\n{result.exception}", "the output of a command")
            return result

        def listened(*arguments: Any, **options: Any) -> tuple[Any, Any]:
            told = communicate(*arguments, **options)
            for text in filter(None, told):
                printed = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
                plugin.look(printed, "the output of a process")
            return told

        click.testing.CliRunner.invoke = watched  # type: ignore[method-assign]
        subprocess.Popen.communicate = listened  # type: ignore[method-assign]

    def pytest_unconfigure(self) -> None:
        """Leave everything as it was."""
        click.testing.CliRunner.invoke = self._invoke  # type: ignore[method-assign]
        subprocess.Popen.communicate = self._communicate  # type: ignore[method-assign]
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
    """Look through all files below a folder, and through what deliveries made in the DuckDB files there.

    Args:
        folder: pytest's temporary one.
        canaries: what is looked for.
    """
    for path in _files(folder):
        where = path.relative_to(folder).as_posix()
        if path.suffix == ".duckdb":
            _look_at_duckdb_file(path, canaries, where)
        elif path.suffix not in _OF_WAREHOUSES:
            canaries.look(path.read_bytes().decode("utf-8", "replace"), where)


def _files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST_FILE:
                yield path
        except OSError:
            continue  # a server's socket, or a file that has gone meanwhile


def _look_at_duckdb_file(path: Path, canaries: Canaries, where: str) -> None:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            look_at_duckdb(connection, canaries, where)
    except duckdb.Error:
        return  # not a warehouse, or one of another version


def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks; `-p tests.canaries` or the tests' conftest does."""
    if not config.pluginmanager.has_plugin("canaries"):
        plugin = CanaryPlugin(CANARIES)
        config.pluginmanager.register(plugin, "canaries")
