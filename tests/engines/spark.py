"""Spark, in a session of this machine's own."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from tests.engines.engines import Members, Step, Warehouse
from tests.oracle.world import Key, Table, World

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "Pacific/Chatham",
    "spark.sql.shuffle.partitions": "1",
    # A world is a few rows: planning its queries, and compiling the plans, is all that takes time.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


class Spark(Warehouse):
    """Each table and each model of a world is a temporary view.

    Where SQL leaves something open Spark is asked to be strict (ANSI), and its session is in a far time zone,
    so that whatever silently depends on either shows.
    """

    name = "spark"
    types: Mapping[str, str] = {
        "string": "string",
        "integer": "bigint",
        "number": "decimal(18, 2)",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp",
        "timestamptz": "timestamp",
        "list": "array<string>",
        "float": "double",
        "json": "string",
    }
    mark = "?"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="muster-spark-"))
        builder = SparkSession.builder.master("local[1]").appName("muster")
        for setting, value in _SETTINGS.items():
            builder = builder.config(setting, value)
        self._session = builder.config("spark.sql.warehouse.dir", str(self._folder)).getOrCreate()
        self._views: set[str] = set()

    def quoted(self, name: str) -> str:
        """A name, as Spark writes it."""
        return "`" + name.replace("`", "``") + "`"

    def run(self, sql: str, values: Sequence[object] | None = None) -> None:
        """Run a statement."""
        self._session.sql(sql, args=list(values or []))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self._session.sql(sql).collect()]

    @contextmanager
    def schema(self) -> Iterator[None]:
        """No views, and none afterwards."""
        try:
            yield
        finally:
            for view in self._views:
                self._session.catalog.dropTempView(view)
            self._views.clear()

    def build(self, step: Step) -> None:
        """Build a model, or append to it."""
        rows = self._session.sql(step.sql)
        if step.append:
            rows = self._session.table(self.quoted(step.model)).union(rows)
        if step.shared:
            # Its rows in its query's place: else whatever reads it plans, and runs, all of it again.
            rows = self._session.createDataFrame(rows.toArrow(), rows.schema)
        rows.createOrReplaceTempView(step.model)
        self._views.add(step.model)

    def fill(self, name: str, table: Table) -> None:
        """Make a table, with its rows."""
        casts = ", ".join(self._cast(column, kind) for column, kind in table.columns.items())
        names = ", ".join(self.quoted(column) for column in table.columns)
        rows = table.rows or ({},)
        marks = ", ".join(["(" + ", ".join("?" * len(table.columns)) + ")"] * len(rows))
        values = [
            self._given(row.get(column), kind) for row in rows for column, kind in table.columns.items()
        ]
        only = "" if table.rows else " where false"
        query = f"select {casts} from (values {marks}) as given({names}){only}"
        self._session.sql(query, args=values).createTempView(name)
        self._views.add(name)

    def members(self, world: World) -> Members:
        """Who is a member; asked at once, since Spark takes long to begin with anything."""
        found: dict[str, list[Key]] = {name: [] for name in world.audiences}
        for key in {world.key_of(spec) for spec in world.audiences.values()}:
            names = [name for name, spec in world.audiences.items() if world.key_of(spec) == key]
            queries = [
                f"select {place} as place, {self.quoted(key)} as it from {self.quoted(name)}"
                for place, name in enumerate(names)
            ]
            for place, it in self.ask(" union all ".join(queries)):
                found[names[place]].append(it)
        for name, keys in found.items():
            assert len(keys) == len(set(keys)), f"{name} has a key twice: {sorted(keys, key=str)}"
        return {name: frozenset(keys) for name, keys in found.items()}

    def close(self) -> None:
        """Stop Spark, and remove its folder."""
        self._session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _cast(self, column: str, kind: str) -> str:
        name, type_ = self.quoted(column), self.types[kind]
        return (
            f"from_json({name}, '{type_}') as {name}"
            if kind == "list"
            else f"cast({name} as {type_}) as {name}"
        )

    @staticmethod
    def _given(value: object, kind: str) -> object:
        if value is None or isinstance(value, bool | int):
            return value
        if kind == "list":
            return json.dumps(value)
        return f"{value}Z" if kind in ("timestamp", "timestamptz") else str(value)
