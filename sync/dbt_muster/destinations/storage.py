"""Files on a local disk or any fsspec address, written so that a reader never sees half of one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from dbt_muster.destinations.records import UnknownOutcomeError
from dbt_muster.errors import UsageError


class Storage:
    """A folder at a path or an fsspec address (`s3://bucket/prefix`, `gs://…`, `memory://…`).

    Names of files are paths from there on, such as `fans/latest.json`. Its methods raise UnknownOutcomeError
    where the file system says no.

    Args:
        address: the path or the address; what it says is never shown, because it may let somebody in.
        root: the project's folder, which a path starts from.
        setting: the setting that has the address, for messages.

    Raises:
        UsageError: the address cannot be opened, such as where its package of fsspec's is not installed.
    """

    def __init__(self, address: str, *, root: Path, setting: str = "path") -> None:
        if "://" not in address:
            address = str(root / address)
        filesystem, folder = _opened(address, setting)
        self._filesystem: Any = filesystem
        self._folder = PurePosixPath(folder)
        protocol = filesystem.protocol
        self._local = "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    @contextmanager
    def _used(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # Of an address only the kind of error: its text may repeat what lets one in.
            where = f"The folder {self._folder}" if self._local else "The address of the files"
            why = (self._local and error.strerror) or type(error).__name__
            raise UnknownOutcomeError(f"{where} cannot be used: {why}.") from None

    def write(self, name: str, content: bytes) -> None:
        """Write a file in one step: it is there in full, durably, or not at all."""
        with self._used():
            self._write(name, content)

    def _write(self, name: str, content: bytes) -> None:
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
        with self._used():
            try:
                content: dict[str, Any] = json.loads(self._filesystem.cat_file(str(self._folder / name)))
            except FileNotFoundError:
                return None
            return content

    def write_newer(self, name: str, content: Mapping[str, Any], *, by: str) -> None:
        """Write a file of JSON, unless the one that is there is as new, so that it never goes back.

        Args:
            name: the file.
            content: what it holds.
            by: the key of a number in it, which grows with time.
        """
        current = self.read_json(name)
        if current is None or int(current[by]) < content[by]:
            self.write_json(name, content)

    def exists(self, name: str) -> bool:
        """Whether a file is there, asked anew each time."""
        with self._used():
            self._filesystem.invalidate_cache()
            return bool(self._filesystem.exists(str(self._folder / name)))

    def remove_folder(self, name: str) -> None:
        """Remove a folder of our own making; one that is not there is fine."""
        path = str(self._folder / name)
        with self._used():
            self._filesystem.invalidate_cache()
            if self._filesystem.exists(path):
                self._filesystem.rm(path, recursive=True)

    @contextmanager
    def counting_by(self, name: str, folder: str) -> Iterator[None]:
        """Remove a folder where filling it meanwhile fails before the file is there that it counts by.

        Args:
            name: the file; it is not in the folder.
            folder: what is removed.
        """
        try:
            yield
        except Exception:
            if not self.exists(name):
                self.remove_folder(folder)
            raise

    def counts_by(self, name: str, folder: str) -> bool:
        """Whether the file is there that a folder counts by; where not, what a death left of both is removed.

        Args:
            name: the file, as in `counting_by`.
            folder: what is removed.
        """
        if self.exists(name):
            return True
        self.remove_folder(folder)
        if self._local:
            with self._used():
                Path(str(self._folder / name)).with_name(_temporary(name)).unlink(missing_ok=True)
        return False


def _opened(address: str, setting: str) -> tuple[Any, str]:
    try:
        filesystem, folder = fsspec.core.url_to_fs(address)
    except ImportError as error:
        # fsspec's own words, which name the package.
        raise UsageError(
            f"{setting}: the package for such an address is not installed here: {error}."
        ) from None
    except Exception as error:
        scheme = address.partition("://")[0]
        known = scheme in fsspec.available_protocols()
        why = f"it cannot be opened ({type(error).__name__})" if known else "fsspec knows no such protocol"
        raise UsageError(f"{setting}: an address that starts with {scheme}://: {why}.") from None
    return filesystem, folder


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
