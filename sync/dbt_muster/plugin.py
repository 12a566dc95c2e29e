"""A small dbt plugin: stubs follow their specs before dbt reads the project.

Editing a spec and running `dbt run` is then all there is to do. Nothing depends on it: the stubs are
committed, and a dbt without this package builds them as they are.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dbt.flags import get_flags
from dbt.plugins.manager import dbtPlugin


class MusterPlugin(dbtPlugin):
    """Compiles stale stubs of the project that dbt was called in."""

    def initialize(self) -> None:
        """Refresh the stubs; where the files cannot be written, say that they are stale.

        Raises:
            SpecErrors: a spec is wrong; dbt shows the message and stops.
        """
        root = project_folder()
        if (root / "audience_specs").is_dir() and (root / "dbt_project.yml").is_file():
            refresh(root)


def project_folder() -> Path:
    """The folder of the project that dbt was called for: `--project-dir`, or where it was called."""
    flags = get_flags()  # type: ignore[no-untyped-call] # dbt-core leaves it without types
    return Path(getattr(flags, "PROJECT_DIR", None) or Path.cwd())


def refresh(root: Path) -> None:
    """Compile the specs under `root`, and say on standard error what changed."""
    from dbt_muster.plan import compile_project, stale

    try:
        changes = compile_project(root)
    except OSError as error:
        if changes := stale(root):
            count = len(changes.written) + len(changes.removed)
            _say(f"{count} of muster's files are stale and cannot be written here ({error.strerror}).")
            _say("This run uses them as they are; run `muster compile` where they can be written.")
        return
    for verb, paths in (("wrote", changes.written), ("removed", changes.removed)):
        for path in paths:
            _say(f"{verb} {path}")


def _say(line: str) -> None:
    sys.stderr.write(f"muster: {line}\n")
