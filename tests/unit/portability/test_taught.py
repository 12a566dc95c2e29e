"""What sqlglot has no words for on DuckDB is said in others, which mean what the warehouse documents."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot.errors import ErrorLevel, SqlglotError

from dbt_muster.portability.statements import renderer
from dbt_muster.portability.transpiling import moved

SHA = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
TAUGHT = [
    ("snowflake", "select to_number('0000ff10', 'XXXXXXXX')", "65296"),
    ("snowflake", "select to_number(null, 'XXXXXXXX')", "None"),
    ("snowflake", "select cast(to_number('ffffffff', 'XXXXXXXX') as varchar)", "4294967295"),
    ("postgres", "select encode(sha256(convert_to('a', 'UTF8')), 'hex')", SHA),
    ("snowflake", "select '2026-01-30 12:00:00 +00:00'::timestamp_tz::timestamp_ntz", "2026-01-30 12:00:00"),
]


def answer(sql: str) -> str:
    renders = renderer("duckdb")
    with duckdb.connect() as connection:
        connection.execute(renders.call("muster_testing_session"))
        connection.execute(renders.call("muster_testing_functions"))
        row = connection.execute(sql).fetchone()
    return str(row[0]) if row else "None"


@pytest.mark.parametrize(("dialect", "sql", "value"), TAUGHT)
def test_it_means_the_same_in_other_words(dialect: str, sql: str, value: str) -> None:
    found = moved(sqlglot.parse_one(sql, dialect=dialect))
    assert found.refusal is None
    assert answer(found.sql) == value


@pytest.mark.parametrize(("dialect", "sql", "value"), TAUGHT)
def test_sqlglot_has_no_words_for_it_yet(dialect: str, sql: str, value: str) -> None:
    tree = sqlglot.parse_one(sql, dialect=dialect)
    try:
        plain = answer(tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE))
    except (SqlglotError, duckdb.Error):
        return
    assert plain != value, f"sqlglot writes {sql} for DuckDB now: take the entry out"


def test_a_text_that_looks_like_an_instant_stays_a_text() -> None:
    tree = sqlglot.parse_one("select '2026-01-30 12:00:00 +00:00'", dialect="snowflake")
    assert answer(moved(tree).sql) == "2026-01-30 12:00:00 +00:00"


@pytest.mark.parametrize("form", ["'999'", "'XX.XX'", "a"])
def test_a_number_in_another_form_is_still_refused(form: str) -> None:
    tree = sqlglot.parse_one(f"select to_number(b, {form}) from t", dialect="snowflake")
    assert moved(tree).refusal is not None
