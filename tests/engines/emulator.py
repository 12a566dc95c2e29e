"""What the emulator cannot do and Snowflake can.

A gap is asked for in other words that the emulator knows; what has no such words is left out. Each has the
smallest query that shows it. A test asks for it as it is: once the emulator answers, the test fails, and the
gap is to be deleted here. The macros never give way to the emulator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from tests.oracle.world import World

_TEXTS = exp.Literal.string('["VARCHAR"]')


@dataclass(frozen=True)
class Gap:
    """Something that the emulator cannot do.

    Attributes:
        reason: what is wrong with it.
        example: a query that Snowflake answers.
        answer: what Snowflake answers.
        mark: a text, in lower case, without which a statement does not need it.
        mend: gives another expression in an expression's place, or the same one.
    """

    reason: str
    example: str
    answer: object
    mark: str
    mend: Callable[[exp.Expression], exp.Expression]


_QUOTE_IN_NAME = "a quote in a column's name makes the server fail"
MISSING_TIME = "a missing timestamp comes back as the first instant of 1970"
TEXT_IN_VARIANT = "a text in a variant has no VARCHAR for its type"
LEFT_OUT = {
    _QUOTE_IN_NAME: ('create table quoted ("it\'s" varchar)', "Table QUOTED successfully created."),
    MISSING_TIME: ("select cast(null as timestamp_ntz)", None),
    TEXT_IN_VARIANT: ("select typeof(get(parse_json('{\"a\": \"b\"}'), 'a'))", "VARCHAR"),
}
"""Why worlds are left out, each with the smallest query that shows it and what Snowflake answers."""


def left_out(world: World) -> str | None:
    """Why the emulator cannot be asked about a world, with the smallest example; None where it can."""
    columns = [column for table in world.tables.values() for column in table.columns.items()]
    if any("'" in name for name, _ in columns):
        return with_example(_QUOTE_IN_NAME)
    return with_example(TEXT_IN_VARIANT) if any(kind == "json" for _, kind in columns) else None


def with_example(reason: str) -> str:
    """A reason of `LEFT_OUT`, with the smallest example."""
    example, answer = LEFT_OUT[reason]
    return f"the emulator cannot be asked: {reason}. To `{example}` Snowflake says {answer!r}, it does not"


def asked(sql: str) -> str:
    """The statement in words that the emulator knows; the same text where no gap is in it."""
    gaps = [gap for gap in GAPS.values() if gap.mark in sql.lower()]
    if not gaps:
        return sql
    tree = sqlglot.parse_one(sql, read="snowflake")
    for gap in gaps:
        tree = tree.transform(gap.mend)
    return tree.sql("snowflake")


def _hexadecimal(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.ToNumber) and node.args.get("format"):
        digits = exp.DPipe(this=exp.Literal.string("0x"), expression=node.this)
        return exp.cast(digits, "bigint")
    return node


def _list_contains(node: exp.Expression) -> exp.Expression:
    if not isinstance(node, exp.ArrayContains):
        return node
    texts, value = node.this, node.expression.this
    if isinstance(texts, exp.Transform):
        texts = exp.Lower(this=exp.cast(texts.this, "varchar"))
    read = exp.Anonymous(this="from_json", expressions=[texts, _TEXTS.copy()])
    return exp.Anonymous(this="list_contains", expressions=[read, value])


def _as_array(node: exp.Expression) -> exp.Expression:
    is_it = isinstance(node, exp.Anonymous) and node.name.lower() == "as_array"
    return node.expressions[0] if is_it else node


GAPS = {
    "hexadecimal": Gap(
        reason="TO_NUMBER takes no format",
        example="select to_number('ff', 'XXXXXXXX')",
        answer=255,
        mark="to_number(",
        mend=_hexadecimal,
    ),
    "list": Gap(
        reason="ARRAY_CONTAINS does not take an array that is kept as JSON",
        example=(
            "select array_contains('b'::variant, it) from (select parse_json('[\"b\"]')::array as it) as x"
        ),
        answer=True,
        mark="array_contains(",
        mend=_list_contains,
    ),
    "lambda": Gap(
        reason="TRANSFORM does not know the name of what its function is given",
        example=(
            "select array_contains('b'::variant, transform(it, item -> lower(item))) "
            "from (select parse_json('[\"B\"]')::array as it) as given"
        ),
        answer=True,
        mark="array_contains(",
        mend=_list_contains,
    ),
    "as_array": Gap(
        reason="there is no AS_ARRAY",
        example="select array_size(as_array(parse_json('[1, 2]')))",
        answer=2,
        mark="as_array(",
        mend=_as_array,
    ),
}
