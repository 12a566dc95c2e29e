"""What comes first: nothing, ties, and rows that no order says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import Token
from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import ALL, rule
from dbt_muster.portability.rules.reading import Part, Text

_ENDS = frozenset({"LIMIT", "OFFSET", "FETCH", "ROWS", "RANGE", "GROUPS", "QUALIFY", "UNION", ";"})


@rule(
    {
        "nothing counts as the largest value": "postgres redshift snowflake",
        "nothing counts as the smallest": "bigquery spark databricks",
        "it comes last whatever the direction": "duckdb trino",
    },
    "NULLS FIRST or NULLS LAST behind it",
)
def null_ordering(text: Text) -> Iterator[Part]:
    """An order that decides something, and does not say where nulls go."""
    said = _said(text.tokens)
    for ordered in text.tree.find_all(exp.Ordered):
        place = _place(ordered)
        told = place is not None and any(start <= place <= end for start, end in said)
        if told or not _decides(ordered) or _never_null(ordered) or isinstance(ordered.this, exp.Rand):
            continue
        yield ordered.this


@rule(
    {"without an order the rows come as they like, another way at each run": ALL},
    "an order over something unique",
)
def unordered_list(text: Text) -> Iterator[Part]:
    """A text made of many rows, in no order."""
    for joined in text.tree.find_all(exp.GroupConcat):
        within = joined.find_ancestor(exp.WithinGroup)
        if within is None and joined.find(exp.Order) is None:
            yield joined


@rule(
    {
        "this is string_agg(x, ',' order by y)": "postgres duckdb bigquery",
        "it is listagg(x, ',') within group (order by y)": "snowflake redshift trino",
        "it is listagg() or string_agg() since version 4": "spark databricks",
    },
    "dbt.listagg()",
)
def joined_texts(text: Text) -> Iterator[Part]:
    """A text made of many rows."""
    return text.tree.find_all(exp.GroupConcat)


def _decides(ordered: exp.Ordered) -> bool:
    """Whether an order decides what comes out, rather than how it is shown."""
    order = ordered.parent
    holder = order.parent if order is not None else None
    if isinstance(holder, exp.Query):
        return holder.args.get("limit") is not None
    return holder is not None


def _never_null(ordered: exp.Ordered) -> bool:
    """Whether the statement itself sees to it that there is no null to order."""
    value = _value(ordered)
    if isinstance(value, exp.Literal):
        # The number of a column, but for a window, where it is a value like any other.
        return ordered.find_ancestor(exp.Window, exp.Query) is ordered.find_ancestor(exp.Window)
    if _is_filled(value):
        return True
    siblings = ordered.parent.expressions if ordered.parent is not None else []
    if any(_asks_for_null(_value(each), value) for each in siblings[: ordered.index or 0]):
        return True
    columns = {column.sql() for column in value.find_all(exp.Column)}
    return bool(columns) and columns <= _kept_from_null(ordered.find_ancestor(exp.Select))


def _kept_from_null(select: exp.Select | None) -> set[str]:
    """The columns that a WHERE compares with something, or that it says are not null."""
    where = select.args.get("where") if select is not None else None
    kept = set()
    for part in _conjuncts(where.this) if where is not None else ():
        asked = isinstance(part, exp.Not) and isinstance(part.this.unnest(), exp.Is)
        asked = asked or (isinstance(part, exp.Is) and bool(part.args.get("negate")))
        if asked or isinstance(
            part, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.Between | exp.In
        ):
            kept |= {column.sql() for column in part.find_all(exp.Column)}
    return kept


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _value(ordered: exp.Expr) -> exp.Expr:
    value: exp.Expr = ordered.this
    inner: exp.Expr = value.this if isinstance(value, exp.Collate) else value
    return inner


def _is_filled(value: exp.Expr | None) -> bool:
    if isinstance(value, exp.Case):
        branches = [*(branch.args.get("true") for branch in value.args["ifs"]), value.args.get("default")]
        return all(_is_filled(branch) for branch in branches)
    if isinstance(value, exp.Coalesce):
        return any(_is_filled(part) for part in value.expressions)
    return isinstance(value, exp.Literal | exp.Count | exp.RowNumber | exp.Is)


def _asks_for_null(test: exp.Expr | None, value: exp.Expr) -> bool:
    """Whether a test, such as `x is null`, is about a value, or about what the value is made from."""
    asked = test.find_all(exp.Is) if test is not None else ()
    nulls = [
        each.this for each in asked if isinstance(each.expression, exp.Null) and not each.args.get("negate")
    ]
    return any(part == null for null in nulls for part in value.find_all(type(null)))


def _place(node: exp.Expr) -> int | None:
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return min(starts) if starts else None


def _said(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The stretches of text, each one item of an ORDER BY, that end with NULLS FIRST or NULLS LAST."""
    found = []
    for place, token in enumerate(tokens):
        if token.text.upper() == "ORDER BY":
            found += _items(tokens[place + 1 :])
    return found


def _items(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    items: list[tuple[int, int]] = []
    depth, start = 0, 0
    for place, token in enumerate(tokens):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth < 0 or (depth == 0 and token.text.upper() in _ENDS):
            break
        if depth == 0 and token.text == ",":
            start = place + 1
        if depth == 0 and token.text.upper() == "NULLS" and place > start:
            items.append((tokens[start].start, token.start))
    return items


RULES = (null_ordering, unordered_list, joined_texts)
