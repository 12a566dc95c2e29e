"""Where sqlglot itself is wrong: what it makes of a dialect's SQL for DuckDB says something else.

Each entry has the smallest example, which gives one value. A test runs what sqlglot makes of each, and fails
as soon as that gives something other than the wrong value: then the entry has to go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import expressions as exp


@dataclass(frozen=True)
class Mistake:
    """A mistake of sqlglot's.

    Attributes:
        dialect: the one that the example is written in.
        example: SQL that gives one value there.
        wrong: the value, as a text, that DuckDB gives for what sqlglot makes of it.
        right: the value, as a text, that the dialect's warehouse gives.
        reason: why these differ.
        nodes: the kinds of parts, each inside of the one before, that a statement has where this can bite.
    """

    dialect: str
    example: str
    wrong: str
    right: str
    reason: str
    nodes: tuple[type[exp.Expr], ...]


_WHOLE_UNITS = (
    "date_diff counts whole units there, and DuckDB's the ends of units passed: that would be date_sub"
)
_FROM_ZERO = "position 0 counts as 1 there; DuckDB has a place before the first"
_WEEKDAYS = "days are numbered otherwise: DuckDB's Sunday is 0"

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "trino",
        "select date_diff('day', timestamp '2026-01-01 12:00:00', timestamp '2026-01-02 11:00:00')",
        "1",
        "0",
        _WHOLE_UNITS,
        (exp.DateDiff,),
    ),
    Mistake(
        "databricks",
        "select datediff(month, date '2026-01-31', date '2026-02-01')",
        "1",
        "0",
        _WHOLE_UNITS,
        (exp.DateDiff,),
    ),
    Mistake(
        "spark",
        "select timestampdiff(month, date '2026-01-31', date '2026-02-01')",
        "1",
        "0",
        _WHOLE_UNITS,
        (exp.TimestampDiff,),
    ),
    Mistake(
        "redshift",
        "select datediff(day, date '2026-01-01', date '2026-01-04') / 2",
        "1.5",
        "1",
        "datediff gives a whole number, of which the division is one too; sqlglot knows no type of it",
        (exp.Div, exp.TsOrDsDiff),
    ),
    Mistake(
        "postgres",
        "select length('abc') / 2",
        "1.5",
        "1",
        "of whole numbers the division is one too; sqlglot heeds that only where types have been worked out",
        (exp.Div,),
    ),
    Mistake(
        "redshift",
        "select concat('a', null)",
        "a",
        "None",
        "concat with a null is null on Redshift; DuckDB's passes over it",
        (exp.Concat,),
    ),
    Mistake(
        "redshift",
        "select regexp_replace('aaa', 'a', 'b')",
        "baa",
        "bbb",
        "Redshift replaces every match; DuckDB the first one unless told 'g'",
        (exp.RegexpReplace,),
    ),
    Mistake(
        "redshift",
        "select cast(add_months(date '2026-02-28', 1) as date)",
        "2026-03-28",
        "2026-03-31",
        "from the last day of a month Redshift comes to the last day",
        (exp.TsOrDsAdd,),
    ),
    Mistake(
        "redshift",
        """select json_extract_path_text('{"a": {"b": "x"}}', 'a', 'b', true)""",
        '{"b":"x"}',
        "x",
        "with the last argument, null_if_invalid, only the first key of the path is kept",
        (exp.JSONExtractScalar,),
    ),
    Mistake("bigquery", "select substr('abc', 0, 2)", "a", "ab", _FROM_ZERO, (exp.Substring,)),
    Mistake("spark", "select substr('abc', 0, 2)", "a", "ab", _FROM_ZERO, (exp.Substring,)),
    Mistake(
        "trino",
        "select substr('abc', 0, 2)",
        "a",
        "",
        "from position 0 Trino gives an empty text",
        (exp.Substring,),
    ),
    Mistake(
        "postgres",
        "select substr('abcdef', -2, 4)",
        "ef",
        "a",
        "PostgreSQL counts negative positions before the text's start; DuckDB from its end",
        (exp.Substring,),
    ),
    Mistake("spark", "select dayofweek(date '2026-01-04')", "0", "1", _WEEKDAYS, (exp.DayOfWeek,)),
    Mistake(
        "bigquery", "select extract(dayofweek from date '2026-01-04')", "0", "1", _WEEKDAYS, (exp.Extract,)
    ),
    Mistake("trino", "select extract(dow from date '2026-01-04')", "0", "7", _WEEKDAYS, (exp.Extract,)),
    Mistake(
        "postgres",
        r"select 'a_b' like 'a\_b'",
        "False",
        "True",
        "a backslash makes the next character plain on PostgreSQL; on DuckDB only with ESCAPE",
        (exp.Like,),
    ),
    Mistake(
        "spark",
        "select cast(2.5 as int)",
        "3",
        "2",
        "Spark cuts fractions off; DuckDB rounds",
        (exp.Cast,),
    ),
    Mistake(
        "snowflake",
        """select typeof(parse_json('"a"'))""",
        "JSON",
        "VARCHAR",
        "typeof is about the value inside of a VARIANT; DuckDB's is about the column",
        (exp.Typeof,),
    ),
    Mistake(
        "snowflake",
        """select get(parse_json('{"a.b": 1}'), 'a.b')""",
        "None",
        "1",
        "a key with a point in it becomes a path of two keys",
        (exp.GetExtract,),
    ),
    Mistake(
        "snowflake",
        """select cast(get(parse_json('{"a": "x"}'), 'a') as varchar)""",
        '"x"',
        "x",
        "a text inside of a VARIANT is cast to itself; DuckDB writes the JSON, with its quotes",
        (exp.Cast, exp.GetExtract),
    ),
)


def mistakes(tree: exp.Expr, dialect: str) -> Iterator[Mistake]:
    """The mistakes that can stand behind a difference between a statement and what sqlglot makes of it."""
    for mistake in MISTAKES:
        if mistake.dialect == dialect and _holds(tree, mistake.nodes):
            yield mistake


def _holds(tree: exp.Expr, nodes: tuple[type[exp.Expr], ...]) -> bool:
    kind, *inside = nodes
    return any(not inside or _holds(node, tuple(inside)) for node in tree.find_all(kind))
