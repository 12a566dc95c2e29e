"""One shape for whatever a check has to say: of specs, of their SQL, and of people's own models."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from dbt_muster.lint import Finding as LintFinding
from dbt_muster.portability.findings import Finding
from dbt_muster.specs.problems import Problem

Level = Literal["error", "warning", "note"]

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
"""The worst first."""

_UNPROVED = "not_run"
_LINE = re.compile(r" ?\(line \d+\)")


@dataclass(frozen=True)
class Remark:
    """Something to say about a place.

    Attributes:
        code: what kind of thing, in snake case.
        level: how bad.
        message: one plain sentence without a full stop.
        about: the audience, the model or the statement.
        page: where the code is explained, from the repository's root.
        dialects: the warehouses that it holds for; none where it is about the spec itself.
        fragment: the SQL that it is about.
        instead: what to write.
        file: from the project's root; None where nobody knows.
        line: from 1.
        column: from 1.
    """

    code: str
    level: Level
    message: str
    about: str
    page: str
    dialects: tuple[str, ...] = ()
    fragment: str = ""
    instead: str | None = None
    file: str | None = None
    line: int = 1
    column: int = 1

    @property
    def said(self) -> str:
        """The message, before it the model and the warehouses that it is about."""
        if not self.dialects:
            return self.message
        return f"{self.about} ({', '.join(self.dialects)}): {self.message}"

    @property
    def lasting(self) -> tuple[object, ...]:
        """What of it stays when lines move."""
        return (self.code, self.file, self.about, self.dialects, _LINE.sub("", self.message), self.fragment)


@dataclass
class Merged:
    """Remarks that only differ in their warehouse, as one."""

    _found: dict[tuple[object, ...], Remark] = field(default_factory=dict)

    def add(self, remark: Remark) -> None:
        """One more."""
        key = (remark.code, remark.message, remark.about, remark.instead, remark.file, remark.line)
        known = self._found.setdefault(key, remark)
        dialects = dict.fromkeys((*known.dialects, *remark.dialects))
        self._found[key] = replace(known, dialects=tuple(dialects))

    @property
    def remarks(self) -> list[Remark]:
        """All of them, in the order in which they came first."""
        return list(self._found.values())


def gathered(remarks: Iterable[Remark]) -> list[Remark]:
    """The remarks, those notes as one that say the same of several models for the same reason.

    Args:
        remarks: as they are. What is more than a note stays by itself, and so does a note with SQL, unless it
            says why something is not proved: then the first one's SQL is an example of all.
    """
    found: dict[tuple[object, ...], list[Remark]] = {}
    for remark in remarks:
        alone = (remark.about, remark.fragment, remark.file, remark.line)
        key = (remark.code, remark.level, remark.message, remark.dialects)
        found.setdefault(
            key
            if remark.level == "note" and (not remark.fragment or remark.code == _UNPROVED)
            else (*key, *alone),
            [],
        ).append(remark)
    return [
        replace(each[0], about=f"{each[0].about} and {len(each) - 1} more") if len(each) > 1 else each[0]
        for each in found.values()
    ]


def of_lint(finding: LintFinding) -> Remark:
    """A finding in a spec."""
    at = finding.position
    return Remark(
        finding.code,
        finding.level.value,
        finding.message,
        finding.audience,
        f"docs/lint.md#{finding.code}",
        file=at.file.as_posix(),
        line=at.line,
        column=at.column,
    )


def of_problem(problem: Problem) -> Remark:
    """A mistake for which specs cannot be read."""
    hints = [problem.expected and f"expected {problem.expected}"]
    hints += [problem.suggestion and f"did you mean {problem.suggestion}?"]
    return Remark(
        problem.code,
        "error",
        "; ".join([problem.said, *(hint for hint in hints if hint)]),
        problem.about or problem.file.stem,
        "docs/language.md",
        file=problem.file.as_posix(),
        line=problem.line,
        column=problem.column,
    )


def of_sql(findings: Iterable[Finding]) -> list[Remark]:
    """Findings in SQL; one that holds for several warehouses is said once."""
    merged = Merged()
    for finding in findings:
        at = finding.position
        place = (at.file.as_posix(), at.line, at.column) if at else (None, 1, 1)
        merged.add(
            Remark(
                finding.code,
                finding.level,
                finding.message,
                finding.statement,
                f"docs/portability-codes.md#{finding.code}",
                (finding.dialect,) if finding.dialect else (),
                finding.fragment,
                finding.instead,
                *place,
            )
        )
    return merged.remarks
