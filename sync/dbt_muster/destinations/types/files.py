"""Files: CSV, JSON Lines or Parquet on a disk or in an object store, with a manifest that is written last.

Layout, below `path`:

    <audience>/<run id>/<audience>_<mode>_<run id>_<part>.<format>   the parts of a run
    <audience>/manifests/<sequence>_<run id>.json   what the run consists of; written after its parts
    <audience>/latest.json                          names the newest manifest; written last of all

A reader acts on manifests alone, in the order of their sequence. Parts that no manifest names were left by a
run that died, and are removed by the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field

from dbt_muster.destinations.authoring.bases import Delivery, Destination
from dbt_muster.destinations.authoring.calls import Batch, BatchResult, Record, Run, Value
from dbt_muster.destinations.authoring.facts import Capabilities
from dbt_muster.destinations.authoring.files import RowFiles, RowSettings, Storage

MANIFEST_VERSION = 1


class FilesSettings(RowSettings):
    """Settings of a destination of type `files`."""

    path: str = Field(description="A folder, or an fsspec address such as s3://bucket/prefix.", min_length=1)


class Files(Destination):
    """Writes each batch as a file of its own, and at the end the manifest that makes them count."""

    settings_model = FilesSettings
    capabilities = Capabilities(
        keyed_by="entity_key",
        batch_size=50_000,
        largest_batch=1_000_000,
        acknowledges="run",
        creates=False,
        replaces=True,
    )

    def __init__(self, name: str, settings: FilesSettings, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._storage = Storage(settings.path, root=root)

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        """Open a run; where it fails before its manifest is written, its parts are removed."""
        with self._storage.counting_by(manifest_name(run), _folder(run)):
            yield _FilesDelivery(self._storage, self.settings, run)

    def settle(self, run: Run) -> bool:
        """A run counts where its manifest is there. Otherwise its parts are removed."""
        counts = self._storage.counts_by(manifest_name(run), _folder(run))
        if counts:
            _point_to(self._storage, run)
        return counts


class _FilesDelivery(Delivery):
    def __init__(self, storage: Storage, settings: FilesSettings, run: Run) -> None:
        self._storage = storage
        self._settings = settings
        self._run = run
        action = ["_action"] if run.mode == "delta" else []
        self._parts = RowFiles(storage, settings, [*action, "_key", *run.identifiers])
        self._totals: Counter[str] = Counter()

    def send(self, batch: Batch) -> BatchResult:
        """Write the batch as one part."""
        run = self._run
        name = f"{_folder(run)}/{run.audience}_{run.mode}_{run.id}_{batch.number:05}"
        self._parts.write(name, [self._cells(record) for record in batch.records])
        self._totals.update(record.action for record in batch.records)
        return BatchResult()

    def finish(self) -> None:
        """Write the manifest, which makes the parts count, then the pointer to it."""
        self._storage.write_json(manifest_name(self._run), self._manifest())
        _point_to(self._storage, self._run)

    def _cells(self, record: Record) -> list[Value]:
        action = [record.action] if self._run.mode == "delta" else []
        return [*action, record.key, *(record.identifiers.get(name) for name in self._run.identifiers)]

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
            "schema": [{"name": name, "type": kind} for name, kind in self._parts.columns()],
            "files": [part._asdict() for part in sorted(self._parts.written)],
            "totals": totals if run.mode == "delta" else {"members": sum(self._totals.values())},
        }


def manifest_name(run: Run) -> str:
    """Where a run's manifest is, below the destination's path."""
    return f"{run.audience}/manifests/{run.sequence:010}_{run.id}.json"


def _folder(run: Run) -> str:
    return f"{run.audience}/{run.id}"


def _point_to(storage: Storage, run: Run) -> None:
    """Let latest.json name this run's manifest, unless it names a newer one."""
    pointer = {"version": MANIFEST_VERSION, "manifest": manifest_name(run), "run_id": run.id}
    storage.write_newer(f"{run.audience}/latest.json", {**pointer, "sequence": run.sequence}, by="sequence")
