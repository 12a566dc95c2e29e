"""Statements judged on all cores, a dialect at a time, while the world that they are run on is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cached_property
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from dbt_muster.collecting import collect_seldom
from dbt_muster.plan.starts import Reading
from dbt_muster.portability.columns import Types
from dbt_muster.portability.findings import Finding, Verdict
from dbt_muster.portability.judging import Read, Reader
from dbt_muster.portability.proof import Prover
from dbt_muster.portability.replay import Replay
from dbt_muster.portability.statements import Statement
from dbt_muster.portability.transpiling import Arrivals

Progress = Callable[[int], None]
"""Told how many more statements have been judged."""

Facts = dict[int, Any]
"""What is found out, by a statement's place."""

_TOGETHER = 20
"""So many statements are told of at once."""
_AT_ONCE = 100
"""So many statements are read, then run: one by one, sqlglot and DuckDB push each other out of caches."""
_PROMPT = 0.2
"""Seconds between two looks at what the other processes tell."""
_TURNS = ("duckdb", "spark", "bigquery", "databricks", "snowflake", "postgres", "redshift", "trino")
"""Where there are two processes, dialects whose SQL comes to the same on DuckDB tend to be judged by one."""


@dataclass(frozen=True)
class Scene:
    """What is the same for every dialect.

    Attributes:
        database: the world that statements are run on.
        statements: all of them, each after those that it reads.
        sources: the tables that nothing here makes: their columns and types.
        others: the dialects that statements are moved to.
        readings: of the models over events, by name, what they read and since when.
    """

    database: Path
    statements: tuple[Statement, ...]
    sources: Mapping[str, Types]
    others: tuple[str, ...]
    readings: Mapping[str, Reading]


@dataclass(frozen=True)
class Task:
    """What there is to judge of a dialect.

    Attributes:
        dialect: which.
        facts: what was found out before, by the statement's place.
        wanted: the places of the statements to judge.
    """

    dialect: str
    facts: Mapping[int, Any]
    wanted: frozenset[int]


def judge_all(
    scene: Scene, tasks: Sequence[Task], write: Callable[[], None], progress: Progress
) -> Iterator[tuple[str, Facts]]:
    """The dialect of each task, with what is found out about it.

    Args:
        scene: what is the same for all of them.
        tasks: a dialect each.
        write: makes the world's database; the statements are read meanwhile.
        progress: told how many more statements have been judged.
    """
    workers = min(len(tasks), os.cpu_count() or 1)
    if workers == 1:
        write()
        with closing(Judge(scene, progress)) as judge:
            yield from [(task.dialect, judge.judge(task)) for task in tasks]
        return
    context = get_context("spawn")
    told, written = context.SimpleQueue(), context.Event()
    with closing(told), ProcessPoolExecutor(workers, context, _begin, (scene, told, written)) as pool:
        waiting = {pool.submit(_judge, task) for task in sorted(tasks, key=_turn)}
        try:
            write()
        finally:
            written.set()  # whoever waits for a world that could not be written must not wait for ever
        while waiting:
            done, waiting = wait(waiting, timeout=_PROMPT)
            while not told.empty():
                progress(told.get())
            yield from (each.result() for each in done)


def _turn(task: Task) -> int:
    return _TURNS.index(task.dialect) if task.dialect in _TURNS else len(_TURNS)


_here: list[Judge] = []
"""The judge of a process of its own."""


def _begin(scene: Scene, told: SimpleQueue[int], written: Event) -> None:
    """What a process of its own does first."""
    collect_seldom()
    _here.append(Judge(scene, told.put, written))


def _judge(task: Task) -> tuple[str, Facts]:
    return task.dialect, _here[0].judge(task)


class Judge:
    """Judges the statements of a scene, a dialect after the other.

    Args:
        scene: the statements and what they are run on.
        progress: told how many more statements have been judged.
        written: set once the world can be read; None where it can be.
    """

    def __init__(self, scene: Scene, progress: Progress, written: Event | None = None) -> None:
        self._scene = scene
        self._progress = progress
        self._written = written
        self._arrivals = Arrivals()

    def close(self) -> None:
        """Let the databases go."""
        self._prover.close()
        self._replay.close()

    def judge(self, task: Task) -> Facts:
        """What is found out about the statements of a task."""
        scene = self._scene
        reader = Reader(task.dialect, scene.sources, scene.others, scene.readings, self._arrivals)
        facts: Facts = {}
        unproved: list[tuple[int, Read]] = []
        for place, statement in enumerate(scene.statements):
            if place in task.wanted:
                unproved.append((place, reader.read(statement)))
                if len(unproved) >= _AT_ONCE and (self._written is None or self._written.is_set()):
                    self._prove(task, unproved, facts)
            elif place in task.facts:
                reader.know(statement, task.facts[place]["outputs"])
        if self._written is not None:
            self._written.wait()
        self._prove(task, unproved, facts)
        self._progress(len(facts) % _TOGETHER)
        return facts

    def _prove(self, task: Task, unproved: list[tuple[int, Read]], facts: Facts) -> None:
        """Run what has been read, and tell of it."""
        for place, read in unproved:
            facts[place] = self._fact(read, task.dialect)
            if not len(facts) % _TOGETHER:
                self._progress(_TOGETHER)
        unproved.clear()

    def _fact(self, read: Read, dialect: str) -> dict[str, Any]:
        """What is found out about a statement, as plain data."""
        findings = list(read.findings)
        proved = False
        if read.sql and read.moved and not read.fails:
            prover = self._replay if read.statement.kind == "sync" else self._prover
            against = prover.prove(read.statement, read.sql, read.moved, dialect)
            proved = against is None
            findings += [against] if against else []
        return {
            "verdict": _verdict(findings, proved=proved),
            "findings": [_stored(finding) for finding in findings],
            "outputs": read.outputs,
        }

    @cached_property
    def _prover(self) -> Prover:
        return Prover(self._scene.database)

    @cached_property
    def _replay(self) -> Replay:
        return Replay(self._scene.database, self._scene.statements)


def _verdict(findings: Sequence[Finding], *, proved: bool) -> Verdict:
    if any(finding.level == "error" for finding in findings):
        return "fails"
    return "proved" if proved else "parsed only"


def _stored(finding: Finding) -> dict[str, Any]:
    return {name: value for name, value in asdict(finding).items() if value and name != "position"}
