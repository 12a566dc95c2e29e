"""Every statement in one dialect: rendered, read, typed, moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from dbt_muster.plan.starts import Reading
from dbt_muster.portability.columns import Tables, Types, declared, query_of
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import parsed
from dbt_muster.portability.pruning import unpruned
from dbt_muster.portability.refusals import refused_part
from dbt_muster.portability.statements import Statement, renderer
from dbt_muster.portability.transpiling import Arrivals, Journeys, Moved, moved
from dbt_muster.render import RenderError


@dataclass
class Read:
    """A statement as a dialect reads it.

    Attributes:
        statement: which.
        sql: its text; None where the macros refuse to write it for the dialect.
        moved: it as DuckDB's SQL, where it could be read.
        findings: what is wrong so far.
        outputs: the columns that it gives, each with its type as DuckDB calls it.
    """

    statement: Statement
    sql: str | None = None
    moved: Moved | None = None
    findings: list[Finding] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def fails(self) -> bool:
        """Whether anything is wrong with it."""
        return any(finding.level == "error" for finding in self.findings)


class Reader:
    """Reads statements as a dialect does, one after the other.

    Args:
        dialect: a dbt adapter's type.
        sources: the tables that nothing here makes: their columns and types.
        others: the dialects that statements are moved to and back.
        readings: of the models over events, by name, what they read and since when.
        arrivals: what is known of parts that were moved from other dialects.
    """

    def __init__(
        self,
        dialect: str,
        sources: Mapping[str, Types],
        others: Sequence[str],
        readings: Mapping[str, Reading],
        arrivals: Arrivals,
    ) -> None:
        self._renders = renderer(dialect)
        self._tables = Tables(dialect)
        self._readings = readings
        self._journeys = Journeys(dialect, others, arrivals)
        for name, columns in sources.items():
            self._tables.add(self._name(name), {self._name(column): kind for column, kind in columns.items()})

    @property
    def dialect(self) -> str:
        """What statements are read as."""
        return self._renders.dialect

    def know(self, statement: Statement, outputs: Mapping[str, str]) -> None:
        """Take over what a statement gives, from an earlier check."""
        if outputs and statement.table is not None:
            self._tables.add(self._name(statement.table), outputs)

    def read(self, statement: Statement) -> Read:
        """One statement; models must come after those that they read."""
        read, dialect = Read(statement), self._renders.dialect
        try:
            read.sql = statement.sql(self._renders)
        except RenderError as error:
            part = refused_part(statement, dialect)
            read.findings.append(Finding("not_offered", "error", statement.name, dialect, str(error), part))
            return read
        tree, found = parsed(statement.name, read.sql, dialect)
        read.findings += found
        if tree is None:
            return read
        notes = self._journeys.notes(statement.name, tree)
        reading = self._readings.get(statement.name)
        if reading is not None:
            read.findings += unpruned(statement.name, tree, dialect, reading)
        read.outputs, found, read.moved = self._checked(statement.name, tree)
        read.findings += found
        self.know(statement, read.outputs)
        read.findings += notes
        return read

    def _checked(self, statement: str, tree: exp.Expr) -> tuple[dict[str, str], list[Finding], Moved]:
        """The columns that a statement gives, what is wrong with its types, and it as DuckDB's SQL.

        Its tree is used up: working out types changes it, and so does writing it for DuckDB. Where its types
        are known nothing has to be copied.
        """
        inside = query_of(tree)
        if inside is None:
            return declared(tree), [], moved(tree)
        alike = self._tables.likeness(inside)
        known = self._tables.known(alike)
        if known is not None:
            return known or declared(tree), [], moved(tree, kept=False)
        inwards = moved(tree)
        given, found = self._tables.checked(statement, inside, alike)
        return given or declared(tree), found, inwards

    def _name(self, name: str) -> str:
        """A name as the dialect stores it: Snowflake's in capitals. One that it refuses stays as it is."""
        try:
            quoted = self._renders.call("muster_identifier", name)
        except RenderError:
            return name
        return exp.to_column(quoted, dialect=self._renders.dialect).name
