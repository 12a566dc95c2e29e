"""Names and types: every column exists and is of one table, and what is compared is of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from sqlglot import expressions as exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import OptimizeError, SchemaError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from dbt_muster.portability.alike import Likeness, NotAlikeError, Right, Table, likeness
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.pieces import slim
from dbt_muster.portability.resolution import unresolved

Types = Mapping[str, str]
"""A table's columns, each with its type as DuckDB calls it; `unknown` where nobody says."""

_NUMBERS = (*exp.DataType.NUMERIC_TYPES, exp.DataType.Type.DECIMAL)
_TEXTS = tuple(exp.DataType.TEXT_TYPES)
_TIMES = tuple(exp.DataType.TEMPORAL_TYPES)
_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What sqlglot raises where it is wrong itself about a function's arguments."""
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


class Tables:
    """The tables that statements of a dialect read, growing as models are judged one after the other."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._schema = MappingSchema(dialect=dialect, normalize=False)
        self._known: dict[str, Table] = {}
        self._right = Right()
        self._dialect = Dialect.get_or_raise(dialect)
        self._names: dict[tuple[str, bool], str] = {}

    def add(self, name: str, columns: Mapping[str, str]) -> None:
        """Make a table known; names are as the dialect's SQL has them, without quotes."""
        self._known[name] = Table(columns, repr(columns))
        types = {column: _type(kind) for column, kind in columns.items()}
        self._schema.add_table(
            exp.Table(this=exp.to_identifier(name, quoted=True)), types, dialect=self.dialect, normalize=False
        )

    def likeness(self, query: exp.Query) -> Likeness | None:
        """What a query's names and types depend on; None where it has to be looked at by itself."""
        try:
            return likeness(query, lambda name: self._known.get(self._named(name)), self._named)
        except NotAlikeError:
            return None

    def known(self, alike: Likeness | None) -> dict[str, str] | None:
        """The columns of a query, each with its type, where one like it was right in all; else None."""
        return None if alike is None else self._right.columns(alike, self._named)

    def checked(
        self, statement: str, tree: exp.Query, alike: Likeness | None
    ) -> tuple[dict[str, str], list[Finding]]:
        """The columns of a query, each with its type, and what is wrong with it; the tree is changed.

        Args:
            statement: its name.
            tree: the query.
            alike: what its names and types depend on.
        """
        # Where a union has queries with names, one of its own might read these.
        less = slim(tree, self._alike) if tree.args.get("with_") is None else tree
        query, found = self.typed(statement, less)
        if less is not tree and (query is None or found):
            query, found = self.typed(statement, tree)
        given = outputs(query) if query is not None else {}
        if alike is not None and query is not None and not found:
            self._right.add(alike, given)
        return given, found

    def _alike(self, query: exp.Expr) -> str:
        """What a query of a union is like; one that is like no other has a text of its own."""
        alike = self.likeness(query) if isinstance(query, exp.Query) else None
        return query.sql(dialect=self.dialect) if alike is None else repr(alike)

    def _named(self, name: exp.Identifier) -> str:
        """A name as sqlglot looks it up."""
        key = name.name, bool(name.args.get("quoted"))
        if key not in self._names:
            alone = exp.Identifier(this=key[0], quoted=key[1])
            self._names[key] = self._dialect.normalize_identifier(alone).name
        return self._names[key]

    def typed(self, statement: str, tree: exp.Expr) -> tuple[exp.Query | None, list[Finding]]:
        """The query with every column's table and type, and what is wrong with those; the tree is changed."""
        try:
            query = qualify(
                tree,
                schema=self._schema,
                dialect=self.dialect,
                quote_identifiers=False,
                identify=False,
            )
            query = annotate_types(query, schema=self._schema, dialect=self.dialect)
        except (OptimizeError, SchemaError) as error:
            return None, [unresolved(statement, tree, self.dialect, self._schema, str(error))]
        except _FAULTS:
            said = "this is not typed: sqlglot fails to work out its types"
            return None, [Finding("not_typed", "note", statement, self.dialect, said)]
        if not isinstance(query, exp.Query):
            return None, []
        return query, list(_mixed(statement, query, self.dialect))


def outputs(query: exp.Query) -> dict[str, str]:
    """The columns that a typed query gives, each with its type as DuckDB calls it."""
    return {column.alias_or_name: _type_name(column.type) for column in query.selects}


def query_of(tree: exp.Expr) -> exp.Query | None:
    """The query that a statement is, or that reads what it reads; None for one that reads nothing.

    Of an update the query has the assignments, as comparisons of a column with its new value.
    """
    if isinstance(tree, exp.Query):
        return tree
    if isinstance(tree, exp.Insert | exp.Create):
        inside = tree.expression
        return inside.copy() if isinstance(inside, exp.Query) else None
    if isinstance(tree, exp.Update | exp.Delete):
        where = tree.args.get("where")
        # A null is of every type, whatever one a warehouse takes it for.
        assigned = [each.copy() for each in tree.expressions if not isinstance(each.expression, exp.Null)]
        query = exp.select(*(assigned or ["1"])).from_(tree.this.copy())
        return query.where(where.this.copy()) if where is not None else query
    return None


def declared(tree: exp.Expr) -> dict[str, str]:
    """The columns that a statement makes a table with, each with its type as DuckDB calls it."""
    columns = tree.find_all(exp.ColumnDef) if isinstance(tree, exp.Create) else ()
    return {column.name: _type_name(column.args.get("kind")) for column in columns}


@cache
def _type(kind: str) -> exp.DataType:
    """A type by the name that DuckDB has for it; few kinds make up thousands of columns."""
    return exp.DataType.build(kind, dialect="duckdb")


def _type_name(kind: exp.DataType | None) -> str:
    """A type's name, as far as it can be read back: that of a list whose items nobody knows cannot."""
    name = "" if kind is None else kind.sql(dialect="duckdb")
    return "unknown" if name in ("", "[]", "NULL") else name


def _mixed(statement: str, query: exp.Query, dialect: str) -> Iterator[Finding]:
    """Comparisons of values of two kinds: warehouses convert one of them, each in its own way, or refuse."""
    for comparison in query.find_all(*_COMPARISONS, exp.In, exp.Between):
        sides = [side for side in _sides(comparison) if not isinstance(side, exp.Any)]
        kinds = {kind for kind in map(_kind, sides) if kind}
        if len(kinds) > 1:
            words = " with ".join(sorted(kinds))
            message = f"this compares {words}, which each warehouse converts in its own way"
            fragment = shown(comparison.sql(dialect=dialect))
            instead = "a cast of one side, so that both are of one type"
            yield Finding("mixed_types", "error", statement, dialect, message, fragment, instead)


def _sides(comparison: exp.Expr) -> list[exp.Expr]:
    if isinstance(comparison, exp.In):
        return [comparison.this, *comparison.expressions]
    if isinstance(comparison, exp.Between):
        return [comparison.this, comparison.args["low"], comparison.args["high"]]
    return [comparison.this, comparison.expression]


def _kind(side: exp.Expr) -> str | None:
    kind = side.type.this if side.type else None
    for types, word in ((_NUMBERS, "a number"), (_TEXTS, "a text"), (_TIMES, "a time")):
        if kind in types:
            return word
    return "true or false" if kind is exp.DataType.Type.BOOLEAN else None
