"""What people's own SQL says differently, or not at all, on another warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import parsed
from dbt_muster.portability.rules import (
    aggregates,
    clauses,
    names,
    numbers,
    ordering,
    spellings,
    texts,
    times,
)
from dbt_muster.portability.rules.own import OwnModel, own_models
from dbt_muster.portability.rules.reading import Hit, Rule, Text
from dbt_muster.specs.meaning import Position

__all__ = ["RULES", "OwnModel", "hits", "judge", "own_models"]

RULES: tuple[Rule, ...] = (
    *numbers.RULES,
    *ordering.RULES,
    *times.RULES,
    *texts.RULES,
    *names.RULES,
    *clauses.RULES,
    *aggregates.RULES,
    *spellings.RULES,
)


def hits(text: Text, rules: Collection[Rule] = RULES) -> Iterator[Hit]:
    """What rules find in a text; the same thing twice on a line is found once."""
    seen = set()
    for rule in rules:
        for found in rule(text):
            if found not in seen:
                seen.add(found)
                yield found


def judge(model: OwnModel) -> list[Finding]:
    """What stands against moving a model to another warehouse, in the order of its lines.

    A text that its own dialect does not read is an error; what only differs elsewhere is a note.
    """
    tree, findings = parsed(model.name, model.sql, model.dialect)
    if tree is None:
        return findings
    found = sorted(
        hits(Text.of(model.sql, tree, model.dialect)), key=lambda each: (each.line or 0, each.code)
    )
    return findings + [_finding(model, each) for each in found]


def _finding(model: OwnModel, found: Hit) -> Finding:
    position = Position(Path(model.file), found.line, 1) if found.line else None
    return Finding(
        found.code, "note", model.name, model.dialect, found.message, found.fragment, found.instead, position
    )
