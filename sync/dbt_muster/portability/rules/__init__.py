"""What people's own SQL says differently, or not at all, on another warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterator

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
from dbt_muster.portability.rules.reading import Text
from dbt_muster.render import DIALECTS

__all__ = ["RULES", "Hit", "Rule", "hits"]

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
