"""What people's own SQL says differently, or not at all, on another warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, SqlglotError

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import parsed
from dbt_muster.portability.rules import (
    aggregates,
    clauses,
    conversions,
    dates,
    identifiers,
    limits,
    lists,
    numbers,
    operators,
    ordering,
    patterns,
    reserved,
    scopes,
    spellings,
    texts,
    times,
    windows,
)
from dbt_muster.portability.rules.differences import Hit, Rule
from dbt_muster.portability.rules.own import OwnModel, own_models
from dbt_muster.portability.rules.reading import Text
from dbt_muster.render import DIALECTS

__all__ = ["RULES", "Hit", "OwnModel", "Rule", "hits", "judge", "own_models"]

RULES: tuple[Rule, ...] = tuple(
    rule
    for module in (
        numbers,
        conversions,
        operators,
        ordering,
        limits,
        windows,
        aggregates,
        times,
        dates,
        texts,
        patterns,
        lists,
        identifiers,
        scopes,
        reserved,
        clauses,
        spellings,
    )
    for rule in module.RULES
)


def hits(
    text: Text, rules: Collection[Rule] = RULES, dialects: Collection[str] | None = None
) -> Iterator[Hit]:
    """What rules find in a text; the same thing twice on a line is found once.

    Args:
        text: what to look through.
        rules: those to ask.
        dialects: the warehouses among which the text may be moved, besides its own; None is all.
    """
    among = set(DIALECTS if dialects is None else dialects) | {text.dialect}
    seen = set()
    for rule in rules:
        for found in rule.hits(text, among):
            key = (found.code, found.message, found.fragment, found.line)
            if key not in seen:
                seen.add(key)
                yield found


def judge(model: OwnModel, dialects: Collection[str] | None = None) -> list[Finding]:
    """What stands against moving a model to another warehouse, in the order of its lines.

    A text that its own dialect does not read is an error; what only differs elsewhere is a note.

    Args:
        model: with its compiled SQL.
        dialects: the warehouses that it may be moved to; None is all.
    """
    tree, findings = parsed(model.name, model.sql, model.dialect)
    if tree is None:
        return findings
    found = sorted(
        hits(Text.of(model.sql, tree, model.dialect), dialects=dialects),
        key=lambda each: (each.line, each.column, each.code),
    )
    return findings + [_finding(model, each) for each in found] + list(_unmoved(model, tree, dialects or ()))


def _unmoved(model: OwnModel, tree: exp.Expr, dialects: Collection[str]) -> Iterator[Finding]:
    """A note for each warehouse that sqlglot has no words for some part of a model on."""
    for other in dialects:
        if other == model.dialect:
            continue
        try:
            tree.sql(dialect=other, unsupported_level=ErrorLevel.RAISE)
        except SqlglotError as error:
            message = f"sqlglot cannot move this to {other}: {str(error).splitlines()[0]}"
            yield Finding("transpile", "note", model.name, model.dialect, message, position=model.place(1, 1))


def _finding(model: OwnModel, found: Hit) -> Finding:
    position = model.place(found.line, found.column)
    return Finding(
        found.code, "note", model.name, model.dialect, found.message, found.fragment, found.instead, position
    )
