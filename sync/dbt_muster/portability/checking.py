"""Every statement of a project in every dialect, on all cores; what is known already is not asked anew."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dbt_muster.plan.starts import Reading, readings
from dbt_muster.portability.columns import Types
from dbt_muster.portability.facts import Facts, key
from dbt_muster.portability.findings import Finding, Judgement, Verdict
from dbt_muster.portability.judging import Reader
from dbt_muster.portability.proof import Prover, build
from dbt_muster.portability.replay import Replay
from dbt_muster.portability.statements import Statement, relation_name
from dbt_muster.portability.worlds import world
from dbt_muster.specs.meaning import Project, Relation, Type
from dbt_muster.testing.tables import SourceTable, source_tables

Progress = Callable[[int], None]
"""Told how many more statements have been judged."""

_TOGETHER = 20
"""So many statements are told of at once."""
_PROMPT = 0.2
"""Seconds between two looks at what the other processes tell."""

_tell: Progress = lambda _: None  # noqa: E731 - a process of its own puts its queue here

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
    readings: Mapping[str, Reading]
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
    judged = frozenset(place for place, statement in enumerate(statements) if statement.judged)
    tables = source_tables(project)
    keys = _keys(statements, tables, dialects)
    found = {
        dialect: {place: fact for place in judged if (fact := facts.get(keys[dialect][place]))}
        for dialect in dialects
    }
    missing = {dialect: judged - found[dialect].keys() for dialect in dialects}
    progress(sum(map(len, found.values())))
    if any(missing.values()):
        with TemporaryDirectory() as folder:
            database = Path(folder) / "world.duckdb"
            build(database, world(project), statements)
            tasks = [
                Task(
                    dialect,
                    tuple(statements),
                    sources(tables),
                    tuple(dialects),
                    readings(project),
                    database,
                    found[dialect],
                    places,
                )
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
        if statement.judged
    ]


def sources(tables: Mapping[Relation, SourceTable]) -> dict[str, Types]:
    """The tables that nothing here makes, by name: their columns and types."""
    return {
        relation_name(relation.kind, *relation.names): {
            column: _TYPES.get(kind, "unknown") for column, kind in table.columns.items()
        }
        for relation, table in tables.items()
    }


def _keys(
    statements: Sequence[Statement], tables: Mapping[Relation, SourceTable], dialects: Sequence[str]
) -> dict[str, list[str]]:
    """By dialect, a key for each statement, from its own text and from those of everything that it reads."""
    columns = [
        (relation.names, sorted((column, kind.value) for column, kind in table.columns.items()))
        for relation, table in tables.items()
    ]
    by_name: dict[str, str] = {}
    own = []
    for statement in statements:
        read = [by_name.get(name, name) for name in statement.refs]
        read += [by_name[statement.story]] if statement.place else []  # a step goes on from the one before
        told = [each for each in columns if all(name in statement.text for name in each[0])]
        one = key(statement.name, statement.kind, statement.text, statement.incremental, read, told)
        own.append(one)
        if not statement.incremental:
            by_name[statement.story or statement.name] = one
    others = sorted(dialects)
    return {dialect: [key(one, dialect, others) for one in own] for dialect in dialects}


def _run(tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[str, dict[int, Any]]]:
    """The facts of every task; each process has a share of the dialects."""
    workers = min(len(tasks), os.cpu_count() or 1)
    shares = [tuple(tasks[place::workers]) for place in range(workers)]
    if workers == 1:
        yield from _judge(shares[0], progress).items()
        return
    context = get_context("spawn")
    told = context.SimpleQueue()
    with closing(told), ProcessPoolExecutor(workers, context, _begin, (told,)) as pool:
        waiting = {pool.submit(_judge, share) for share in shares}
        while waiting:
            done, waiting = wait(waiting, timeout=_PROMPT)
            while not told.empty():
                progress(told.get())
            for each in done:
                yield from each.result().items()


def _begin(told: SimpleQueue[int]) -> None:
    """What a process of its own does first."""
    global _tell
    _tell = told.put
    # Trees are full of circles, of which nothing is left after each statement: looking for them as often as
    # Python does by itself takes a quarter of the time.
    gc.set_threshold(100_000, 20, 100)


def _judge(tasks: Sequence[Task], progress: Progress | None = None) -> dict[str, dict[int, Any]]:
    """The facts of tasks over one database, by dialect."""
    path, statements = tasks[0].database, tasks[0].statements
    with closing(Prover(path)) as prover, closing(Replay(path, statements)) as replay:
        return {task.dialect: _judge_one(task, prover, replay, progress or _tell) for task in tasks}


def _judge_one(task: Task, prover: Prover, replay: Replay, progress: Progress) -> dict[int, Any]:
    reader = Reader(task.dialect, task.sources, task.others, task.readings)
    new: dict[int, Any] = {}
    for place, statement in enumerate(task.statements):
        if place in task.wanted:
            new[place] = _fact(reader, replay if statement.kind == "sync" else prover, statement)
        elif place in task.facts:
            reader.know(statement, task.facts[place]["outputs"])
        if place in task.wanted and not len(new) % _TOGETHER:
            progress(_TOGETHER)
    progress(len(new) % _TOGETHER)
    return new


def _fact(reader: Reader, prover: Prover | Replay, statement: Statement) -> dict[str, Any]:
    """What is found out about a statement, as plain data."""
    read = reader.read(statement)
    findings = list(read.findings)
    proved = False
    if read.sql and read.moved and not read.fails:
        against = prover.prove(statement, read.sql, read.moved, reader.dialect)
        proved = against is None
        findings += [against] if against else []
    return {
        "verdict": _verdict(findings, proved=proved),
        "findings": [_stored(finding) for finding in findings],
        "outputs": read.outputs,
    }


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
