"""Files: CSV, JSON Lines or Parquet on a disk or in an object store, with a manifest that is written last.

Layout, below `path`:

    <audience>/<run id>/<audience>_<mode>_<run id>_<part>.<format>   the parts of a run
    <audience>/manifests/<sequence>_<run id>.json   what the run consists of; written after its parts
    <audience>/latest.json                          names the newest manifest; written last of all

A reader acts on manifests alone, in the order of their sequence. Parts that no manifest names were left by a
run that died, and are removed by the next one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from dbt_muster.destinations.authoring.bases import Delivery, Destination, DestinationSettings
from dbt_muster.destinations.authoring.calls import Batch, BatchResult, Record, Run, Value
from dbt_muster.destinations.authoring.facts import Capabilities
from dbt_muster.destinations.encoding import ENCODERS, compress
from dbt_muster.destinations.storage import Storage

MANIFEST_VERSION = 1


class FilesSettings(DestinationSettings):
    """Settings of a destination of type `files`."""

    path: str = Field(description="A folder, or an fsspec address such as s3://bucket/prefix.", min_length=1)
    format: Literal["csv", "jsonl", "parquet"] = Field(default="csv", description="The format of the parts.")
    compression: Literal["none", "gzip"] = Field(default="none", description="gzip, for csv and jsonl.")

    @model_validator(mode="after")
    def _parquet_compresses_itself(self) -> FilesSettings:
        if self.format == "parquet" and self.compression == "gzip":
            raise ValueError("parquet compresses its columns itself; leave out `compression`")
        return self

    @property
    def extension(self) -> str:
        """How the names of the parts end."""
        return self.format + (".gz" if self.compression == "gzip" else "")


class Files(Destination):
    """Writes each batch as a file of its own, and at the end the manifest that makes them count."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="entity_key",
        batch_size=50_000,
        largest_batch=1_000_000,
        acknowledges="run",
        creates=False,
        replaces=True,
    )
    settings_model: ClassVar[type[DestinationSettings]] = FilesSettings

    def __init__(self, name: str, settings: FilesSettings, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._storage = Storage(settings.path, root=root)

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        """Open a run; where it fails before its manifest is written, its parts are removed."""
        delivery = _FilesDelivery(self._storage, self.settings, run)
        try:
            yield delivery
        except Exception:
            if not self._storage.exists(manifest_name(run)):
                self._storage.remove_folder(_folder(run))
            raise

    def settle(self, run: Run) -> bool:
        """A run counts where its manifest is there. Otherwise its parts are removed."""
        if not self._storage.exists(manifest_name(run)):
            self._storage.remove_folder(_folder(run))
            self._storage.forget(manifest_name(run))
            return False
        _point_to(self._storage, run)
        return True


class _FilesDelivery(Delivery):
    def __init__(self, storage: Storage, settings: FilesSettings, run: Run) -> None:
        self._storage = storage
        self._settings = settings
        self._run = run
        self._parts: list[dict[str, object]] = []
        self._totals: Counter[str] = Counter()
        self._lists: set[str] = set()

    def send(self, batch: Batch) -> BatchResult:
        """Write the batch as one part."""
        rows = [self._cells(record) for record in batch.records]
        content = ENCODERS[self._settings.format](self._columns(), rows)
        if self._settings.compression == "gzip":
            content = compress(content)
        run = self._run
        name = f"{run.audience}_{run.mode}_{run.id}_{batch.number:05}.{self._settings.extension}"
        path = f"{_folder(run)}/{name}"
        self._storage.write(path, content)
        self._totals.update(record.action for record in batch.records)
        held = (item for record in batch.records for item in record.identifiers.items())
        self._lists.update(name for name, value in held if isinstance(value, list))
        self._parts.append(
            {
                "path": path,
                "rows": len(rows),
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        return BatchResult()

    def finish(self) -> None:
        """Write the manifest, which makes the parts count, then the pointer to it."""
        self._storage.write_json(manifest_name(self._run), self._manifest())
        _point_to(self._storage, self._run)

    def _columns(self) -> list[str]:
        action = ["_action"] if self._run.mode == "delta" else []
        return [*action, "_key", *self._run.identifiers]

    def _cells(self, record: Record) -> list[Value]:
        identifiers = [record.identifiers.get(name) for name in self._run.identifiers]
        action = [record.action] if self._run.mode == "delta" else []
        return [*action, record.key, *identifiers]

    def _type(self, column: str) -> str:
        """What a column holds in this format: more than a text only where the format has more."""
        return "list" if column in self._lists and self._settings.format == "jsonl" else "string"

    def _manifest(self) -> dict[str, object]:
        run = self._run
        totals = {action: self._totals[action] for action in ("add", "change", "remove")}
        return {
            "version": MANIFEST_VERSION,
            "audience": run.audience,
            "entity": run.entity,
            "run_id": run.id,
            "sequence": run.sequence,
            "previous_run_id": run.previous,
            "mode": run.mode,
            "format": self._settings.format,
            "compression": self._settings.compression,
            "generated_at": run.started_at.isoformat() + "Z",
            "schema": [{"name": column, "type": self._type(column)} for column in self._columns()],
            "files": sorted(self._parts, key=lambda part: str(part["path"])),
            "totals": totals if run.mode == "delta" else {"members": sum(self._totals.values())},
        }


def manifest_name(run: Run) -> str:
    """Where a run's manifest is, below the destination's path."""
    return f"{run.audience}/manifests/{run.sequence:010}_{run.id}.json"


def _folder(run: Run) -> str:
    return f"{run.audience}/{run.id}"


def _point_to(storage: Storage, run: Run) -> None:
    """Let latest.json name this run's manifest, unless it names a newer one."""
    name = f"{run.audience}/latest.json"
    current = storage.read_json(name)
    if current is not None and int(current["sequence"]) >= run.sequence:
        return
    pointer = {"version": MANIFEST_VERSION, "manifest": manifest_name(run), "run_id": run.id}
    storage.write_json(name, {**pointer, "sequence": run.sequence})
