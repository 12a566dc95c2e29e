"""Everything that a project runs in a warehouse: its models, those of the package, and its deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dbt_muster.delivery.pairs import Pair, select_pairs
from dbt_muster.errors import UsageError
from dbt_muster.portability.deliveries import delivery_statements
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.statements import (
    Statement,
    model_statements,
    shipped_folder,
    shipped_statements,
)
from dbt_muster.portability.summary import made_from
from dbt_muster.specs.meaning import Project

_EVERYWHERE = "every warehouse"


def of_audiences(project: Project, audiences: Iterable[str]) -> list[Statement]:
    """The models that some audiences are made from, each after those that it reads."""
    every = list(model_statements(project))
    needed = frozenset[str]().union(*made_from(every, audiences).values())
    return [statement for statement in every if statement.name in needed]


def of_project(project: Project, root: Path) -> tuple[list[Statement], list[Finding]]:
    """All statements of a project, each after those that it reads, and a note for what cannot be written.

    Args:
        project: what it is made of.
        root: its folder, from which relative paths of destinations start.
    """
    pairs, notes = _pairs(project, root)
    models = list(model_statements(project))
    # The package's models are about memberships, of which a project without audiences has none.
    shipped = list(shipped_statements(shipped_folder())) if project.audiences else []
    return [*models, *shipped, *delivery_statements(pairs)], notes


def _pairs(project: Project, root: Path) -> tuple[Sequence[Pair], list[Finding]]:
    try:
        return select_pairs(project, root=root), []
    except UsageError:
        # One destination whose secret is not set here keeps no other from being judged.
        pass
    pairs: list[Pair] = []
    notes: dict[str, Finding] = {}
    for audience in project.audiences.values():
        for sync in audience.syncs if audience.enabled else ():
            name = f"{audience.name}:{sync.destination}"
            try:
                pairs += select_pairs(project, [name], root=root)
            except UsageError as error:
                reason = str(error).splitlines()[0]
                said = f"its statements are not judged, since the destination cannot be opened here: {reason}"
                notes.setdefault(
                    sync.destination,
                    Finding("not_run", "note", f"sync {name}", _EVERYWHERE, said, position=sync.position),
                )
    return pairs, list(notes.values())
