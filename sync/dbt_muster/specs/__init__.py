"""Specs: reading them, saying what is wrong with them and where, and what they mean.

`load(root)` gives the `meaning.Project` of everything under `root/audience_specs`, or raises `SpecErrors`
with every mistake of every file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dbt_muster.collecting import without_collection
from dbt_muster.specs.problems import Problem, SpecErrors

if TYPE_CHECKING:
    from dbt_muster.specs.meaning import Project

__all__ = ["Problem", "SpecErrors", "load"]


def load(root: Path) -> Project:
    """Everything under `root/audience_specs`, read, validated and resolved.

    Args:
        root: the folder of the dbt project.

    Raises:
        SpecErrors: there are mistakes; all of them are in its `problems`.
        UsageError: there is no folder of specs.
    """
    # pydantic and PyYAML are imported here, so that a command that reads no specs starts fast
    from dbt_muster.specs.files import read_files
    from dbt_muster.specs.resolve.project import resolve_project

    with without_collection():
        project, problems = resolve_project(root, read_files(root))
    if problems:
        raise SpecErrors(problems)
    return project
