"""What the names and types in a query depend on, so that queries alike in that are worked out once.

A column of a table counts as its type, whatever it and the table are called, and a literal as its kind. So
the conditions of a thousand audiences come to a few texts, each of which is right or wrong for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from dbt_muster.portability.pieces import literal_kind, operands

Name = tuple[str, bool]
"""A name and whether it stands in quotes."""

_APART = (exp.Query, exp.Window, exp.Star, exp.UDTF, exp.Explode, exp.Lambda, exp.Subquery)
"""What means something only in its statement: a part that holds such is not taken by itself."""
_CONDITIONS = (exp.Where, exp.Having, exp.Join)
_DATED = len("2026-01-31")


class NotAlikeError(Exception):
    """A query that has to be worked out by itself, because something in it is not plain."""


@dataclass(frozen=True)
class Table:
    """A table that is known.

    Attributes:
        columns: its columns, each with its type.
        whole: all of these as one text.
    """

    columns: Mapping[str, str]
    whole: str


@dataclass
class Likeness:
    """A query without what its names and types do not depend on.

    Attributes:
        frame: what is left of it without its parts.
        parts: its conditions and items that are about columns of tables alone.
        items: what each column that it gives is known by, with the column's name; empty for a union.
    """

    frame: str = ""
    parts: set[str] = field(default_factory=set)
    items: list[tuple[str, exp.Identifier]] = field(default_factory=list)


def likeness(
    query: exp.Query, table: Callable[[exp.Identifier], Table | None], named: Callable[[exp.Identifier], str]
) -> Likeness:
    """What the names and types of a query depend on.

    Args:
        query: it stays as it is.
        table: finds a table by its name.
        named: a name as the dialect stores it.

    Raises:
        NotAlikeError: something in it is not plain: it may be wrong, or of a kind that is not known here.
    """
    return _Writer(query, table, named).written()


class Right:
    """The queries of a dialect in which nothing was wrong, by what they are like."""

    def __init__(self) -> None:
        self._parts: set[str] = set()
        self._types: dict[str, str] = {}
        self._frames: dict[str, Mapping[str, str]] = {}

    def add(self, query: Likeness, columns: Mapping[str, str]) -> None:
        """Remember a query and its columns, each with its type."""
        if query.items and len(query.items) != len(columns):
            return  # two columns have one name
        self._parts |= query.parts
        self._frames[query.frame] = columns
        for (item, _), kind in zip(query.items, columns.values() if query.items else (), strict=True):
            self._types[_within(query, item)] = kind

    def columns(self, query: Likeness, named: Callable[[exp.Identifier], str]) -> dict[str, str] | None:
        """The columns of a query, each with its type, where all that it is made from is known to be right.

        Args:
            query: what it is like.
            named: a name as the dialect stores it.
        """
        if query.frame not in self._frames or not query.parts <= self._parts:
            return None
        if not query.items:
            return dict(self._frames[query.frame])
        kinds = [self._types.get(_within(query, item)) for item, _ in query.items]
        names = [named(name) for _, name in query.items]
        found = {name: kind for name, kind in zip(names, kinds, strict=True) if kind is not None}
        return found if len(found) == len(query.items) else None


def _within(query: Likeness, item: str) -> str:
    """What an item is known by: one that is not about columns of tables alone, in its statement."""
    return item if item in query.parts else f"{item} {query.frame}"


class _Writer:
    """Writes one query, part by part."""

    def __init__(
        self,
        query: exp.Query,
        table: Callable[[exp.Identifier], Table | None],
        named: Callable[[exp.Identifier], str],
    ) -> None:
        self._query = query
        self._table = table
        self._named = named
        self._result = Likeness()
        self._loose = _loose(query)
        self._made = {named(each.args["alias"].this) for each in query.find_all(exp.CTE)}
        self._scopes: list[dict[Name, Table | None]] = []
        self._apart = 0  # how much was seen so far of what means something only in its statement

    def written(self) -> Likeness:
        self._result.frame = self._text(self._query)
        return self._result

    def _text(self, node: object) -> str:
        if not isinstance(node, exp.Expr):
            return repr(node)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Identifier):
            return repr(_name(node))
        if isinstance(node, exp.Literal):
            return _literal(node)
        if isinstance(node, exp.Select):
            return self._select(node)
        if isinstance(node, exp.Connector):
            return f"connected({','.join(sorted({self._condition(each) for each in operands(node)}))})"
        if isinstance(node, exp.CTE):
            return self._unseeing(node)
        if isinstance(node, _APART):
            self._apart += 1
            if isinstance(node, exp.SetOperation):
                return self._united(node)
        return f"{node.key}({self._arguments(node)})"

    def _arguments(self, node: exp.Expr, without: str = "") -> str:
        write = self._condition if isinstance(node, _CONDITIONS) else self._text
        out = []
        for key, value in node.args.items():
            if value is None or value is False or value == [] or key == without:
                continue
            text = ",".join(map(write, value)) if isinstance(value, list) else write(value)
            out.append(f"{key}:{text};")
        return "".join(out)

    def _condition(self, node: object) -> str:
        """A condition, of which only matters whether it is right; it is taken by itself where it can be."""
        if isinstance(node, exp.Paren | exp.Not):
            return f"{node.key}({self._condition(node.this)})"
        if not isinstance(node, exp.Expr) or isinstance(node, exp.Connector):
            return self._text(node)
        text, plain = self._part(node)
        return "?" if plain else text

    def _part(self, node: exp.Expr) -> tuple[str, bool]:
        """A part, and whether it is about columns of tables alone; then it is taken by itself."""
        before = self._apart
        text = self._text(node)
        plain = self._apart == before
        if plain:
            self._result.parts.add(text)
        return text, plain

    def _source(self, column: exp.Column) -> Table | None:
        """The table that a column is of; None for one that the query itself makes."""
        if column.args.get("table") is None:
            return None
        name = _name(column.args["table"])
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        raise NotAlikeError

    def _column(self, node: exp.Column) -> str:
        table = self._source(node)
        if node.args.get("db") is not None or table is None or isinstance(node.this, exp.Star):
            self._apart += 1
            return f"column({self._arguments(node)})"
        kind = table.columns.get(self._named(node.this))
        if kind is None:
            raise NotAlikeError
        return f"column<{kind}>"

    def _select(self, node: exp.Select) -> str:
        self._apart += 1
        loose = id(node) in self._loose
        scope: dict[Name, Table | None] = {}
        read = []
        for source in _sources(node):
            found = self._known(source)
            called = source.args["alias"].this if source.args.get("alias") else source.this
            if not isinstance(called, exp.Identifier) or (name := _name(called)) in scope:
                raise NotAlikeError
            scope[name] = found
            read.append(f"{name}{found.whole}" if loose and found else "")
        self._scopes.append(scope)
        parts = [f"select({''.join(read)}"]
        for key, value in node.args.items():
            if value is None or value is False or value == []:
                continue
            if key == "joins":
                joins = [self._join(join) for join in value]
                parts += joins if loose else sorted(set(joins))
            elif key == "expressions":
                parts += self._items(node, loose=loose)
            elif key == "from_":
                parts.append(self._read(value.this))
            else:
                parts.append(f"{key}:{self._text(value)}")
        self._scopes.pop()
        return ";".join(parts) + ")"

    def _join(self, join: exp.Join) -> str:
        return f"join({self._read(join.this)}{self._arguments(join, 'this')})"

    def _read(self, source: exp.Expr) -> str:
        if self._known(source) is not None:
            return "table"
        return self._unseeing(source) if isinstance(source, exp.Subquery) else self._text(source)

    def _unseeing(self, node: exp.Expr) -> str:
        """A query in the place of a table, which sees none of the tables around it."""
        around, self._scopes = self._scopes, []
        self._apart += 1
        text = f"{node.key}({self._arguments(node)})"
        self._scopes = around
        return text

    def _items(self, node: exp.Select, *, loose: bool) -> list[str]:
        """What a SELECT gives; at the top its columns' names do not matter."""
        if node is not self._query:
            return [f"{self._text(item)} {_called(item)}" for item in node.expressions]
        found = []
        for place, item in enumerate(node.expressions):
            if not isinstance(item, exp.Alias | exp.Column) or item.is_star:
                raise NotAlikeError
            value, name = item.unalias(), item.args["alias"] if isinstance(item, exp.Alias) else item.this
            text, plain = self._part(value)
            self._result.items.append((text if plain else f"{place} of", name))
            found.append(f"{'?' if plain else text}{_name(name) if loose else ''}")
        return found if loose else list(dict.fromkeys(found))

    def _united(self, node: exp.SetOperation) -> str:
        """The queries of a union, those that are alike once, and its settings."""
        texts = []
        each: exp.Expr = node
        while isinstance(each, exp.SetOperation):
            texts.append(self._arguments(each, "this"))
            each = each.this
        return f"{node.key}({self._text(each)}|{','.join(sorted(set(texts)))})"

    def _known(self, source: exp.Expr) -> Table | None:
        """A table that the query reads; None for what it makes itself."""
        if not isinstance(source, exp.Table):
            return None
        settings = {key for key, value in source.args.items() if value} - {"this", "alias"}
        if settings or not isinstance(source.this, exp.Identifier):
            raise NotAlikeError
        if self._named(source.this) in self._made:
            return None
        if source.args.get("alias") and source.args["alias"].args.get("columns"):
            raise NotAlikeError
        found = self._table(source.this)
        if found is None:
            raise NotAlikeError
        return found


def _sources(select: exp.Select) -> list[exp.Expr]:
    begin = select.args.get("from_")
    joins = [join.this for join in select.args.get("joins") or ()]
    return [*([begin.this] if begin is not None else []), *joins, *(select.args.get("laterals") or ())]


def _loose(query: exp.Query) -> set[int]:
    """The SELECTs in which the names of all columns matter, because one is named without its table."""
    found: set[int] = set()
    for node in query.find_all(exp.Column, exp.Star):
        counted = isinstance(node, exp.Star) and isinstance(node.parent, exp.Count)
        if not counted and (isinstance(node, exp.Star) or node.args.get("table") is None):
            found.update(map(id, _around(node)))
    return found


def _around(node: exp.Expr) -> Iterator[exp.Expr]:
    """The SELECTs whose tables a name may be of: a query in the place of a table sees nothing around it."""
    inside, parent = node, node.parent
    while parent is not None:
        if isinstance(parent, exp.Select):
            yield parent
        derived = isinstance(parent, exp.From | exp.Join) and isinstance(inside, exp.Subquery)
        if isinstance(parent, exp.CTE) or (derived and inside.arg_key == "this"):
            return
        inside, parent = parent, parent.parent


def _literal(node: exp.Literal) -> str:
    """A literal's kind; a date is another one than a time, and of an interval only the unit matters."""
    if isinstance(node.parent, exp.Interval):
        return "count" if node.name.isdigit() else repr(node.name)
    kind = literal_kind(node)
    return f"moment{len(node.name) > _DATED}" if kind == "moment" else kind


def _name(identifier: exp.Expr) -> Name:
    return identifier.name, bool(identifier.args.get("quoted"))


def _called(item: exp.Expr) -> list[Name]:
    """What the name depends on that an item has for the queries around it, with what stands in quotes."""
    if isinstance(item, exp.Alias):
        return [_name(item.args["alias"])]
    if isinstance(item, exp.Column):
        return [_name(item.this)]
    return [_name(each) for each in item.find_all(exp.Identifier)]
