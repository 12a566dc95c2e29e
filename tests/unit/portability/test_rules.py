"""What means something else elsewhere is found, with the reason; what is portable is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from dbt_muster.portability.rules import RULES, hits
from dbt_muster.portability.rules.reading import Hit, Text
from dbt_muster.portability.statements import model_statements, renderer
from dbt_muster.render import DIALECTS
from dbt_muster.specs import load

ROOT = Path(__file__).parents[3]

UNPORTABLE = [
    # (SQL, dialect, code, a part of the message)
    ("select a / b from t", "postgres", "integer_division", "7 / 2 is 3 on postgres"),
    ("select count(*) / 2 from t", "snowflake", "integer_division", "3.5 on duckdb, snowflake"),
    (
        "select a / cast(b as double) from t",
        "duckdb",
        "division_by_zero",
        "spark without ANSI mode gives null",
    ),
    ("select a % 3 from t", "postgres", "modulo", "bigquery has no operator `%`"),
    ("select -7 % 3", "duckdb", "modulo", "(-7 % 3 is -1)"),
    ("select pmod(a, 3) from t", "spark", "modulo", "can be negative"),
    ("select 0.1 + 0.2 = 0.3", "postgres", "float_equality", "not on bigquery"),
    ("select cast(a as double precision) = b from t", "postgres", "float_equality", "as doubles"),
    ("select cast(a as int) from t", "duckdb", "integer_width", "32 bits on postgres"),
    ("select a::int from t", "snowflake", "integer_width", "of 2.5 it makes 2 on spark"),
    (
        "select row_number() over (partition by a order by b) from t",
        "duckdb",
        "null_ordering",
        "largest value",
    ),
    (
        "select a from t order by b desc limit 3",
        "bigquery",
        "null_ordering",
        "comes last whatever the direction",
    ),
    ("select a from t order by b nulls last, c limit 3", "postgres", "null_ordering", "smallest on bigquery"),
    ("select string_agg(a, ',') from t", "postgres", "unordered_list", "listagg"),
    ("select array_agg(a) from t", "trino", "array_of_nulls", "left out on snowflake"),
    ("select distinct on (a) a, b from t", "postgres", "distinct_on", "only postgres and duckdb"),
    ("select date_trunc('week', a) from t", "postgres", "week_start", "on Sunday on bigquery"),
    ("select date_trunc(a, week) from t", "bigquery", "week_start", "Monday on postgres"),
    ("select extract(dow from a) from t", "postgres", "day_of_week", "Sunday is 0 on postgres"),
    ("select dayofweek(a) from t", "spark", "day_of_week", "7 on trino"),
    ("select extract(week from a) from t", "duckdb", "day_of_week", "week 0"),
    ("select a::timestamp from t", "postgres", "zoneless_time", "wall-clock time without zone"),
    ("select cast(a as timestamp) from t", "bigquery", "zoneless_time", "it is an instant"),
    ("select a from t where b > '2026-01-31'", "postgres", "text_as_date", "fails on trino"),
    (
        "select a from t where b between '2026-01-01' and '2026-01-31'",
        "snowflake",
        "text_as_date",
        "converts no text",
    ),
    ("select current_date", "snowflake", "present", "America/Los_Angeles"),
    ("select now()", "postgres", "present", "another run"),
    ("select datediff(month, a, b) from t", "snowflake", "date_difference", "whole ones"),
    ("select datediff(day, a, b) from t", "redshift", "date_difference", "ends of months passed"),
    ("select date_diff('day', a, b) from t", "trino", "date_difference", "1 month on snowflake"),
    ("select add_months(a, 1) from t", "snowflake", "month_steps", "28 March on spark"),
    ("select add_months(a, 1) from t", "redshift", "month_steps", "31 March on snowflake and redshift"),
    ("select a + interval '1 month' from t", "postgres", "interval_text", "outside of the quotes"),
    (r"select a from t where b ~ '\bx'", "postgres", "regex_flavour", "RE2's on duckdb"),
    ("select a from t where regexp_contains(b, r'(?=x)')", "bigquery", "regex_flavour", "not read alike"),
    ("select a from t where regexp_like(b, 'x')", "snowflake", "regex_match", "match the whole text"),
    ("select regexp_replace(a, 'x', 'y') from t", "postgres", "regex_match", "first match"),
    (
        "select a from t where b ilike 'x%'",
        "snowflake",
        "case_blind_like",
        "bigquery and trino have no ILIKE",
    ),
    (r"select a from t where b like '50\%'", "postgres", "like_escape", "like any other on duckdb"),
    ("select substr(a, 0, 2) from t", "duckdb", "text_position", "'ab' on snowflake"),
    ("select substring(a, -2) from t", "snowflake", "text_position", "before the text"),
    ("select concat(a, b) from t", "postgres", "null_in_text", "passes over null on postgres"),
    ("select concat('x', null)", "snowflake", "null_in_text", "is null on snowflake"),
    ("select greatest(a, b) from t", "duckdb", "null_in_greatest", "null on snowflake"),
    ("select least(a, 1) from t", "bigquery", "null_in_greatest", "pass over it"),
    ("select a collate 'en-ci' from t", "snowflake", "collation", "names of its own"),
    ('select "createdAt" from t', "postgres", "quoted_case", "small letters and in capitals"),
    ('select "created" from t', "snowflake", "quoted_case", "do not tell the two apart"),
    (
        "select lower(a) as b, count(*) as n from t group by b",
        "duckdb",
        "group_alias",
        "trino knows no alias",
    ),
    ("select a, count(*) as n from t group by a having n > 1", "duckdb", "group_alias", "in HAVING"),
    ("select a, count(*) as n from t group by all", "duckdb", "group_all", "no GROUP BY ALL"),
    ("select a * 2 as b, b + 1 as c from t", "snowflake", "alias_reused", "postgres, bigquery and trino"),
    ("select a * 2 as b from t where b > 1", "duckdb", "alias_reused", "the SELECT that gives it"),
    (
        "select a from t qualify row_number() over (partition by a order by b nulls last) = 1",
        "snowflake",
        "qualify",
        "postgres, spark and trino have no QUALIFY",
    ),
    ("select * exclude (a) from t", "snowflake", "star_without", "EXCEPT on bigquery"),
    ("select t.a from t left anti join u on t.a = u.a", "spark", "half_join", "only duckdb"),
    ("select explode(a) from t", "spark", "rows_from_list", "lateral flatten() on snowflake"),
    ("select v from t cross join unnest(a) as u(v)", "trino", "rows_from_list", "explode() on spark"),
    ("select a[1] from t", "duckdb", "list_position", "begin at 1 on postgres"),
    ("select a[0] from t", "spark", "list_position", "at 0 on snowflake"),
    ("create or replace table x as select 1 as a", "snowflake", "replaced_table", "postgres and redshift"),
    ("select bool_or(a) from t", "postgres", "boolean_aggregate", "boolor_agg"),
    ("select max(a = 1) from t", "duckdb", "boolean_aggregate", "no max()"),
    ("select count_if(a = 1) from t", "snowflake", "count_if", "countif on bigquery"),
    ("select sum(a) filter (where b = 1) from t", "postgres", "filtered_aggregate", "no FILTER"),
    ("select random()", "snowflake", "chance", "64 bits on snowflake"),
    ("select nvl(a, '') from t", "snowflake", "spelling", "nvl() is a function of snowflake"),
    ("select iff(a = 1, 2, 3) from t", "snowflake", "spelling", "iff() is a function"),
    ("select try_cast(a as int) from t", "duckdb", "spelling", "try_cast()"),
]

PORTABLE = [
    ("select a / nullif(cast(b as decimal(10, 2)), 0) from t", "postgres"),
    ("select a * 1.0 / 2 from t", "postgres"),
    ("select row_number() over (partition by a order by b desc nulls last) from t", "postgres"),
    ("select row_number() over (order by b) from t where b is not null and a = 1", "postgres"),
    ("select row_number() over (order by b) from t where b is not null", "duckdb"),
    ("select row_number() over (order by case when b is null then 1 else 0 end, b) from t", "duckdb"),
    ("select a from t order by f(a, b) desc nulls first, coalesce(c, 0) limit 3", "snowflake"),
    ("select a from t order by b", "bigquery"),
    ("select date_trunc('month', a) from t", "postgres"),
    ("select date_trunc(a, isoweek) from t", "bigquery"),
    ("select a from t where b >= date '2026-01-31'", "trino"),
    ("select a from t where regexp_like(b, '^x.*$')", "trino"),
    ("select a from t where b like '50!%' escape '!'", "duckdb"),
    ("select substring(a, 1, 2) from t", "postgres"),
    ("select coalesce(a, '') || 'x' from t", "snowflake"),
    ("select concat(coalesce(a, ''), 'x') from t", "snowflake"),
    ("select lower(a) as a, count(*) as n from t group by a", "duckdb"),
    ("select a, count(*) as n from t group by 1 having count(*) > 1", "trino"),
    ("select count(case when a = 1 then 1 end) from t", "redshift"),
    ("select a from t where b <> '' and c = 0.5", "bigquery"),
]


def found(sql: str, dialect: str) -> list[Hit]:
    return list(hits(Text.of(sql, sqlglot.parse_one(sql, dialect=dialect), dialect)))


@pytest.mark.parametrize(("sql", "dialect", "code", "part"), UNPORTABLE)
def test_an_unportable_fragment_is_found_with_its_reason(
    sql: str, dialect: str, code: str, part: str
) -> None:
    by_code = {each.code: each for each in found(sql, dialect)}
    assert code in by_code
    assert part in by_code[code].message
    assert by_code[code].instead
    assert by_code[code].fragment
    assert by_code[code].line == 1


@pytest.mark.parametrize(("sql", "dialect"), PORTABLE)
def test_a_portable_fragment_is_left_alone(sql: str, dialect: str) -> None:
    assert found(sql, dialect) == []


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "sql",
    [
        "select a / 'x' from t",
        "select a / '' from t",
        "select a / 0.0 from t",
        "select row_number() over (order by coalesce(a)) from t",
        "select a from t union all select 2 order by 1 limit 1",
    ],
)
def test_odd_sql_is_judged_too(sql: str, dialect: str) -> None:
    assert found(sql, dialect)


def test_every_rule_has_a_fragment_that_it_finds() -> None:
    codes = {code for _, _, code, _ in UNPORTABLE}
    assert codes == {rule.__name__ for rule in RULES}


def test_each_message_names_two_warehouses_that_differ() -> None:
    for sql, dialect, code, _ in UNPORTABLE:
        (message, *_) = [each.message for each in found(sql, dialect) if each.code == code]
        assert any(name in message for name in DIALECTS), code


def test_a_finding_stands_on_its_line() -> None:
    sql = "select\n  a,\n  -- what a customer spends\n  b / c\nfrom t\norder by d\nlimit 3"
    lines = {each.code: each.line for each in found(sql, "postgres")}
    assert lines == {"integer_division": 4, "division_by_zero": 4, "null_ordering": 6}


# What the macros order by is never missing; types and lengths of time they write as each dialect has them.
BY_MACROS = {
    "muster_sequences__": {"null_ordering", "spelling", "zoneless_time"},
    "christmas_fans": {"null_ordering"},
    "muster_event_sources": {"zoneless_time"},
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_starter_librarys_own_models_give_no_finding(dialect: str) -> None:
    renders = renderer(dialect)
    # Snowflake's macro asks with regexp_instr instead; a part of a text is what the others' macros look for.
    by_dispatch = {"regex_match"} if dialect in ("spark", "databricks", "trino") else set()
    statements = list(model_statements(load(ROOT)))
    assert len(statements) > 20
    for statement in statements:
        codes = {each.code for each in found(statement.sql(renders), dialect)}
        expected = next(
            (codes for name, codes in BY_MACROS.items() if statement.name.startswith(name)), set()
        )
        assert codes <= by_dispatch | expected, statement.name
