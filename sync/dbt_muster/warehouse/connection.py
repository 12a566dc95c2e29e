"""Runs SQL in the warehouse through dbt's adapter, so that every way to log in that dbt knows works here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from multiprocessing import get_context
from types import TracebackType
from typing import Any

from dbt_muster.collecting import without_collection
from dbt_muster.errors import MusterError, UsageError
from dbt_muster.warehouse.profile import Profile

Row = tuple[Any, ...]

_CONNECTION = "muster"
_HEADINGS = ("Runtime Error", "Database Error", "Internal Error")
"""What dbt writes above the message."""


class WarehouseError(MusterError):
    """The warehouse refused a statement or cannot be reached."""


class BusyError(WarehouseError):
    """Another process has the warehouse open, and it takes one at a time (a DuckDB file)."""


@dataclass
class _AdapterConfig:
    """What dbt's adapters read of a project (`dbt.adapters.contracts.connection.AdapterRequiredConfig`)."""

    credentials: Any
    profile_name: str
    target_name: str
    project_name: str
    query_comment: Any
    target_path: str
    threads: int = 1
    cli_vars: dict[str, Any] = field(default_factory=dict)
    log_cache_events: bool = False

    def to_target_dict(self) -> dict[str, Any]:
        """The target as dbt shows it to macros."""
        return {
            "profile_name": self.profile_name,
            "target_name": self.target_name,
            "type": self.credentials.type,
        }


class Warehouse:
    """An open connection. Every statement commits by itself. Use as a context manager.

    Attributes:
        dialect: the adapter's type, such as `duckdb` or `postgres`.
        schema: the target's schema, where muster keeps its tables.
    """

    def __init__(self, profile: Profile) -> None:
        self._adapter = _adapter(profile)
        self._connections = self._adapter.connections
        self._project_dir = profile.project_dir
        self._credentials = self._adapter.config.credentials
        self.dialect = str(self._adapter.type())
        self.schema = str(self._credentials.schema)

    def __enter__(self) -> Warehouse:
        # dbt itself runs in the project's folder, so a relative path in a profile (DuckDB's) starts there.
        with chdir(self._project_dir):
            self._connections.set_connection_name(_CONNECTION)
            try:
                _ = self._connections.get_thread_connection().handle
            except Exception as error:
                # Every driver raises errors of its own here; all mean that there is no connection.
                raise _unreachable(self.dialect, _first_line(error)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; closing twice does no harm."""
        self._adapter.cleanup_connections()
        reset = getattr(self._connections, "close_all_connections", None)
        if reset is not None:
            reset()

    def relation(self, name: str) -> str:
        """The SQL name of one of muster's own tables in the target's schema."""
        return str(
            self._adapter.Relation.create(
                database=self._credentials.database, schema=self._credentials.schema, identifier=name
            )
        )

    def execute(self, sql: str) -> None:
        """Run one statement and commit it.

        Raises:
            WarehouseError: the warehouse refused it.
        """
        self._run(sql, fetch=False)

    def query(self, sql: str) -> list[Row]:
        """Run one query and give its rows, in the order of its columns.

        Raises:
            WarehouseError: the warehouse refused it.
        """
        return self._run(sql, fetch=True)

    def _run(self, sql: str, *, fetch: bool) -> list[Row]:
        try:
            if not hasattr(self._connections, "add_query"):
                return self._run_without_cursor(sql, fetch=fetch)
            self._connections.begin()
            _, cursor = self._connections.add_query(sql, auto_begin=False)
            rows = list(map(tuple, cursor.fetchall())) if fetch else []
            self._connections.commit()
            # An adapter without transactions (Spark's) leaves the mark of one that `begin` made.
            self._connections.get_thread_connection().transaction_open = False
            return rows
        except Exception as error:
            # Most are dbt's, but not every adapter catches all that its driver raises (Spark's does not).
            self._connections.rollback_if_open()
            raise WarehouseError(f"The warehouse ({self.dialect}) said: {_first_line(error)}") from None

    def _run_without_cursor(self, sql: str, *, fetch: bool) -> list[Row]:
        """For adapters whose driver has no cursors (BigQuery's)."""
        _, table = self._adapter.execute(sql, fetch=fetch)
        return [tuple(row.values()) for row in table.rows] if fetch else []


@without_collection()
def _adapter(profile: Profile) -> Any:
    from dbt.adapters.contracts.connection import QueryComment
    from dbt.adapters.factory import get_adapter, load_plugin, register_adapter, reset_adapters
    from dbt_common.events.event_manager_client import cleanup_event_logger
    from dbt_common.exceptions import DbtBaseException

    # dbt's events would be printed among what muster prints, and formatting them costs more than small
    # queries.
    cleanup_event_logger()
    settings = dict(profile.settings)
    kind = str(settings.pop("type"))
    threads = settings.pop("threads", 1)
    try:
        credentials_class = load_plugin(kind)
        data = credentials_class.translate_aliases(settings)
        credentials_class.validate(data)
        credentials = credentials_class.from_dict(data)
    except DbtBaseException as error:
        raise UsageError(
            f"The dbt profile {profile.name!r}, target {profile.target!r}: {_first_line(error)}"
        ) from None
    except Exception as error:
        # The validation errors of dbt's adapters come from several libraries and may quote a password.
        raise UsageError(
            f"The dbt profile {profile.name!r}, target {profile.target!r}, is not valid for {kind} "
            f"({type(error).__name__}). `dbt debug` says more."
        ) from None
    config = _AdapterConfig(
        credentials=credentials,
        profile_name=profile.name,
        target_name=profile.target,
        project_name=profile.project,
        query_comment=QueryComment(comment=""),
        target_path=str(profile.target_path),
        threads=int(threads),
    )
    forget_earlier_ones: Callable[[], None] = reset_adapters  # dbt gives it no types
    forget_earlier_ones()
    register_adapter(config, get_context("spawn"))
    return get_adapter(config)


def _unreachable(dialect: str, message: str) -> WarehouseError:
    # DuckDB's documentation, "Concurrency": one process at a time may have a file open for writing.
    if "Could not set lock on file" not in message:
        return WarehouseError(f"The warehouse ({dialect}) cannot be reached: {message}")
    holder = re.search(r"\(PID (\d+)\)", message)
    process = f" (process {holder[1]})" if holder else ""
    return BusyError(
        f"The warehouse ({dialect}) is in use by another process{process}, and its file is "
        "open to one at a time. Run again when that has ended; `muster sync --wait 10m` waits for it."
    )


def _first_line(error: BaseException) -> str:
    lines: Sequence[str] = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [line for line in lines if line not in _HEADINGS]
    return (named or ["unknown error"])[0]
