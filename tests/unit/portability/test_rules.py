"""What means something else elsewhere is found, with the reason; what is portable is left alone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot.errors import SqlglotError

from dbt_muster.portability.rules import RULES, Hit, Rule, hits
from dbt_muster.portability.rules.reading import Text
from dbt_muster.portability.rules.reserved import RESERVED
from dbt_muster.portability.rules.spellings import SPELLINGS
from dbt_muster.portability.statements import model_statements, renderer
from dbt_muster.render import DIALECTS
from dbt_muster.specs import load
from tests.unit.portability.unportable import PORTABLE, UNPORTABLE

ROOT = Path(__file__).parents[3]


def read(sql: str, dialect: str) -> Text:
    return Text.of(sql, sqlglot.parse_one(sql, dialect=dialect), dialect)


def found(sql: str, dialect: str) -> list[Hit]:
    return list(hits(read(sql, dialect)))


def complaint(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """What DuckDB has against a query; nothing where it runs."""
    try:
        connection.execute(sql)
    except duckdb.Error as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("sql", "dialect", "code", "part"), UNPORTABLE)
def test_an_unportable_fragment_is_found_with_its_reason(
    sql: str, dialect: str, code: str, part: str
) -> None:
    of_code = [each for each in found(sql, dialect) if each.code == code]
    assert part in " ".join(each.message for each in of_code)
    for each in of_code:
        assert each.instead
        assert each.fragment
        assert each.line == 1
        assert 1 <= each.column <= len(sql)


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


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whatever_a_dialect_reads_is_judged_and_every_finding_stands_in_the_text(dialect: str) -> None:
    for sql, *_ in [*UNPORTABLE, *PORTABLE]:
        try:
            text = read(sql, dialect)
        except SqlglotError:
            continue
        for each in hits(text):
            assert each.line == 1
            assert 1 <= each.column <= len(sql)
            assert each.message
            assert each.fragment


def test_every_rule_has_a_fragment_that_it_finds() -> None:
    codes = {code for _, _, code, _ in UNPORTABLE}
    assert codes == {rule.code for rule in RULES}
    for rule in RULES:
        texts = [read(sql, dialect) for sql, dialect, code, _ in UNPORTABLE if code == rule.code]
        assert any(list(rule.hits(text, DIALECTS)) for text in texts), rule.title


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.title)
def test_a_rule_says_one_thing_of_each_warehouse(rule: Rule) -> None:
    names = [name for _, names in rule.meanings for name in names]
    assert len(names) == len(set(names))
    assert set(names) <= set(DIALECTS)
    assert rule.title
    assert rule.instead


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if len(rule.meanings) > 1], ids=lambda rule: rule.title
)
def test_what_warehouses_agree_on_is_no_finding_among_them(rule: Rule) -> None:
    for sql, dialect, code, _ in UNPORTABLE:
        if code == rule.code:
            text = read(sql, dialect)
            for _, alike in rule.meanings:
                assert list(rule.hits(text, alike)) == []
            every = list(rule.hits(text, DIALECTS))
            assert len(every) == len(list(rule.hits(text, [names[0] for _, names in rule.meanings])))


def test_only_the_warehouses_that_are_asked_about_are_named() -> None:
    (hit,) = [
        each
        for each in hits(read("select a / 2 from t", "duckdb"), dialects=["trino"])
        if each.code == "integer_division"
    ]
    assert hit.message == "of whole numbers this is one too, 7 / 2 is 3, on trino; 7 / 2 is 3.5 on duckdb"


def test_words_that_duckdb_reserves_are_the_ones_that_it_does_not_read_as_names() -> None:
    with duckdb.connect() as connection:
        for word, dialects in RESERVED.items():
            said = complaint(connection, f"select {word} from (select 1 as {word}) as t")
            assert bool(said) == ("duckdb" in dialects), word


def test_functions_that_duckdb_lacks_are_the_ones_that_it_does_not_know() -> None:
    with duckdb.connect() as connection:
        for name, (dialects, _) in SPELLINGS.items():
            said = complaint(connection, f"select {name}({'1 as int' if name == 'try_cast' else 1})")
            assert ("does not exist" in said) == ("duckdb" not in dialects.split()), name


def test_a_finding_stands_on_its_line() -> None:
    sql = "select\n  a,\n  -- what a customer spends\n  b / c\nfrom t\norder by d\nlimit 3"
    lines = {each.code: each.line for each in found(sql, "postgres")}
    assert lines == {"integer_division": 4, "division_by_zero": 4, "null_ordering": 6}


# The macros write each warehouse's own words; and what they order by is never missing.
BY_MACROS = {
    "bare_decimal": ("postgres", "bigquery"),
    "cast_operator": ("snowflake",),
    "interval_number": ("bigquery",),
    "null_ordering": tuple(DIALECTS),
    "regex_match": ("spark", "databricks", "trino"),
    "regex_operator": ("postgres", "redshift"),
    "spelling": tuple(DIALECTS),
    "text_length": ("redshift",),
    "time_zone": ("duckdb", "postgres", "trino"),
    "zoneless_time": ("postgres", "spark", "databricks", "redshift", "trino"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_starter_librarys_own_models_give_no_finding(dialect: str) -> None:
    renders = renderer(dialect)
    statements = list(model_statements(load(ROOT)))
    assert len(statements) > 20
    for statement in statements:
        codes = {each.code for each in found(statement.sql(renders), dialect)}
        assert {code for code in codes if dialect not in BY_MACROS.get(code, ())} == set(), statement.name
        if "null_ordering" in codes:
            assert statement.name == "christmas_fans" or statement.name.startswith("muster_sequences__")
