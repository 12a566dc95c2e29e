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
    known = _by_statement(judgements)
    dialects = list(dict.fromkeys(dialect for found in known.values() for dialect in found))
    return {
        audience: {dialect: _worst(known[name][dialect] for name in names) for dialect in dialects}
        for audience, names in made_from(statements, audiences).items()
    }


def other_verdicts(statements: Iterable[Statement], judgements: Iterable[Judgement]) -> Verdicts:
    """What is known of the package's own models by themselves, and of each kind of delivery."""
    rows = {each.name: each.story or each.name for each in statements if each.kind != "model" and each.judged}
    found: dict[str, dict[str, Verdict]] = {}
    for name, by_dialect in _by_statement(judgements).items():
        if name in rows:
            row = found.setdefault(rows[name], {})
            for dialect, verdict in by_dialect.items():
                row[dialect] = _worst((verdict, row.get(dialect, "proved")))
    return found


def _by_statement(judgements: Iterable[Judgement]) -> dict[str, dict[str, Verdict]]:
    """The worst verdict of a statement's forms, by its name and by dialect."""
    found: dict[str, dict[str, Verdict]] = {}
    for each in judgements:
        row = found.setdefault(each.statement, {})
        row[each.dialect] = _worst((each.verdict, row.get(each.dialect, "proved")))
    return found


def worth_showing(judgements: Iterable[Judgement], names: Collection[str]) -> list[Finding]:
    """The failures, why what is not proved is not, and what is read whole; each reason once a statement."""
    found: dict[tuple[str, str, str], Finding] = {}
    for each in judgements:
        if each.statement in names:
            for finding in each.findings:
                if finding.code == "no_pruning" or (each.verdict != "proved" and finding.code != "transpile"):
                    found.setdefault((finding.statement, finding.dialect, finding.message), finding)
    return list(found.values())


def _worst(found: Iterable[Verdict]) -> Verdict:
    return max(found, key=_ORDER.index)
