"""Which columns of which tables a query needs for some of the columns that it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import expressions as exp
from sqlglot.optimizer.scope import Scope, build_scope

Columns = dict[str, set[str]]
"""By table; a table of which a query needs the rows alone has no columns."""


class Lineage:
    """A query, ready to be asked.

    A column that it gives needs what its expression names, and whatever decides which rows there are: filters
    and the keys of joins and of groups. A left join that nothing else names is passed over: such joins here
    are by a key that each row has once, so they neither add nor remove any.

    Args:
        tree: the query.
    """

    def __init__(self, tree: exp.Expr) -> None:
        self._scope = build_scope(tree)
        self._known: dict[frozenset[str], Columns] = {}

    @property
    def outputs(self) -> tuple[str, ...]:
        """The columns that the query gives."""
        return () if self._scope is None else tuple(_names(self._scope))

    def needs(self, wanted: Iterable[str]) -> Columns:
        """The tables that the query reads, each with the columns that are needed for those that it gives."""
        key = frozenset(wanted)
        if key not in self._known:
            found: Columns = {}
            if self._scope is not None:
                _Walk(found).query(self._scope, key)
            self._known[key] = found
        return self._known[key]


class _Walk:
    def __init__(self, found: Columns) -> None:
        self._found = found
        self._seen: set[tuple[int, frozenset[str]]] = set()

    def query(self, scope: Scope, wanted: frozenset[str]) -> None:
        if (id(scope), wanted) in self._seen:
            return
        self._seen.add((id(scope), wanted))
        if isinstance(scope.expression, exp.SetOperation):
            self._legs(scope, wanted)
        else:
            self._select(scope, wanted)

    def _legs(self, scope: Scope, wanted: frozenset[str]) -> None:
        """The legs of a union: columns are the same by their place; a distinct one compares all of them."""
        names = _names(scope)
        places = [
            place
            for place, name in enumerate(names)
            if name in wanted or scope.expression.args.get("distinct")
        ]
        for leg in scope.set_operation_scopes:
            given = _names(leg)
            self.query(leg, frozenset(given[place] for place in places))

    def _select(self, scope: Scope, wanted: frozenset[str]) -> None:
        asked = list(_columns(_deciding(scope.expression, wanted)))
        used = {column.table for column in asked}
        joins: list[exp.Join] = []
        for join in reversed(scope.expression.args.get("joins") or []):
            if join.side == "LEFT" and join.alias_or_name not in used and all(c.table for c in asked):
                continue
            joins.append(join)
            columns = list(_columns([join.args.get("on")]))
            asked += columns
            used |= {column.table for column in columns}
        inner: dict[str, set[str]] = {name: set() for name in _tables(scope, joins)}
        for column in asked:
            self._column(scope, column, inner)
        for name, columns_of in inner.items():
            self._table(scope.sources[name], columns_of)
        for nested in scope.subquery_scopes:
            self.query(nested, frozenset(_names(nested)))

    def _column(self, scope: Scope, column: exp.Column, inner: dict[str, set[str]]) -> None:
        if column.table in inner:
            inner[column.table].add(column.name)
        elif not column.table:
            for name in _homes(scope, column.name, inner):
                inner[name].add(column.name)
        elif (outer := _outer(scope, column.table)) is not None:
            self._table(outer, {column.name})

    def _table(self, source: exp.Expr | Scope, columns: set[str]) -> None:
        if isinstance(source, Scope):
            self.query(source, frozenset(columns))
        elif isinstance(source, exp.Table):
            self._found.setdefault(source.name, set()).update(columns)


def _names(scope: Scope) -> list[str]:
    """The columns that a query gives."""
    query = scope.expression
    return [item.alias_or_name for item in query.selects] if isinstance(query, exp.Query) else []


def _deciding(select: exp.Expr, wanted: frozenset[str]) -> Iterator[exp.Expr | None]:
    """The parts of a query that its wanted columns depend on, without its joins."""
    every = isinstance(select, exp.Select) and select.args.get("distinct")
    given = {item.alias_or_name for item in select.expressions}
    for item in select.expressions:
        if item.is_star:
            table = item.table if isinstance(item, exp.Column) else ""
            yield from (exp.column(name, table or None, quoted=True) for name in sorted(wanted - given))
        elif every or item.alias_or_name in wanted:
            yield item
    for name, part in select.args.items():
        if name == "group" and part:
            yield from (_numbered(select, item) for item in part.expressions)
        elif name not in ("expressions", "joins", "from", "from_", "with", "with_") and part:
            yield from part if isinstance(part, list) else [part]


def _numbered(select: exp.Expr, item: exp.Expr) -> exp.Expr:
    """`group by 1` is by the first column."""
    return select.expressions[int(item.name) - 1] if item.is_int else item


def _columns(parts: Iterable[object]) -> Iterator[exp.Column]:
    """The columns that are named, but for those inside another query, which is walked by itself."""
    for part in parts:
        if isinstance(part, exp.Expr):
            for node in part.walk(prune=lambda each: isinstance(each, exp.Query)):
                if isinstance(node, exp.Column):
                    yield node


def _tables(scope: Scope, joins: list[exp.Join]) -> Iterator[str]:
    """The names of what a query reads, but for the joins that are passed over."""
    kept = {join.alias_or_name for join in joins}
    every = {join.alias_or_name for join in scope.expression.args.get("joins") or []}
    yield from (name for name in scope.selected_sources if name in kept or name not in every)


def _homes(scope: Scope, column: str, inner: Iterable[str]) -> list[str]:
    """The tables that a column without a table's name may be of: the one that gives it, else each table."""
    names = list(inner)
    giving = [
        name
        for name in names
        if isinstance(source := scope.sources[name], Scope) and column in _names(source)
    ]
    return giving or names


def _outer(scope: Scope, name: str) -> exp.Expr | Scope | None:
    """What a name stands for in the queries around this one."""
    around = scope.parent
    while around is not None:
        if name in around.sources:
            return around.sources[name]
        around = around.parent
    return None
