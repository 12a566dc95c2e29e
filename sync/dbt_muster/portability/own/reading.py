"""A model's query with every column's table and type, over tables that have plain names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import expressions as exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify_columns import quote_identifiers
from sqlglot.optimizer.scope import traverse_scope

from dbt_muster.portability.columns import Tables
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.own.models import OwnModel
from dbt_muster.portability.own.tables import OwnTable, data_type, kind_of
from dbt_muster.specs.meaning import Type

_DUCKDB = {Type.STRING: "varchar", Type.LIST: "varchar[]"}


@dataclass
class Typed:
    """What is known of a model's query.

    Attributes:
        query: over the tables of `kinds`, all names in quotes; None where nobody knows the types.
        tables: by plain name, the types that columns have in their warehouse, as DuckDB calls them.
        kinds: by plain name, what each column holds, as far as made-up rows go.
        unmade: why no rows can be made; None where they can.
        findings: names and types that do not fit, or why these are not known.
    """

    query: exp.Query | None = None
    tables: dict[str, Mapping[str, str]] = field(default_factory=dict)
    kinds: dict[str, Mapping[str, Type]] = field(default_factory=dict)
    unmade: str | None = None
    findings: list[Finding] = field(default_factory=list)


def typed(model: OwnModel, tree: exp.Expr) -> Typed:
    """Find the table and the type of each column of a model, where the types of what it reads are known.

    Args:
        model: with the tables that it reads.
        tree: its SQL; it stays as it is.
    """
    found = Typed()
    if not isinstance(tree, exp.Query):
        found.findings.append(_not_typed(model, "this is neither typed nor proved: it is no query"))
        return found
    query = tree.copy()
    try:
        unknown = _renamed(model, query, found)
    except OptimizeError as error:
        found.findings.append(
            _not_typed(model, f"this is neither typed nor proved: {str(error).splitlines()[0]}")
        )
        return found
    if unknown:
        names = ", ".join(f"`{name}`" for name in unknown)
        said = f"this is neither typed nor proved: the columns of {names} are not declared"
        found.findings.append(_not_typed(model, said, unknown[0]))
        return found
    tables = Tables(model.dialect)
    for name, columns in found.tables.items():
        tables.add(name, columns)
    result, findings = tables.typed(model.name, query)
    certain = all(table.complete for table in model.reads)
    if result is None and findings and findings[0].level == "error" and not certain:
        said = f"this is neither typed nor proved: {findings[0].message}, as far as its columns are declared"
        findings = [_not_typed(model, said, findings[0].fragment)]
    found.findings += findings
    if result is not None:
        quote_identifiers(result, dialect=model.dialect, identify=True)
        found.query = result
    return found


def _renamed(model: OwnModel, query: exp.Query, found: Typed) -> list[str]:
    """Give each table that the query reads a plain name; those whose columns nobody knows."""
    names: dict[str, str] = {}
    unknown: dict[str, None] = {}
    for scope in traverse_scope(query):
        for source in scope.sources.values():
            if not isinstance(source, exp.Table):
                continue
            table = next((each for each in model.reads if each.is_meant_by(source)), None)
            if table is None or not table.columns:
                unknown[table.name if table else source.sql(dialect=model.dialect)] = None
                continue
            plain = names.setdefault(".".join(table.relation), f"table_{len(names) + 1}")
            _know(found, plain, table, model.dialect)
            if not source.alias:
                source.set("alias", exp.TableAlias(this=source.this.copy()))
            source.set("this", exp.to_identifier(plain, quoted=True))
            source.set("db", None)
            source.set("catalog", None)
    for column in query.find_all(exp.Column):
        if isinstance(column.args.get("db"), exp.Identifier):
            column.set("db", None)
            column.set("catalog", None)
    return list(unknown)


def _know(found: Typed, plain: str, table: OwnTable, dialect: str) -> None:
    kinds = {column: kind_of(written, dialect) for column, written in table.columns.items()}
    found.kinds[plain] = kinds
    types = {}
    for column, written in table.columns.items():
        kind = data_type(written, dialect)
        types[column] = "unknown" if kind is None else _DUCKDB.get(kinds[column], kind.sql(dialect="duckdb"))
        if kinds[column] is Type.UNKNOWN and found.unmade is None:
            said = f"of the type {written}" if written else "of a type that is not declared"
            found.unmade = f"no rows are made up for `{column}` of `{table.name}`, {said}"
    found.tables[plain] = types


def _not_typed(model: OwnModel, said: str, fragment: str = "") -> Finding:
    return Finding("not_typed", "note", model.name, model.dialect, said, fragment)
