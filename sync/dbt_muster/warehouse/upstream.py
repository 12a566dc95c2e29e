"""What dbt's last run said of the models that an audience is built on, out of target/run_results.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dbt_muster.errors import UsageError
from dbt_muster.warehouse.manifest import Manifest

_WORDS = {
    "error": "failed",
    "fail": "failed",
    "runtime error": "failed",
    "partial success": "failed in part",
    "skipped": "was skipped",
}
"""The statuses of a node that mean that it did not go well (dbt's run results schema v6, `status`)."""


@dataclass(frozen=True)
class Upstream:
    """Which nodes of dbt's are built on which, and how the last run of each went.

    Attributes:
        manifest: dbt's.
        statuses: of every node in the last run, by its unique id.
    """

    manifest: Manifest
    statuses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, manifest: Manifest) -> Upstream:
        """Read `run_results.json` beside a manifest; without one nothing is known to have failed.

        Raises:
            UsageError: the file is there and cannot be read.
        """
        path = manifest.path.with_name("run_results.json")
        try:
            results = json.loads(path.read_text(encoding="utf-8"))["results"]
            return cls(manifest, {str(result["unique_id"]): str(result["status"]) for result in results})
        except FileNotFoundError:
            return cls(manifest)
        except (OSError, ValueError, KeyError, TypeError):
            raise UsageError(f"{path} does not hold the results of a dbt run: run `dbt run` again.") from None

    def failed(self, models: Iterable[str]) -> tuple[str, ...]:
        """What went wrong among models, all that they are built on, and the tests of both, in words.

        Args:
            models: names of dbt models.
        """
        nodes = self.manifest.ancestry(models)
        found = []
        for unique_id, status in sorted(self.statuses.items()):
            kind, _, rest = unique_id.partition(".")
            said = _WORDS.get(status)
            is_test = kind in ("test", "unit_test")
            if said is None or (is_test and status == "skipped"):
                continue
            if unique_id in nodes or (is_test and nodes & set(self.manifest.parents.get(unique_id, ()))):
                found.append(f"the {kind.replace('_', ' ')} {_name(unique_id, rest, self.manifest)} {said}")
        return tuple(found)

    def reads(self, models: Iterable[str], kind: str, names: tuple[str, ...]) -> bool:
        """Whether models are built on a table.

        Args:
            models: names of dbt models.
            kind: `ref` or `source`.
            names: what the table is called with, one or two names.
        """
        return self.manifest.ids.get((kind, *names)) in self.manifest.ancestry(models)


def _name(unique_id: str, rest: str, manifest: Manifest) -> str:
    return manifest.names.get(unique_id) or rest.partition(".")[2] or rest
