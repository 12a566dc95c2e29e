"""Every statement of a project in every dialect, on all cores; what is known already is not asked anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dbt_muster.portability.columns import Types
from dbt_muster.portability.facts import Facts, key
from dbt_muster.portability.findings import Finding, Judgement, Verdict
from dbt_muster.portability.judging import Reader
from dbt_muster.portability.proof import Prover, build
from dbt_muster.portability.statements import Statement, relation_name
from dbt_muster.portability.worlds import world
from dbt_muster.specs.meaning import Project, Type
from dbt_muster.testing.tables import SourceTable

Progress = Callable[[int], None]
"""Told how many more statements have been judged."""

_TYPES = {
    Type.STRING: "varchar",
    Type.INTEGER: "bigint",
    Type.NUMBER: "decimal(38, 9)",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.TIMESTAMP: "timestamp",
    Type.TIMESTAMPTZ: "timestamptz",
    Type.LIST: "varchar[]",
    Type.JSON: "json",
}


@dataclass(frozen=True)
class Task:
    """The statements of one dialect."""

    dialect: str
    statements: tuple[Statement, ...]
    sources: Mapping[str, Types]
    others: tuple[str, ...]
    database: Path
    facts: Mapping[int, Any]  # by the statement's place: what was found out before
    wanted: frozenset[int]  # the places of the statements to judge


def check(
    project: Project,
    statements: Sequence[Statement],
    dialects: Sequence[str],
    *,
    facts: Facts | None = None,
    progress: Progress = lambda _: None,
) -> list[Judgement]:
    """Judge statements in dialects.

    Args:
        project: what they are made from; its tables are filled with made-up rows.
        statements: models, each after those that it reads, then whatever else.
        dialects: dbt adapters' types; each statement is moved to every one of them.
        facts: what earlier checks found out; what this one finds out is added.
        progress: told how many more statements have been judged.
    """
    facts = facts or Facts(None)
    tables = world(project)
    sources = _sources(tables)
    keys = {dialect: _keys(statements, sources, dialect, dialects) for dialect in dialects}
    found = {
        dialect: {place: fact for place, one in enumerate(keys[dialect]) if (fact := facts.get(one))}
        for dialect in dialects
    }
    missing = {dialect: frozenset(range(len(statements))) - found[dialect].keys() for dialect in dialects}
    progress(sum(map(len, found.values())))
    if any(missing.values()):
        with TemporaryDirectory() as folder:
            database = Path(folder) / "world.duckdb"
            build(database, tables, [each for each in statements if each.kind == "model"])
            tasks = [
                Task(dialect, tuple(statements), sources, tuple(dialects), database, found[dialect], places)
                for dialect, places in missing.items()
                if places
            ]
            for dialect, new in _run(tasks, progress):
                for place, fact in new.items():
                    facts.put(keys[dialect][place], fact)
                    found[dialect][place] = fact
    return [
        _judgement(statement, dialect, found[dialect][place])
        for dialect in dialects
        for place, statement in enumerate(statements)
    ]


def _sources(tables: Mapping[Any, SourceTable]) -> dict[str, Types]:
    return {
        relation_name(relation.kind, *relation.names): {
            column: _TYPES.get(kind, "unknown") for column, kind in table.columns.items()
        }
        for relation, table in tables.items()
    }


def _keys(
    statements: Sequence[Statement], sources: Mapping[str, Types], dialect: str, dialects: Sequence[str]
) -> list[str]:
    """A key for each statement, from its own text and from those of everything that it reads."""
    by_name: dict[str, str] = {}
    keys = []
    for statement in statements:
        read = [by_name.get(name, name) for name in statement.refs]
        tables = {name: columns for name, columns in sources.items() if name in statement.text}
        one = key(
            statement.name, statement.text, statement.incremental, read, tables, dialect, sorted(dialects)
        )
        keys.append(one)
        if not statement.incremental:
            by_name[statement.name] = one
    return keys


def _run(tasks: Sequence[Task], progress: Progress) -> list[tuple[str, dict[int, Any]]]:
    """The facts of every task; a dialect is one task, since each model's types come from those before it."""
    workers = min(len(tasks), os.cpu_count() or 1)
    if workers == 1:
        return [_told(_judge(task), progress) for task in tasks]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_judge, task) for task in tasks]
        return [_told(each.result(), progress) for each in as_completed(running)]


def _told(result: tuple[str, dict[int, Any]], progress: Progress) -> tuple[str, dict[int, Any]]:
    progress(len(result[1]))
    return result


def _judge(task: Task) -> tuple[str, dict[int, Any]]:
    reader = Reader(task.dialect, task.sources, task.others)
    prover = Prover(task.database)
    new: dict[int, Any] = {}
    try:
        for place, statement in enumerate(task.statements):
            if place not in task.wanted:
                reader.know(statement, task.facts[place]["outputs"])
                continue
            read = reader.read(statement)
            findings = list(read.findings)
            proved = False
            if read.tree is not None and statement.kind == "model" and not read.fails:
                against = prover.prove(statement, read.tree, task.dialect)
                proved = against is None
                findings += [against] if against else []
            verdict = _verdict(findings, proved=proved)
            new[place] = {
                "verdict": verdict,
                "findings": [_stored(finding) for finding in findings],
                "outputs": read.outputs,
            }
    finally:
        prover.close()
    return task.dialect, new


def _verdict(findings: Sequence[Finding], *, proved: bool) -> Verdict:
    if any(finding.level == "error" for finding in findings):
        return "fails"
    return "proved" if proved else "parsed only"


def _stored(finding: Finding) -> dict[str, Any]:
    return {name: value for name, value in asdict(finding).items() if value and name != "position"}


def _judgement(statement: Statement, dialect: str, fact: Mapping[str, Any]) -> Judgement:
    findings = tuple(Finding(**finding) for finding in fact["findings"])
    return Judgement(
        statement.name,
        dialect,
        fact["verdict"],
        tuple(replace(finding, statement=statement.name) for finding in findings),
    )
