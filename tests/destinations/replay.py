"""Reads what a `files` destination wrote, as a careful reader would: by manifests alone, in order."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet

Row = dict[str, str | None]


def manifests(folder: Path, audience: str) -> list[dict[str, Any]]:
    """All manifests of an audience, by sequence."""
    found = [json.loads(path.read_text()) for path in (folder / audience / "manifests").glob("*.json")]
    return sorted(found, key=lambda manifest: int(manifest["sequence"]))


def replay(folder: Path, audience: str) -> dict[str, Row]:
    """The members that a reader holds after all manifests, each with its identifiers, by key."""
    held: dict[str, Row] = {}
    previous = None
    for manifest in manifests(folder, audience):
        assert manifest["previous_run_id"] == previous, "a run is missing, or counted twice"
        previous = manifest["run_id"]
        if manifest["mode"] == "full":
            held = {}
        for part in manifest["files"]:
            for row in read_part(folder, part, manifest):
                action, key = row.pop("_action", "add"), str(row.pop("_key"))
                if action == "remove":
                    held.pop(key, None)
                else:
                    held[key] = row
    return held


def read_part(folder: Path, part: dict[str, Any], manifest: dict[str, Any]) -> list[Row]:
    """The rows of one part, after its size and checksum were compared."""
    content = (folder / part["path"]).read_bytes()
    assert len(content) == part["bytes"]
    assert hashlib.sha256(content).hexdigest() == part["sha256"]
    if manifest["compression"] == "gzip":
        content = gzip.decompress(content)
    rows = _READERS[manifest["format"]](content)
    assert len(rows) == part["rows"]
    assert all(list(row) == [column["name"] for column in manifest["schema"]] for row in rows)
    return rows


def _read_csv(content: bytes) -> list[Row]:
    """RFC 4180, telling an empty text (`""`) from null (nothing), which Python's own reader does not."""
    header, *rows = _csv_rows(content.decode())
    return [dict(zip([str(name) for name in header], row, strict=True)) for row in rows]


def _csv_rows(text: str) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    row: list[str | None] = []
    position = 0
    while position < len(text):
        if text[position] == '"':
            value, position = "", position + 1
            while True:
                end = text.index('"', position)
                value += text[position:end]
                position = end + 1
                if not text.startswith('"', position):
                    break
                value, position = value + '"', position + 1
            row.append(value)
        else:
            end = min(index for index in (text.find(",", position), text.find("\n", position)) if index >= 0)
            row.append(text[position:end] or None)
            position = end
        if text[position] == "\n":
            rows.append(row)
            row = []
        position += 1
    return rows


def _read_jsonl(content: bytes) -> list[Row]:
    return [json.loads(line) for line in content.decode().split("\n") if line]


def _read_parquet(content: bytes) -> list[Row]:
    rows: list[Row] = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    return rows


_READERS = {"csv": _read_csv, "jsonl": _read_jsonl, "parquet": _read_parquet}
