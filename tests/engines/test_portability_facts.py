"""What the rules of portability say of DuckDB and PostgreSQL is so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from dbt_muster.portability.exceptions import MISTAKES, Mistake
from dbt_muster.portability.rules import RULES
from tests.engines.engines import DuckDB, Warehouse

FAILS = "fails"
BOTH = ("duckdb", "postgres")
# (code, SQL that gives a value, that value, words of what the rule says of the engine, the engines)
FACTS: list[tuple[str, str, object, str, tuple[str, ...]]] = [
    ("integer_division", "select 7 / 2", 3.5, "7 / 2 is 3.5", ("duckdb",)),
    ("integer_division", "select 7 / 2", 3, "7 / 2 is 3,", ("postgres",)),
    ("division_by_zero", "select 1 / 0", float("inf"), "infinity", ("duckdb",)),
    ("division_by_zero", "select 1 / 0", FAILS, "fails", ("postgres",)),
    ("modulo", "select -7 % 3", -1, "(-7 % 3 is -1)", BOTH),
    ("modulo", "select pmod(1, 3)", FAILS, "there is no pmod()", BOTH),
    ("float_equality", "select 0.1 + 0.2 = 0.3", True, "0.1 + 0.2 = 0.3 holds", BOTH),
    ("log_base", "select log(100)", 2, "the decimal logarithm", BOTH),
    ("chance", "select random() between 0 and 1", True, "a fraction from 0 to 1", BOTH),
    ("integer_width", "select cast(3000000000 as int)", FAILS, "32 bits", BOTH),
    ("cast_rounding", "select cast(2.5 as int)", 3, "2.5 becomes 3", BOTH),
    ("cast_rounding", "select cast(cast(2.5 as double) as int)", 2, "2 where it is a double", ("duckdb",)),
    ("bare_decimal", "select cast(2.12345 as decimal) * 100000", 212300, "three digits", ("duckdb",)),
    ("bare_decimal", "select cast(2.12345 as decimal) * 100000", 212345, "every digit", ("postgres",)),
    ("text_length", "select cast('abc' as varchar(2))", "abc", "passed over", ("duckdb",)),
    ("text_length", "select cast('abc' as varchar(2))", "ab", "is cut", ("postgres",)),
    ("date_form", "select cast('01/02/2026' as date)", FAILS, "it is no date", ("duckdb",)),
    ("date_form", "select extract(month from cast('01/02/2026' as date))", 1, "month first", ("postgres",)),
    ("text_arithmetic", "select '5' + 1", FAILS, "'5' + 1 fails", ("duckdb",)),
    ("text_arithmetic", "select '5' + 1", 6, "'5' + 1 is 6", ("postgres",)),
    ("truth_as_number", "select true + 1", FAILS, "true", BOTH),
    ("truth_as_number", "select true = 1", True, "beside `=` alone", ("duckdb",)),
    ("truth_as_number", "select true = 1", FAILS, "is no number", ("postgres",)),
    ("cast_operator", "select '1'::int", 1, "`::` is a cast", BOTH),
    ("null_comparison", "select 1 = null", None, "never true", BOTH),
    ("null_safe_equal", "select 1 <=> 1", FAILS, "there is no `<=>`", BOTH),
    ("null_safe_equal", "select null is not distinct from null", True, "is not distinct", BOTH),
    ("double_equals", "select 1 == 1", True, "`==` is `=`", ("duckdb",)),
    ("double_equals", "select 1 == 1", FAILS, "there is no `==`", ("postgres",)),
    ("caret", "select 2 ^ 3", 8, "2 ^ 3 is 8", BOTH),
    (
        "null_ordering",
        "select x from (values (1), (null)) as t(x) order by x desc limit 1",
        1,
        "last",
        ("duckdb",),
    ),
    (
        "null_ordering",
        "select x from (values (1), (null)) as t(x) order by x desc limit 1",
        None,
        "largest",
        ("postgres",),
    ),
    ("offset", "select 1 offset 0 limit 1", 1, "either", BOTH),
    ("top", "select top 1 x from (values (1)) as t(x)", FAILS, "there is no TOP", BOTH),
    ("fetch_first", "select 1 fetch first 1 rows only", 1, "FETCH FIRST is LIMIT", BOTH),
    ("distinct_on", "select distinct on (x) x from (values (1)) as t(x)", 1, "keeps the first row", BOTH),
    ("qualify", "select x from (values (1)) as t(x) qualify count(*) over () = 1", 1, "filters", ("duckdb",)),
    (
        "qualify",
        "select x from (values (1)) as t(x) qualify count(*) over () = 1",
        FAILS,
        "there is no QUALIFY",
        ("postgres",),
    ),
    (
        "value_frame",
        "select last_value(x) over (order by x) from (values (1), (2)) as t(x) order by x limit 1",
        1,
        "ends at the current row",
        BOTH,
    ),
    ("boolean_aggregate", "select bool_or(true)", True, "bool_or", BOTH),
    ("boolean_aggregate", "select max(true)", FAILS, "no max()", ("postgres",)),
    ("boolean_aggregate", "select sum(true)", 1, "true counts as 1", ("duckdb",)),
    ("count_if", "select count_if(true)", 1, "count_if", ("duckdb",)),
    ("count_if", "select count_if(true)", FAILS, "nothing", ("postgres",)),
    ("filtered_aggregate", "select count(*) filter (where false)", 0, "FILTER keeps rows", BOTH),
    ("nested_aggregate", "select max(count(*)) from (values (1)) as t(x)", FAILS, "no warehouse", BOTH),
    ("median", "select median(x) from (values (1)) as t(x)", 1, "there is a median()", ("duckdb",)),
    ("median", "select median(x) from (values (1)) as t(x)", FAILS, "there is none", ("postgres",)),
    ("any_value", "select any_value(x) from (values (null), (3)) as t(x)", 3, "only where all are", BOTH),
    ("value_at_most", "select max_by(1, 2)", 1, "there are max_by()", ("duckdb",)),
    ("value_at_most", "select max_by(1, 2)", FAILS, "there are none", ("postgres",)),
    (
        "week_start",
        "select extract(day from date_trunc('week', date '2026-01-04'))",
        29,
        "a week begins on Monday",
        BOTH,
    ),
    ("day_of_week", "select extract(dow from date '2026-01-04')", 0, "Sunday is 0", BOTH),
    ("week_of_year", "select extract(week from date '2026-01-04')", 1, "first Thursday", BOTH),
    (
        "epoch",
        "select extract(epoch from timestamp '1970-01-02 00:00:00')",
        86400,
        "a number of seconds",
        BOTH,
    ),
    (
        "date_difference",
        "select date_diff('month', date '2026-01-31', date '2026-02-01')",
        1,
        "is 1 month",
        ("duckdb",),
    ),
    (
        "date_difference",
        "select date_diff('month', date '2026-01-31', date '2026-02-01')",
        FAILS,
        "no such function",
        ("postgres",),
    ),
    ("month_steps", "select add_months(date '2026-01-31', 1)", FAILS, "there is no add_months()", BOTH),
    ("interval_number", "select extract(day from interval 1 day)", 1, "needs no quotes", ("duckdb",)),
    ("interval_number", "select extract(day from interval 1 day)", FAILS, "needs them", ("postgres",)),
    ("date_subtraction", "select date '2026-01-02' - date '2026-01-01'", 1, "whole number of days", BOTH),
    ("date_and_number", "select extract(day from date '2026-01-01' + 1)", 2, "counts as days", BOTH),
    ("text_position", "select substr('abc', 0, 2)", "a", "is 'a'", BOTH),
    ("text_position", "select substr('abcdef', -2, 4)", "ef", "from the text's end", ("duckdb",)),
    ("text_position", "select substr('abcdef', -2, 4)", "a", "before the text", ("postgres",)),
    ("null_in_text", "select concat('a', null)", "a", "passes over null", BOTH),
    ("null_in_greatest", "select greatest(1, null)", 1, "passes over null", BOTH),
    ("empty_text", "select '' = '  '", False, "only an empty text is", BOTH),
    ("backslash", r"select length('\n')", 2, "a backslash and an n", BOTH),
    ("double_quotes", 'select "x"', FAILS, "the name of a column", BOTH),
    ("digest_form", "select length(md5('a'))", 32, "hex digits", BOTH),
    ("regex_match", "select regexp_replace('aaa', 'a', 'b')", "baa", "the first match", BOTH),
    ("case_blind_like", "select 'A' ilike 'a'", True, "forgets capitals", BOTH),
    ("regex_operator", "select 'ABC' ~* 'b'", True, "they do", ("duckdb",)),
    ("regex_operator", "select 'abc' ~ 'b'", True, "look for a pattern", ("postgres",)),
    ("like_escape", r"select 'a_b' like 'a\_b'", False, "like any other", ("duckdb",)),
    ("like_escape", r"select 'a_b' like 'a\_b'", True, "next character plain", ("postgres",)),
    ("similar_to", "select 'a' similar to 'a'", True, "is known", BOTH),
    ("array_of_nulls", "select cardinality(array_agg(x)) from (values (1), (null)) as t(x)", 2, "stay", BOTH),
    ("list_position", "select (array[7, 8])[1]", 7, "begin at 1", BOTH),
    (
        "group_alias",
        "select x as n from (values (1)) as t(x) group by x having n > 0",
        FAILS,
        "no alias",
        ("postgres",),
    ),
    ("group_all", "select count(*) from (values (1)) as t(x) group by all", 1, "by all", ("duckdb",)),
    ("alias_reused", "select x + 1 as a, a + 1 as b from (select 1 as x) as t", 2, "it is", ("duckdb",)),
    (
        "alias_reused",
        "select x + 1 as a, a + 1 as b from (select 1 as x) as t",
        FAILS,
        "not known",
        ("postgres",),
    ),
    ("star_without", "select * exclude (x) from (select 1 as x, 2 as y) as t", 2, "EXCLUDE", ("duckdb",)),
    (
        "star_without",
        "select * exclude (x) from (select 1 as x, 2 as y) as t",
        FAILS,
        "nothing",
        ("postgres",),
    ),
    (
        "half_join",
        "select 1 from (select 1) as t semi join (select 1) as u on true",
        1,
        "there are",
        ("duckdb",),
    ),
    (
        "half_join",
        "select 1 from (select 1) as t semi join (select 1) as u on true",
        FAILS,
        "none",
        ("postgres",),
    ),
    ("bare_union", "select 1 union select 1", 1, "leaves out what is there twice", BOTH),
    ("trailing_comma", "select x, from (select 1 as x) as t", 1, "passed over", ("duckdb",)),
    ("trailing_comma", "select x, from (select 1 as x) as t", FAILS, "an error", ("postgres",)),
    ("minus", "select 1 minus select 2", FAILS, "there is no MINUS", BOTH),
]
MISTAKEN = [mistake for mistake in MISTAKES if mistake.dialect == "postgres"]
CASES = [(engine, fact) for fact in FACTS for engine in fact[4]]


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Warehouse]:
    with closing(DuckDB()) as engine, engine.schema():
        yield engine


@pytest.fixture(scope="module")
def postgres(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    server = request.getfixturevalue("postgres_server")
    from tests.engines.postgres import Postgres  # once it is known that the driver is there too

    with closing(Postgres(server)) as engine:
        yield engine


def value(engine: Warehouse, sql: str) -> Any:
    """The first value that a query gives, or that it fails."""
    try:
        with engine.schema():
            return engine.ask(sql)[0][0]
    except Exception as error:
        if not any(kind.__name__ == "Error" for kind in type(error).__mro__):  # the drivers' own, by DB-API
            raise
        return FAILS


@pytest.mark.parametrize(("name", "fact"), CASES, ids=[f"{name}: {fact[1]}" for name, fact in CASES])
def test_an_engine_does_what_the_rule_says_of_it(
    request: pytest.FixtureRequest, name: str, fact: tuple[str, str, object, str, tuple[str, ...]]
) -> None:
    code, sql, expected, words, _ = fact
    assert value(request.getfixturevalue(name), sql) == expected
    said = [
        meaning
        for rule in RULES
        if rule.code == code
        for meaning, names in rule.meanings
        if name in names and words in meaning
    ]
    assert said


@pytest.mark.parametrize("mistake", MISTAKEN, ids=lambda mistake: mistake.example)
def test_postgres_gives_what_is_held_against_sqlglot(postgres: Warehouse, mistake: Mistake) -> None:
    assert str(value(postgres, mistake.example)) == mistake.right
