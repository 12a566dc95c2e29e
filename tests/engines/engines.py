"""The engines that answer who is a member: each builds a world's audiences its own way."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import duckdb

from dbt_muster.plan import plan
from dbt_muster.render import Renderer
from dbt_muster.specs import load
from tests.oracle.evaluate import Evaluation
from tests.oracle.world import Key, Table, World, column_of

Members = Mapping[str, frozenset[Key]]
"""The keys of each audience's members, by the audience's name."""


class Engine(Protocol):
    """Something that can build audiences."""

    name: str

    def members(self, world: World) -> Members:
        """Who is a member of each audience of the world."""
        ...

    def close(self) -> None:
        """Let go of what the engine holds."""
        ...


class Oracle:
    """The plain-Python evaluation of the specs."""

    name = "oracle"

    def members(self, world: World) -> Members:
        """Who is a member of each audience of the world."""
        evaluation = Evaluation(world)
        return {name: evaluation.members_of(name) for name in world.audiences}

    def close(self) -> None:
        """There is nothing to let go of."""


class DuckDB:
    """The whole path but dbt: specs are read, planned, rendered, and run in memory.

    The session's own time zone is a far one, so that whatever silently depends on it shows.
    """

    name = "duckdb"
    _TYPES: Mapping[str, str] = {
        "string": "varchar",
        "integer": "bigint",
        "number": "decimal(18, 2)",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp",
        "timestamptz": "timestamptz",
        "list": "varchar[]",
    }

    def __init__(self) -> None:
        self._schemas = itertools.count(1)
        self._connection = duckdb.connect()
        self._connection.execute("set TimeZone = 'Pacific/Chatham'")

    def members(self, world: World) -> Members:
        """Who is a member of each audience of the world."""
        schema = f"world_{next(self._schemas)}"
        self._connection.execute(f"create schema {schema}")
        self._connection.execute(f"use {schema}")
        try:
            for name, table in world.tables.items():
                self._fill(name, table)
            for model, sql in rendered(world, self.name):
                self._connection.execute(f'create table "{model}" as {sql}')
            key = column_of("key", world.entity["key"], world.table(world.entity["model"])).column
            return {name: self._keys(name, key) for name in world.audiences}
        finally:
            self._connection.execute("use main")
            self._connection.execute(f"drop schema {schema} cascade")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _fill(self, name: str, table: Table) -> None:
        columns = ", ".join(
            f"{_quoted(column)} {self._TYPES[kind]}" for column, kind in table.columns.items()
        )
        self._connection.execute(f'create table "{name}" ({columns})')
        if not table.rows:
            return
        marks = ", ".join(f"?::{self._TYPES[kind]}" for kind in table.columns.values())
        values = [
            self._value(row.get(column), kind) for row in table.rows for column, kind in table.columns.items()
        ]
        rows = ", ".join([f"({marks})"] * len(table.rows))
        self._connection.execute(f'insert into "{name}" values {rows}', values)

    @staticmethod
    def _value(value: object, kind: str) -> object:
        if value is None or isinstance(value, list | bool | int):
            return value
        return f"{value}+00" if kind == "timestamptz" else str(value)

    def _keys(self, audience: str, key: str) -> frozenset[Key]:
        query = f'select "{key}" from "{audience}"'
        found = [row[0] for row in self._connection.execute(query).fetchall()]
        assert len(found) == len(set(found)), f"{audience} has a key twice: {sorted(found)}"
        return frozenset(found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def rendered(world: World, dialect: str) -> Sequence[tuple[str, str]]:
    """The models of a world's specs, each with its SQL, in an order in which they can be built.

    Args:
        world: its specs are written as files, and read back.
        dialect: a dbt adapter's type.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_specs(world, root)
        planned = plan(load(root))
    renderer = Renderer(dialect, variables={"muster_as_of": world.as_of.isoformat()})
    return [(stub.model, renderer.model(stub.text)) for stub in planned.stubs if stub.model]


def write_specs(world: World, root: Path) -> None:
    """Write a world's specs the way that people keep them, as files under `audience_specs/`."""
    folder = root / "audience_specs"
    for name in ("traits", "audiences"):
        (folder / name).mkdir(parents=True)
    _write(folder / "entities.yml", world.entity)
    for name, spec in world.traits.items():
        _write(folder / "traits" / f"{name}.yml", spec)
    for name, spec in world.audiences.items():
        _write(folder / "audiences" / f"{name}.yml", spec)


def _write(path: Path, spec: object) -> None:
    """JSON is YAML in which no text can be taken for something else."""
    path.write_text(json.dumps(spec, ensure_ascii=False, indent=1), encoding="utf-8")
