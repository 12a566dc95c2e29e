"""Files on a local disk or any fsspec address, written so that a reader never sees half of one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec


class Storage:
    """A folder at a path or an fsspec address (`s3://bucket/prefix`, `gs://…`, `memory://…`)."""

    def __init__(self, address: str, *, root: Path) -> None:
        if "://" not in address:
            address = str(root / address)
        filesystem, folder = fsspec.core.url_to_fs(address)
        self._filesystem: Any = filesystem
        self._folder = PurePosixPath(folder)
        protocol = filesystem.protocol
        self._local = "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    def write(self, name: str, content: bytes) -> None:
        """Write a file in one step: it is there in full, durably, or not at all."""
        path = str(self._folder / name)
        if not self._local:
            # One put is atomic in object stores.
            self._filesystem.pipe_file(path, content)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(_temporary(name))
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)

    def write_json(self, name: str, content: Mapping[str, object]) -> None:
        """Write a file of JSON that a person can read, as `write` does."""
        self.write(name, (json.dumps(content, indent=2) + "\n").encode())

    def read_json(self, name: str) -> dict[str, Any] | None:
        """The content of a JSON file, or None where there is no such file."""
        try:
            content: dict[str, Any] = json.loads(self._filesystem.cat_file(str(self._folder / name)))
        except FileNotFoundError:
            return None
        return content

    def exists(self, name: str) -> bool:
        """Whether a file is there, asked anew each time."""
        self._filesystem.invalidate_cache()
        return bool(self._filesystem.exists(str(self._folder / name)))

    def remove_folder(self, name: str) -> None:
        """Remove a folder of our own making; one that is not there is fine."""
        path = str(self._folder / name)
        self._filesystem.invalidate_cache()
        if self._filesystem.exists(path):
            self._filesystem.rm(path, recursive=True)

    def forget(self, name: str) -> None:
        """Remove what a write that was cut off may have left of a file."""
        if self._local:
            Path(str(self._folder / name)).with_name(_temporary(name)).unlink(missing_ok=True)


def _temporary(name: str) -> str:
    return f".{PurePosixPath(name).name}.tmp"


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
