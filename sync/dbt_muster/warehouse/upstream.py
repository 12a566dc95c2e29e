"""What dbt's last run said of the models that an audience is built on, out of target/run_results.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dbt_muster.errors import UsageError
from dbt_muster.warehouse.manifest import Manifest

_WORDS = {
    "error": "failed",
    "fail": "failed",
    "runtime error": "failed",
    "partial success": "failed in part",
}
"""The statuses of a node that mean that it did not go well (dbt's run results schema v6, `status`)."""

_NAMED = 3
"""How many of those that were skipped are named: each was for something that failed."""


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

        What was skipped for it comes last, as one.

        Args:
            models: names of dbt models.
        """
        nodes = self.manifest.ancestry(models)
        failed, skipped = [], []
        for unique_id, status in sorted(self.statuses.items()):
            kind, _, rest = unique_id.partition(".")
            name = _name(unique_id, rest, self.manifest)
            is_test = kind in ("test", "unit_test")
            if unique_id in nodes or (is_test and nodes & set(self.manifest.parents.get(unique_id, ()))):
                if status in _WORDS:
                    failed.append(f"the {kind.replace('_', ' ')} {name} {_WORDS[status]}")
                elif status == "skipped" and not is_test:
                    skipped.append(name)
        return (*failed, *_skipped(skipped))

    def reads(self, models: Iterable[str], kind: str, names: tuple[str, ...]) -> bool:
        """Whether models are built on a table.

        Args:
            models: names of dbt models.
            kind: `ref` or `source`.
            names: what the table is called with, one or two names.
        """
        return self.manifest.ids.get((kind, *names)) in self.manifest.ancestry(models)


def _skipped(names: Sequence[str]) -> Iterator[str]:
    if len(names) == 1:
        yield f"{names[0]} was skipped"
    elif names:
        more = len(names) - _NAMED
        yield f"{', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''} were skipped"


def _name(unique_id: str, rest: str, manifest: Manifest) -> str:
    return manifest.names.get(unique_id) or rest.partition(".")[2] or rest
