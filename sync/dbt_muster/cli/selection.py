"""What a check is about: audiences by name or tag, and dbt models of the project's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbt_muster.cli.audiences import find_audience
from dbt_muster.errors import UsageError
from dbt_muster.specs.names import nearest

if TYPE_CHECKING:
    from dbt_muster.specs.meaning import Project

_TAG = "tag:"


@dataclass(frozen=True)
class Selection:
    """What a check is about.

    Attributes:
        audiences: their names; None is all of them.
        models: dbt models that no spec made.
    """

    audiences: frozenset[str] | None
    models: tuple[str, ...]


def selected(
    project: Project, names: Sequence[str], selectors: Sequence[str], models: Sequence[str]
) -> Selection:
    """What was asked for.

    Args:
        project: its audiences come before models of the same name.
        names: audiences.
        selectors: audiences, `tag:name` and models, several in one with commas between them.
        models: models.

    Raises:
        UsageError: there is no such audience or tag.
    """
    audiences = {find_audience(project, name).name for name in names}
    own = list(models)
    items = [item.strip() for selector in selectors for item in selector.split(",") if item.strip()]
    if selectors and not items:
        raise UsageError("--select: expected an audience, tag:name or a dbt model.")
    for item in items:
        if item.startswith(_TAG):
            audiences |= _tagged(project, item.removeprefix(_TAG))
        elif item in project.audiences:
            audiences.add(item)
        else:
            own.append(item)
    everything = not names and not items
    return Selection(None if everything else frozenset(audiences), tuple(dict.fromkeys(own)))


def _tagged(project: Project, tag: str) -> set[str]:
    found = {audience.name for audience in project.audiences.values() if tag in audience.tags}
    if not found:
        known = {each for audience in project.audiences.values() for each in audience.tags}
        near = nearest(tag, known)
        hint = f" Did you mean `tag:{near}`?" if near else ""
        raise UsageError(f"No audience has the tag `{tag}`.{hint}")
    return found
