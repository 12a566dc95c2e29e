"""Every statement of a project in every dialect, on all cores; what is known already is not asked anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dbt_muster.plan.starts import readings
from dbt_muster.portability.columns import Types
from dbt_muster.portability.facts import Facts, key
from dbt_muster.portability.findings import Finding, Judgement
from dbt_muster.portability.processes import Progress, Scene, Task, judge_all
from dbt_muster.portability.proof import build
from dbt_muster.portability.statements import Statement, relation_name
from dbt_muster.portability.worlds import world
from dbt_muster.specs.meaning import Project, Relation, Type
from dbt_muster.testing.tables import SourceTable, source_tables

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
            scene = Scene(database, tuple(statements), sources(tables), tuple(dialects), readings(project))
            tasks = [Task(dialect, found[dialect], places) for dialect, places in missing.items() if places]
            made = judge_all(scene, tasks, lambda: build(database, world(project), statements), progress)
            for dialect, new in made:
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


def _judgement(statement: Statement, dialect: str, fact: Mapping[str, Any]) -> Judgement:
    findings = tuple(Finding(**finding) for finding in fact["findings"])
    return Judgement(
        statement.name,
        dialect,
        fact["verdict"],
        tuple(replace(finding, statement=statement.name) for finding in findings),
    )
