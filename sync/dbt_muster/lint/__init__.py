"""Findings in specs that are valid: what contradicts itself, is said twice, or is probably not meant."""

from __future__ import annotations

from collections.abc import Container, Mapping

from dbt_muster.lint.contradictions import contradictions
from dbt_muster.lint.duplicates import duplicates
from dbt_muster.lint.findings import Finding, without_accepted
from dbt_muster.lint.formulas import Known
from dbt_muster.lint.history import longer_than_history
from dbt_muster.lint.missing import missing_counts
from dbt_muster.lint.place import Place
from dbt_muster.specs.meaning import Audience, Project

__all__ = ["Finding", "lint"]


def lint(project: Project, names: Container[str] | None = None) -> list[Finding]:
    """The findings of a project, in the order of files and lines.

    Args:
        project: all of it is looked at.
        names: the audiences whose findings are wanted; None is all of them.
    """
    twice = {each.audience: each for each in duplicates(project.audiences.values())}
    exact = {each.name: each for each in project.audiences.values() if _is_its_criteria(each)}
    found: list[Finding] = []
    for audience in project.audiences.values():
        if names is None or audience.name in names:
            again = [twice[audience.name]] if audience.name in twice else []
            found += without_accepted(audience, dict.fromkeys([*_of(project, audience, exact), *again]))
    return sorted(found, key=lambda each: (each.position.file.as_posix(), each.position.line, each.code))


def _of(project: Project, audience: Audience, exact: Mapping[str, Audience]) -> list[Finding]:
    entity = project.entities[audience.entity]
    known = Known(project.traits.get(entity.name, {}), exact)
    place = Place.of(audience, entity, known)
    return [*contradictions(place), *longer_than_history(place, project), *missing_counts(place)]


def _is_its_criteria(audience: Audience) -> bool:
    """Whether the members are exactly those who meet the criteria: no limit, and nobody stays or expires."""
    return all(getattr(audience, key, None) is None for key in ("limit", "stay", "expire"))
