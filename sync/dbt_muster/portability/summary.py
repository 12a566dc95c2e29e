"""From judgements of statements to verdicts on audiences: one is as good as the worst it is made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from dbt_muster.portability.findings import Finding, Judgement, Verdict
from dbt_muster.portability.statements import Statement

_ORDER: tuple[Verdict, ...] = ("proved", "parsed only", "fails")

Verdicts = Mapping[str, Mapping[str, Verdict]]
"""By audience, then by dialect."""


def made_from(statements: Sequence[Statement], models: Iterable[str]) -> dict[str, frozenset[str]]:
    """By model, it and everything that it reads, directly or not."""
    refs = {statement.name: statement.refs for statement in statements}
    return {model: _reached(refs, model) for model in models}


def _reached(refs: Mapping[str, Sequence[str]], model: str) -> frozenset[str]:
    found, waiting = set[str](), [model]
    while waiting:
        name = waiting.pop()
        if name in refs and name not in found:
            found.add(name)
            waiting += refs[name]
    return frozenset(found)


def verdicts(
    audiences: Iterable[str], statements: Sequence[Statement], judgements: Iterable[Judgement]
) -> Verdicts:
    """What is known of each audience in each dialect."""
    by_statement: dict[str, dict[str, Verdict]] = {}
    for each in judgements:
        known = by_statement.setdefault(each.statement, {})
        known[each.dialect] = _worst((each.verdict, known.get(each.dialect, "proved")))
    dialects = list(dict.fromkeys(dialect for found in by_statement.values() for dialect in found))
    return {
        audience: {dialect: _worst(by_statement[name][dialect] for name in names) for dialect in dialects}
        for audience, names in made_from(statements, audiences).items()
    }


def worth_showing(judgements: Iterable[Judgement], names: Collection[str]) -> list[Finding]:
    """The failures, and why what is not proved is not, of some statements; each reason once a statement."""
    found: dict[tuple[str, str, str], Finding] = {}
    for each in judgements:
        if each.statement in names and each.verdict != "proved":
            for finding in each.findings:
                if finding.code != "transpile":
                    found.setdefault((finding.statement, finding.dialect, finding.message), finding)
    return list(found.values())


def _worst(found: Iterable[Verdict]) -> Verdict:
    return max(found, key=_ORDER.index)
