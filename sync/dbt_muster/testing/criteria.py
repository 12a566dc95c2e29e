"""Which of an audience's criteria hold for a key: each is built as an audience of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any, Literal

from dbt_muster.specs.meaning import Audience, Criterion, Position, Project
from dbt_muster.specs.yaml_tree import read_documents
from dbt_muster.testing.build import Build
from dbt_muster.testing.needed import models

_LONGEST = 120
Key = str | int


@dataclass(frozen=True)
class Verdict:
    """Whether one criterion holds for one key."""

    group: Literal["all", "any", "none"]
    criterion: str  # as it is written, on one line
    position: Position
    holds: bool  # what the criterion says itself; under `none` it should not
    decides: bool  # whether it keeps the key out


def verdicts(
    build: Build, project: Project, audience: Audience, keys: Iterable[Key]
) -> Mapping[Key, tuple[Verdict, ...]]:
    """Every criterion of an audience, for each key. Builds other models in place of those that are there.

    Args:
        build: where the audience was built.
        project: the part of the project that the audience needs.
        audience: whose criteria.
        keys: those that somebody wants explained.
    """
    names = {f"muster_criterion_{index}": each for index, each in enumerate(audience.written)}
    alone = {
        name: replace(audience, name=name, criteria=each.condition, limit=None, stay=None, expire=None)
        for name, each in names.items()
    }
    build.models(models(replace(project, audiences=project.audiences | alone), names))
    key = project.entities[audience.entity].key.column
    members = [frozenset(build.keys(name, key)) for name in names]
    texts = _texts(project.root, audience)
    return {
        each: _judged(audience.written, texts, [each in of_criterion for of_criterion in members])
        for each in keys
    }


def _judged(criteria: tuple[Criterion, ...], texts: list[str], holds: list[bool]) -> tuple[Verdict, ...]:
    some = any(is_held for item, is_held in zip(criteria, holds, strict=True) if item.group == "any")
    keeps_out = {"all": (False,), "none": (True,), "any": () if some else (False,)}
    return tuple(
        Verdict(item.group, text, item.position, is_held, is_held in keeps_out[item.group])
        for item, text, is_held in zip(criteria, texts, holds, strict=True)
    )


def _texts(root: Path, audience: Audience) -> list[str]:
    """The criteria as they are written, each on one line; those of another audience in that one's file."""
    documents: dict[Path, Any] = {}
    for file in {each.position.file for each in audience.written}:
        found, _ = read_documents(file, (root / file).read_text(encoding="utf-8-sig"))
        documents[file] = found[0].data
    return [
        _cut(_flow(reduce(lambda part, step: part[step], each.path, documents[each.position.file])))
        for each in audience.written
    ]


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
