"""Rows as files, in the format that a user chooses, with an account of what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.destinations.encoding import ENCODERS, HOLDS_LISTS, Cells, compress
from dbt_muster.destinations.storage import Storage


class RowSettings(DestinationSettings):
    """The settings of a destination that writes rows as files; each adds where to."""

    format: Literal["csv", "jsonl", "parquet"] = Field(default="csv", description="The format of the parts.")
    compression: Literal["none", "gzip"] = Field(default="none", description="gzip, for csv and jsonl.")

    @model_validator(mode="after")
    def _parquet_compresses_itself(self) -> Self:
        if self.format == "parquet" and self.compression == "gzip":
            raise ValueError("parquet compresses its columns itself; leave out `compression`")
        return self


class RowFile(NamedTuple):
    """A file that was written, as a manifest names it; as a mapping it is `_asdict()`.

    Attributes:
        path: its name in the storage.
        rows: how many it has.
        bytes: how long it is.
        sha256: the hash of its content, in hex.
    """

    path: str
    rows: int
    bytes: int
    sha256: str


class RowFiles:
    """Files of rows that have the same columns, and an account of them.

    Args:
        storage: where they are kept.
        settings: how they are written.
        columns: what the columns are called.

    Attributes:
        written: the files that were written, in the order that they were.
    """

    def __init__(self, storage: Storage, settings: RowSettings, columns: Sequence[str]) -> None:
        self.written: list[RowFile] = []
        self._storage = storage
        self._settings = settings
        self._columns = columns
        self._lists: set[str] = set()

    def write(self, name: str, rows: Sequence[Cells]) -> None:
        """Write a file in one step, as `Storage.write` does.

        Args:
            name: the file's, without its end, which says the format.
            rows: what it holds.

        Raises:
            UnknownOutcomeError: it cannot be written.
            UsageError: what writes such a format is not installed.
        """
        form = self._settings.format
        content, path = ENCODERS[form](self._columns, rows), f"{name}.{form}"
        if self._settings.compression == "gzip":
            content, path = compress(content), f"{path}.gz"
        self._storage.write(path, content)
        self.written.append(RowFile(path, len(rows), len(content), hashlib.sha256(content).hexdigest()))
        if form in HOLDS_LISTS:
            # Few rows have one, and what costs time here costs it for millions of rows.
            for row in (each for each in rows if list in map(type, each)):
                own = zip(self._columns, row, strict=True)
                self._lists.update(column for column, value in own if isinstance(value, list))

    def columns(self) -> list[tuple[str, str]]:
        """Each column, and what it holds: `list` where a cell that was written is one, else `string`."""
        return [(column, "list" if column in self._lists else "string") for column in self._columns]
