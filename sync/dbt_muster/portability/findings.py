"""What is found out about a statement in a dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dbt_muster.specs.meaning import Position

Verdict = Literal["proved", "parsed only", "fails"]
"""Proved: run, and with the members that it should have. Parsed only: read without fault, and not run."""

Level = Literal["error", "note"]


@dataclass(frozen=True)
class Finding:
    """Something about a statement that does not hold in a dialect, or that could not be found out.

    Attributes:
        code: what kind of finding, such as `parse` or `unresolved_column`.
        level: an error is a failure; a note says why something counts as no more than parsed.
        statement: the model, or the statement of a sync.
        dialect: where.
        message: what is wrong.
        fragment: the SQL that it is about.
        instead: what to write.
        position: the place in the specs that the SQL came from, where there is one.
    """

    code: str
    level: Level
    statement: str
    dialect: str
    message: str
    fragment: str = ""
    instead: str | None = None
    position: Position | None = None


@dataclass(frozen=True)
class Judgement:
    """A statement in a dialect."""

    statement: str
    dialect: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
