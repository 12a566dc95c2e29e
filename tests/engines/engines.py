"""The engines that answer who is a member: each builds a world's audiences its own way."""

from __future__ import annotations

import itertools
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import duckdb

from dbt_muster.plan import plan
from dbt_muster.render import Renderer
from dbt_muster.specs import load
from tests.engines.cases import ByName
from tests.oracle.evaluate import Evaluation
from tests.oracle.world import Key, Table, World

Members = Mapping[str, frozenset[Key]]
"""The keys of each audience's members, by the audience's name."""

_INCREMENTAL = re.compile(r"materialized\s*=\s*['\"]incremental")


@dataclass(frozen=True)
class Answer:
    """What an engine finds in a world.

    Attributes:
        members: the keys of each audience's members.
        assigned: by group and audience, the keys that a priority gives to it.
        withheld: by audience and reason, the members that are never sent. Only of worlds that have groups.
    """

    members: Members
    assigned: ByName = field(default_factory=dict)
    withheld: ByName = field(default_factory=dict)


class NotEmulatedError(Exception):
    """A warehouse's emulator cannot be asked about a world, whatever the warehouse itself would say."""


class Engine(Protocol):
    """Something that can build audiences."""

    name: str

    def answer(self, world: World) -> Answer:
        """Who is a member of each audience of the world, and who is held back."""
        ...

    def close(self) -> None:
        """Let go of what the engine holds."""
        ...


class Oracle:
    """The plain-Python evaluation of the specs."""

    name = "oracle"

    def answer(self, world: World) -> Answer:
        """Who is a member of each audience of the world, and who is held back."""
        evaluation = Evaluation(world)
        return Answer(
            {name: evaluation.members_of(name) for name in world.audiences},
            {name: evaluation.assigned(name) for name, spec in world.groups.items() if "priority" in spec},
            {name: evaluation.withheld(name) for name in world.audiences if world.groups},
        )

    def close(self) -> None:
        """There is nothing to let go of."""


class Warehouse(ABC):
    """The whole path but dbt: specs are read, planned, rendered, and run, in the order of the references.

    Subclasses say how SQL is run, what the types are called, and how a world gets a schema of its own.
    """

    name: str
    types: Mapping[str, str]
    mark: str

    @abstractmethod
    def run(self, sql: str, values: Sequence[object] | None = None) -> None:
        """Run a statement."""

    @abstractmethod
    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    @abstractmethod
    def schema(self) -> AbstractContextManager[None]:
        """An empty schema, which goes away."""

    def left_out(self, world: World) -> str | None:
        """Why the engine cannot be asked about a world; None where it can."""
        return None

    def answer(self, world: World) -> Answer:
        """Who is a member of each audience of the world, and who is held back."""
        if reason := self.left_out(world):
            raise NotEmulatedError(reason)
        with self.schema():
            for name, table in world.tables.items():
                self.fill(name, table)
            for step in steps(world, self.name, self.quoted):
                self.build(step)
            members = self.members(world)
            assigned = {
                name: self._assigned(name, world.key_of(spec))
                for name, spec in world.groups.items()
                if "priority" in spec
            }
            return Answer(members, assigned, self._withheld(members) if world.groups else {})

    def quoted(self, name: str) -> str:
        """A name, as this engine writes it."""
        return '"' + name.replace('"', '""') + '"'

    def build(self, step: Step) -> None:
        """Build a model, or append to it."""
        name = self.quoted(step.model)
        if step.append:
            self.run(f"insert into {name} {step.sql}")
            return
        if step.built:
            self.run(f"drop table {name}")
        self.run(f"create table {name} as {step.sql}")

    def members(self, world: World) -> Members:
        """Who is a member, by the tables that were built."""
        return {name: self._keys(name, world.key_of(spec)) for name, spec in world.audiences.items()}

    def fill(self, name: str, table: Table) -> None:
        """Make a table, with its rows."""
        columns = ", ".join(
            f"{self.quoted(column)} {self.types[kind]}" for column, kind in table.columns.items()
        )
        self.run(f"create table {self.quoted(name)} ({columns})")
        if not table.rows:
            return
        marks = ", ".join(f"{self.mark}::{self.types[kind]}" for kind in table.columns.values())
        values = [
            self._value(row.get(column), kind) for row in table.rows for column, kind in table.columns.items()
        ]
        rows = ", ".join([f"({marks})"] * len(table.rows))
        self.run(f"insert into {self.quoted(name)} values {rows}", values)

    @staticmethod
    def _value(value: object, kind: str) -> object:
        if value is None or isinstance(value, list | bool | int):
            return value
        return f"{value}+00" if kind == "timestamptz" else str(value)

    def _keys(self, audience: str, key: str) -> frozenset[Key]:
        found = [row[0] for row in self.ask(f"select {self.quoted(key)} from {self.quoted(audience)}")]
        assert len(found) == len(set(found)), f"{audience} has a key twice: {sorted(found)}"
        return frozenset(found)

    def _assigned(self, group: str, key: str) -> Mapping[str, frozenset[Key]]:
        found = self.ask(f"select {self.quoted(key)}, audience from {self.quoted(group)}")
        assert len(found) == len({row[0] for row in found}), f"{group} has a key twice: {found}"
        return collected((audience, one) for one, audience in found)

    def _withheld(self, members: Members) -> ByName:
        found = self.ask("select audience, entity_key, withheld from muster_memberships")
        assert len(found) == sum(map(len, members.values())), "a membership is left out, or there twice"
        keys = {name: {str(key): key for key in keys} for name, keys in members.items()}
        return {
            audience: collected((why, keys[audience][key]) for name, key, why in found if name == audience)
            for audience in members
        }


class DuckDB(Warehouse):
    """In memory. The session's own time zone is a far one, so that whatever silently depends on it shows."""

    name = "duckdb"
    types: Mapping[str, str] = {
        "string": "varchar",
        "integer": "bigint",
        "number": "decimal(18, 2)",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp",
        "timestamptz": "timestamptz",
        "list": "varchar[]",
        "float": "double",
        "json": "json",
    }
    mark = "?"

    def __init__(self) -> None:
        self._schemas = itertools.count(1)
        self._connection = duckdb.connect()
        self._connection.execute("set TimeZone = 'Pacific/Chatham'")

    def run(self, sql: str, values: Sequence[object] | None = None) -> None:
        """Run a statement."""
        self._connection.execute(sql, values)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(sql).fetchall()

    @contextmanager
    def schema(self) -> Iterator[None]:
        """An empty schema, which goes away."""
        schema = f"world_{next(self._schemas)}"
        self._connection.execute(f"create schema {schema}")
        self._connection.execute(f"use {schema}")
        try:
            yield
        finally:
            self._connection.execute("use main")
            self._connection.execute(f"drop schema {schema} cascade")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def collected(pairs: Iterator[tuple[str | None, Key]]) -> Mapping[str, frozenset[Key]]:
    """Keys by name; those without a name are left out."""
    found: dict[str, frozenset[Key]] = {}
    for name, key in pairs:
        if name is not None:
            found[name] = found.get(name, frozenset()) | {key}
    return found


@dataclass(frozen=True)
class Step:
    """A model to be built.

    Attributes:
        model: its name.
        sql: its query.
        append: whether its rows come to those that it has, as those of an incremental model do.
        built: whether it was built before.
        shared: whether models of every kind may read it; an audience is read by few.
    """

    model: str
    sql: str
    append: bool
    built: bool
    shared: bool


def steps(world: World, dialect: str, quoted: Callable[[str], str]) -> Iterator[Step]:
    """What builds the models of a world's specs, at each evaluation, in an order in which they can be built.

    An incremental model is appended to from the second evaluation on; every other one is built anew.

    Args:
        world: its specs are written as files, and read back.
        dialect: a dbt adapter's type.
        quoted: writes a name as the engine does.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_specs(world, root)
        planned = plan(load(root))
    built: set[str] = set()
    for instant in (*world.before, world.as_of):
        renderer = Renderer(dialect, variables={"muster_as_of": instant.isoformat()})
        for stub in planned.stubs:
            if stub.model is None:
                continue
            again = stub.model in built and _INCREMENTAL.search(stub.text) is not None
            sql = renderer.model(stub.text, this=quoted(stub.model), incremental=again)
            shared = stub.model not in world.audiences
            yield Step(stub.model, sql, again, stub.model in built, shared)
            built.add(stub.model)


def write_specs(world: World, root: Path) -> None:
    """Write a world's specs the way that people keep them, as files under `audience_specs/`."""
    folder = root / "audience_specs"
    for kind in ("traits", "audiences", "groups"):
        (folder / kind).mkdir(parents=True)
        for name, spec in getattr(world, kind).items():
            (folder / kind / f"{name}.yml").write_text(_text(spec), encoding="utf-8")
    entities = "\n---\n".join(_text(entity) for entity in world.entities.values())
    (folder / "entities.yml").write_text(entities, encoding="utf-8")


def _text(spec: object) -> str:
    """JSON is YAML in which no text can be taken for something else."""
    return json.dumps(spec, ensure_ascii=False, indent=1)
