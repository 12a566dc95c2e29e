"""Building models on DuckDB, as `dbt run` would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dbt_muster.plan.stub import Stub
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Relation
from dbt_muster.testing.database import Database, DatabaseError
from dbt_muster.testing.tables import SourceTable
from dbt_muster.testing.times import stored


class Build:
    """Source tables and the models over them, in a schema of their own that `close` removes.

    Args:
        database: where.
        schema: a name that is free there.
        tables: what the models read; a table is made when the first model asks for it.
        as_of: the instant, without a zone, in UTC.
    """

    def __init__(
        self, database: Database, schema: str, tables: Mapping[Relation, SourceTable], as_of: datetime
    ) -> None:
        self._database = database
        self._sources, self._built = f"{schema}_given", f"{schema}_built"
        self._tables = tables
        self._made: dict[Relation, str] = {}
        self._models: set[str] = set()
        self._renderer = Renderer(
            "duckdb", variables={"muster_as_of": as_of.isoformat()}, relation=self._relation
        )
        self._run("muster_testing_session")
        for name in (self._sources, self._built):
            self._run("muster_testing_create_schema", name)

    def close(self) -> None:
        """Remove everything that was built."""
        for name in (self._built, self._sources):
            self._run("muster_testing_drop_schema", name)

    def models(self, stubs: Iterable[Stub]) -> None:
        """Build models, each after what it reads; those that are there already are built anew.

        Raises:
            DatabaseError: one of them cannot be built; says which.
        """
        planned = [stub for stub in stubs if stub.model]
        if self._models:
            self._run("muster_testing_drop_schema", self._built)
            self._run("muster_testing_create_schema", self._built)
        self._models = {stub.model for stub in planned if stub.model}
        for stub in planned:
            query = self._renderer.model(stub.text)
            try:
                self._run("muster_testing_create_model", self._model(stub.model or ""), query)
            except DatabaseError as error:
                raise DatabaseError(f"The model {stub.model} cannot be built.\n{error}") from error

    def keys(self, model: str, key: str) -> tuple[str | int, ...]:
        """The keys that a model holds, in order."""
        return tuple(row[0] for row in self._run("muster_testing_keys", self._model(model), key))

    def _run(self, macro: str, *arguments: object) -> list[tuple[str | int, ...]]:
        return self._database.run(self._renderer.call(macro, *arguments))

    def _model(self, name: str) -> str:
        return self._renderer.call("muster_testing_relation", self._built, name)

    def _relation(self, kind: str, *names: str) -> str:
        if kind == "ref" and names[-1] in self._models:
            return self._model(names[-1])
        relation = next(each for each in self._tables if (each.kind, each.names) == (kind, names))
        if relation not in self._made:
            name = self._renderer.call("muster_testing_relation", self._sources, f"{kind} {'.'.join(names)}")
            self._make(name, self._tables[relation])
            self._made[relation] = name
        return self._made[relation]

    def _make(self, name: str, table: SourceTable) -> None:
        columns = {column: kind.value for column, kind in table.columns.items()}
        self._run("muster_testing_create_table", name, columns)
        rows = [
            {
                column: stored(
                    self._renderer, cell, table.columns[column], table.zones.get(column), table.timezone
                )
                for column, cell in row.items()
            }
            for row in table.rows
        ]
        if rows:
            self._run("muster_testing_insert", name, columns, rows)
