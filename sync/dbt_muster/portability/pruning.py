"""Whether a warehouse can leave out the parts of an event table that are older than every window.

Warehouses keep the range of each column for each partition, micro-partition, block or file, and pass over
those that a filter rules out. They can do so where the filter compares the stored column itself with a
literal, and seldom where it compares what a function or a cast makes of the column.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.plan.starts import Reading
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.statements import relation_name

_INSTEAD = (
    "declare the type of the column: `at: {column: …, type: timestamp}` (or `timestamptz`, or `date`), "
    "with its `timezone:` where it is not in UTC"
)


def unpruned(statement: str, tree: exp.Expr, dialect: str, reading: Reading) -> list[Finding]:
    """The event sources that a model reads whole although all its windows have a start.

    Args:
        statement: the model's name.
        tree: what it renders to.
        dialect: the dialect of the tree.
        reading: what it reads, and since when.
    """
    if not reading.bounded:
        return []
    findings = []
    for source in reading.sources:
        table, time = relation_name(source.relation.kind, *source.relation.names), source.at.column
        whole = [
            each for each in tree.find_all(exp.Table) if _same(each.name, table) and not _pruned(each, time)
        ]
        if whole:
            message = (
                f"this reads all of {table}: its windows have a start, and nothing compares `{time}` itself "
                "with a literal"
            )
            fragment = next((shown(each.sql(dialect=dialect)) for each in _about(tree, time)), "")
            findings.append(Finding("no_pruning", "note", statement, dialect, message, fragment, _INSTEAD))
    return findings


def _pruned(table: exp.Table, time: str) -> bool:
    """Whether some query around a table bounds the time, and those between hand the column on as it is."""
    select = table.parent_select
    while select is not None:
        if any(_is_lower_bound(each, time) for each in _filters(select)):
            return True
        if not _hands_on(select, time):
            return False
        select = select.parent_select
    return False


def _filters(select: exp.Expr) -> Iterator[exp.Expr]:
    """What must hold for every row of a query."""
    where = select.args.get("where")
    waiting = [where.this] if where is not None else []
    while waiting:
        condition = waiting.pop().unnest()
        if isinstance(condition, exp.And):
            waiting += [condition.left, condition.right]
        else:
            yield condition


def _is_lower_bound(condition: exp.Expr, time: str) -> bool:
    match condition:
        case exp.GTE() | exp.GT():
            column, bound = condition.left.unnest(), condition.right
        case exp.LTE() | exp.LT():
            column, bound = condition.right.unnest(), condition.left
        case _:
            return False
    return isinstance(column, exp.Column) and _same(column.name, time) and bound.find(exp.Column) is None


def _hands_on(select: exp.Expr, time: str) -> bool:
    items = [item for item in select.expressions if _same(item.alias_or_name, time)]
    if not items:
        return any(item.is_star for item in select.expressions)
    return all(isinstance(item, exp.Column) for item in items)


def _about(tree: exp.Expr, time: str) -> Iterator[exp.Expr]:
    """The comparisons that the time stands in, however it is wrapped."""
    for comparison in tree.find_all(exp.GTE, exp.GT, exp.LTE, exp.LT):
        if any(_same(column.name, time) for column in comparison.find_all(exp.Column)):
            yield comparison


def _same(name: str, other: str) -> bool:
    """Whether two names are one; some warehouses write all names in capitals."""
    return name.lower() == other.lower()
