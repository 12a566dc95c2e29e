"""Rows to bytes: CSV, JSON Lines and Parquet.

Several values in one cell are a list in JSON Lines; in the others a cell holds one text, a JSON array.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Sequence

from dbt_muster.destinations.records import Value
from dbt_muster.errors import UsageError

Cells = Sequence[Value]
"""A row: a value for each column, in the order of the columns."""

_NEEDS_QUOTES = re.compile(r'[",\r\n]|^[ \t]|[ \t]$')


def encode_csv(columns: Sequence[str], rows: Sequence[Cells]) -> bytes:
    r"""RFC 4180 with minimal quoting, `\n` line ends and a header; null is empty, an empty text is `""`."""
    lines = [",".join(_csv_cell(column) for column in columns)]
    lines += [",".join(map(_csv_cell, row)) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        value = _text(value) or ""
    if value.isalnum():
        # Hashes and keys, which most cells are, need no closer look.
        return value
    if value == "" or _NEEDS_QUOTES.search(value):
        return '"' + value.replace('"', '""') + '"'
    return value


def encode_jsonl(columns: Sequence[str], rows: Sequence[Cells]) -> bytes:
    """One JSON object a line, with every column; null is `null`, and several values are a list."""
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return "".join(dump(dict(zip(columns, row, strict=True))) + "\n" for row in rows).encode()


def encode_parquet(columns: Sequence[str], rows: Sequence[Cells]) -> bytes:
    """One row group of UTF-8 columns.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("`format: parquet` needs pyarrow: pip install 'dbt-muster[parquet]'.") from None
    schema = pyarrow.schema([(column, pyarrow.string()) for column in columns])
    cells = list(zip(*(map(_text, row) for row in rows), strict=True)) or [() for _ in columns]
    table = pyarrow.table([pyarrow.array(cell, pyarrow.string()) for cell in cells], schema=schema)
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    return buffer.getvalue()


def _text(value: Value) -> str | None:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


ENCODERS: dict[str, Callable[[Sequence[str], Sequence[Cells]], bytes]] = {
    "csv": encode_csv,
    "jsonl": encode_jsonl,
    "parquet": encode_parquet,
}
HOLDS_LISTS = frozenset({"jsonl"})


def compress(content: bytes) -> bytes:
    """Gzip without a time stamp, so that equal content gives equal bytes."""
    return gzip.compress(content, mtime=0)
