"""The SQL that stands in specs, `sql:` and `expression:`, judged by the rules.

What such a text may hold is a part of SQL that means the same everywhere, and it is refused where it holds
more. The macros write what it does hold in each dialect's own way, which settles most of what the rules are
about. What is left are values whose type nobody declares, and what a warehouse makes of equal texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from dbt_muster.portability.findings import Finding
from dbt_muster.portability.rules import RULES, hits
from dbt_muster.portability.rules.reading import Text
from dbt_muster.specs.meaning import Project, WrittenSql

SETTLED: Mapping[str, str] = {
    "integer_division": "both sides are cast to double, so that 7 / 2 is 3.5 everywhere",
    "division_by_zero": "the divisor is nullif(…, 0), so that it gives null everywhere",
    "modulo": "it is written as mod() with a divisor that is never zero",
    "float_equality": "numbers are written as decimals",
    "integer_width": "whole numbers are written as bigint",
    "cast_rounding": "a fraction is rounded, halves away from zero, before it is cast",
    "bare_decimal": "decimals are written with their digits",
    "null_in_greatest": "with a null among them it is null everywhere",
    "backslash": "texts are quoted as each dialect has it",
    "reserved_word": "names are quoted",
    "quoted_case": "names are quoted as the warehouse stores them",
}
"""The rules that have nothing to say of these texts, and why."""

_ASKED = tuple(rule for rule in RULES if rule.code not in SETTLED)


def written_findings(
    project: Project, audiences: Collection[str], dialects: Collection[str]
) -> list[Finding]:
    """What some warehouses read differently in the SQL of specs.

    Args:
        project: the specs.
        audiences: those whose criteria are judged; traits are judged all.
        dialects: the warehouses that are asked about.
    """
    found: list[Finding] = []
    for traits in project.traits.values():
        for trait in traits.values():
            found += _judged(trait.name, [trait.sql] if trait.sql else [], dialects)
    for audience in project.audiences.values():
        if audience.name in audiences:
            texts = (sql for criterion in audience.written for sql in criterion.sql)
            found += _judged(audience.name, texts, dialects)
    return found


def _judged(name: str, texts: Iterable[WrittenSql], dialects: Collection[str]) -> Iterator[Finding]:
    for sql in texts:
        for hit in hits(_read(sql.text), _ASKED, dialects):
            place = sql.at(hit.line, hit.column)
            yield Finding(hit.code, "note", name, "", hit.message, hit.fragment, hit.instead, place)


def _read(text: str) -> Text:
    """The text as specs read it; one that cannot be read has been refused before."""
    try:
        (tree,) = Dialect().parse_into(exp.Condition, text)
    except (SqlglotError, ValueError):
        tree = None
    return Text.of(text, tree or exp.Null(), "")
